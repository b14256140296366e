import type { Message } from './message.ts';

/** What waits for its transaction. Each terminal has a lane of its own, and batches take from all of them in turn. */
export interface Queue {
  readonly waiting: number;
  push(message: Message): void;
  /** The next messages, at most `limit`: in order within a terminal, evenly between terminals. */
  take(limit: number): Message[];
  /** Resolves when the terminal may send again; null when it may at once. */
  room(terminal: string): Promise<void> | null;
  /** Forgets everything that waits; gives how many. */
  drop(): number;
}

interface Lane {
  messages: Message[];
  bytes: number;
}

const laneMessages = 2000;
const laneBytes = 4 * 1024 * 1024;
const allBytes = 64 * 1024 * 1024;
const batchBytes = 4 * 1024 * 1024;

export function fairQueue(): Queue {
  let lanes = new Map<string, Lane>();
  let waiting = 0;
  let bytes = 0;
  let held: { terminal: string; go: () => void }[] = [];

  const isFull = (terminal: string) => {
    const lane = lanes.get(terminal);
    return bytes > allBytes || (lane !== undefined && (lane.messages.length > laneMessages || lane.bytes > laneBytes));
  };
  const release = () => {
    if (held.length === 0) return;
    const still = held.filter(({ terminal }) => isFull(terminal));
    const free = held.filter(({ terminal }) => !isFull(terminal));
    held = still;
    for (const { go } of free) go();
  };
  const takeFrom = (terminal: string, lane: Lane, most: number): Message[] => {
    const taken = lane.messages.splice(0, most);
    const size = taken.reduce((sum, message) => sum + message.payload.length, 0);
    lane.bytes -= size;
    bytes -= size;
    waiting -= taken.length;
    // Whoever still has something waiting goes to the end of the line.
    lanes.delete(terminal);
    if (lane.messages.length > 0) lanes.set(terminal, lane);
    return taken;
  };

  return {
    get waiting() {
      return waiting;
    },
    push(message) {
      const lane = lanes.get(message.terminal) ?? { messages: [], bytes: 0 };
      lanes.set(message.terminal, lane);
      lane.messages.push(message);
      lane.bytes += message.payload.length;
      bytes += message.payload.length;
      waiting += 1;
    },
    take(limit) {
      const batch: Message[] = [];
      let size = 0;
      while (batch.length < limit && lanes.size > 0 && size < batchBytes) {
        const share = Math.max(1, Math.floor((limit - batch.length) / lanes.size));
        for (const [terminal, lane] of [...lanes]) {
          if (batch.length >= limit || size >= batchBytes) break;
          const before = bytes;
          batch.push(...takeFrom(terminal, lane, Math.min(share, limit - batch.length)));
          size += before - bytes;
        }
      }
      release();
      return batch;
    },
    room(terminal) {
      if (!isFull(terminal)) return null;
      return new Promise((go) => held.push({ terminal, go }));
    },
    drop() {
      const dropped = waiting;
      lanes = new Map();
      waiting = 0;
      bytes = 0;
      release();
      return dropped;
    },
  };
}
