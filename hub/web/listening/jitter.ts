/** Sound as it comes from a counter: one array of samples for each channel, −1 … 1. */
export interface Piece {
  readonly channels: readonly Float32Array[];
  /** When its first sample was heard: epoch milliseconds. */
  readonly heardAt: number;
}

/**
 * Evens out the way of live sound: it plays once a little has gathered, and begins to gather anew when it has run dry. What has become
 * too old is dropped, so that whoever listens stays with what happens now.
 */
export interface JitterBuffer {
  push(piece: Piece): void;
  /** Fills the outputs, with silence where there is nothing; a single channel is heard on all of them. */
  pull(outputs: readonly Float32Array[]): void;
  /** When what plays next was heard; null while nothing plays. */
  heardAt(): number | null;
  bufferedMs(): number;
}

/** A frame is an eighth of a second: with a fifth gathered, the next may be a tenth late. Whoever runs dry gathers a little more from then on. */
const firstGatherMs = 200;
const moreMs = 50;
const mostGatherMs = 350;
/** So much beyond what is gathered, and the oldest is dropped. */
const mostBeyondMs = 300;

export function createJitterBuffer(samplesPerSecond: number): JitterBuffer {
  const perMs = samplesPerSecond / 1000;
  const pieces: Piece[] = [];
  /** How far the first piece has been played, and how much there is beyond that. Samples. */
  let played = 0;
  let buffered = 0;
  let playing = false;
  let gatherMs = firstGatherMs;

  function skip(count: number): void {
    played += count;
    buffered -= count;
    for (let first = pieces[0]; first !== undefined && played >= lengthOf(first); first = pieces[0]) {
      played -= lengthOf(first);
      pieces.shift();
    }
  }

  function copy(outputs: readonly Float32Array[], from: number): number {
    const [piece] = pieces;
    const [first] = outputs;
    if (piece === undefined || first === undefined) return 0;
    const count = Math.min(lengthOf(piece) - played, first.length - from);
    outputs.forEach((output, index) => {
      const channel = piece.channels[index] ?? piece.channels[0];
      if (channel !== undefined) output.set(channel.subarray(played, played + count), from);
    });
    return count;
  }

  return {
    push(piece) {
      pieces.push(piece);
      buffered += lengthOf(piece);
      if (buffered > (gatherMs + mostBeyondMs) * perMs) skip(buffered - Math.round(gatherMs * perMs));
    },
    pull(outputs) {
      playing ||= buffered >= gatherMs * perMs;
      const length = outputs[0]?.length ?? 0;
      let filled = 0;
      while (playing && filled < length) {
        const count = copy(outputs, filled);
        skip(count);
        filled += count;
        playing = count > 0;
        if (!playing) gatherMs = Math.min(mostGatherMs, gatherMs + moreMs);
      }
      for (const output of outputs) output.fill(0, filled);
    },
    heardAt: () => (playing && pieces[0] !== undefined ? pieces[0].heardAt + played / perMs : null),
    bufferedMs: () => buffered / perMs,
  };
}

function lengthOf({ channels }: Piece): number {
  return channels[0]?.length ?? 0;
}
