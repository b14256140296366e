import { ERRORS, type Lock, type Locker } from '@tus/server';

const waitMs = 10_000;

/**
 * One request at a time for each clip, in the order they came; the one at work is asked to stop, because it may be of a connection that
 * is dead already. The package's own lock looks again at every turn of the event loop while it waits, which costs a whole core.
 */
export function createLocker(): Locker {
  const lines = new Map<string, Waiting[]>();
  return { newLock: (id) => createLock(id, lines) };
}

interface Waiting {
  readonly begin: () => void;
  readonly requestRelease: () => Promise<void> | void;
}

function createLock(id: string, lines: Map<string, Waiting[]>): Lock {
  let own: Waiting | null = null;

  const leave = () => {
    const line = lines.get(id) ?? [];
    const wasFirst = line[0] === own;
    const rest = line.filter((one) => one !== own);
    if (rest.length === 0) lines.delete(id);
    else lines.set(id, rest);
    if (wasFirst) rest[0]?.begin();
  };

  return {
    async lock(signal, requestRelease) {
      const line = lines.get(id) ?? [];
      lines.set(id, line);
      await new Promise<void>((resolve, reject) => {
        const giveUp = () => {
          clearTimeout(timer);
          leave();
          reject(ERRORS.ERR_LOCK_TIMEOUT);
        };
        const timer = setTimeout(giveUp, waitMs);
        const begin = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', giveUp);
          resolve();
        };
        signal.addEventListener('abort', giveUp, { once: true });
        own = { begin, requestRelease };
        line.push(own);
        if (line[0] === own) begin();
        else void line[0]?.requestRelease();
      });
    },
    unlock: async () => leave(),
  };
}
