import { keepOpen, type Opened } from '../reopen.ts';
import { bytesPerSample, samplesPerSecond } from '../sound/format.ts';
import type { Microphone } from './contract.ts';
import { type Frame, frameBytes, framesOf, framesPerSecond, type Levels, levelsOf } from './levels.ts';

/**
 * Begins to record: calls `heard` with bytes as they come, however they are cut, and `lost` where some are missing, with at least how many
 * milliseconds they are, or null. Rejects with an Error of one line.
 */
export type Recorder = (heard: (bytes: Buffer) => void, lost: (atLeastMs: number | null) => void) => Promise<Opened>;

/** How long is waited, in milliseconds. */
export interface Patience {
  /** A recorder that gives nothing for so long has stalled. */
  readonly stallMs: number;
  /** Until it is begun anew for the first time. */
  readonly firstWaitMs: number;
}

/** A microphone that had failed works again with so much sound: the first moment of it proves little. Seconds. */
const proofSeconds = 0.5;
/** Sound never comes faster than time passes, but for clocks that differ and what a recorder had kept. */
const tooFast = 1.2;
const keptSeconds = 0.5;

const usual: Patience = { stallMs: 5_000, firstWaitMs: 1_000 };

/**
 * A microphone out of any recorder that may be missing, end, or fall silent: it is begun anew for ever, soon after it was lost
 * and then less often. It has opened with its first sound.
 * arecord on a device that cannot do 16 kHz records at another rate without a word: sound that comes too fast is a failure.
 */
export function createMicrophone(channels: number, record: Recorder, patience = usual): Microphone {
  const listeners: ((audio: Buffer) => void)[] = [];
  const gapListeners: ((atLeastMs: number | null) => void)[] = [];
  let [closed, heard, failed] = [false, false, false];
  let stop: () => void = () => {};
  const meter = createMeter(channels);

  function take(audio: Buffer): void {
    if (closed || audio.length === 0) return;
    meter.hear(audio);
    for (const listener of listeners) listener(audio);
  }

  function miss(atLeastMs: number | null): void {
    if (closed) return;
    for (const listener of gapListeners) listener(atLeastMs);
  }

  async function open(): Promise<Opened> {
    const whole = wholeUnits(bytesPerSample * channels);
    const watch = createWatch(bytesPerSample * channels * samplesPerSecond, patience.stallMs);
    let tell: () => void = () => {};
    const begun = new Promise<null>((resolve) => {
      tell = () => resolve(null);
    });
    const recorder = await record((bytes) => {
      const seconds = watch.fed(bytes.length);
      if (seconds === null) return;
      if (!failed || seconds >= proofSeconds) tell();
      heard = true;
      take(whole(bytes));
    }, miss).catch((error: unknown) => {
      watch.close();
      throw error;
    });
    const close = () => {
      watch.close();
      recorder.close();
      meter.clear();
    };
    stop = close;
    if (closed) close();
    const ended = Promise.race([recorder.ended, watch.failed]);
    const cause = await Promise.race([begun, ended]);
    if (cause === null) return { ended, close };
    close();
    throw new Error(cause);
  }

  const line = keepOpen(open, patience.firstWaitMs);
  line.onFailure(() => {
    failed = true;
  });
  line.onRestored(() => {
    failed = false;
  });
  return {
    channels,
    state() {
      if (closed) return 'off';
      if (failed) return 'failed';
      return heard ? 'recording' : 'opening';
    },
    levels: meter.levels,
    onAudio: (listener) => void listeners.push(listener),
    onGap: (listener) => void gapListeners.push(listener),
    onFailure: line.onFailure,
    onRestored: line.onRestored,
    close() {
      closed = true;
      line.close();
      // Also one that has not opened yet.
      stop();
    },
  };
}

/** Lets through whole units of so many bytes, and keeps what is left for the next. */
function wholeUnits(unit: number): (bytes: Buffer) => Buffer {
  let rest = Buffer.alloc(0);
  return (bytes) => {
    const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const end = all.length - (all.length % unit);
    rest = Buffer.from(all.subarray(end));
    return all.subarray(0, end);
  };
}

/** Watches the pace of sound: `fed` tells how many seconds of it have come, or null when it is none at that pace. */
function createWatch(bytesPerSecond: number, stallMs: number) {
  const begun = performance.now();
  let bytes = 0;
  let tell: (cause: string) => void = () => {};
  const failed = new Promise<string>((resolve) => {
    tell = resolve;
  });
  const timer = setTimeout(() => {
    const before = bytes;
    // Where this program stood still itself, the sound lies here and has not been read: it comes first.
    setImmediate(() => {
      if (bytes === before) tell(stalls(stallMs));
    });
  }, stallMs);
  return {
    failed,
    fed(length: number): number | null {
      timer.refresh();
      bytes += length;
      const seconds = bytes / bytesPerSecond;
      if (seconds <= (tooFast * (performance.now() - begun)) / 1000 + keptSeconds) return seconds;
      tell('the microphone does not record at 16 kHz: write plughw: for hw: in MANYI_MICROPHONE_DEVICE');
      return null;
    },
    close: () => clearTimeout(timer),
  };
}

function stalls(ms: number): string {
  return `the microphone gives no sound for ${ms / 1000} s: plug it in anew, and see MANYI_MICROPHONE_DEVICE`;
}

/** Measures sound second by second. */
function createMeter(channels: number) {
  const whole = wholeUnits(frameBytes(channels));
  let frames: Frame[] = [];
  let levels: Levels | null = null;
  return {
    hear(audio: Buffer): void {
      frames.push(...framesOf(whole(audio), channels));
      while (frames.length >= framesPerSecond) levels = levelsOf(frames.splice(0, framesPerSecond));
    },
    levels: () => levels,
    clear(): void {
      frames = [];
      levels = null;
    },
  };
}
