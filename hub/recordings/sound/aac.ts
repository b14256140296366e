import { existsSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ffmpeg, limitOf, longestMs, NoUse } from './ffmpeg.ts';

/** Makes clips into AAC in an MP4 file, for browsers that cannot play Ogg Opus. */
export interface AacMaker {
  /** The whole file; those asked for lately are still there. Throws what `ffmpeg` throws. */
  of(
    clip: { readonly recording: string; readonly durationMs: number },
    source: () => AsyncIterable<Buffer>,
  ): Promise<Buffer>;
  forget(recording: string): void;
}

/** What is made lies in memory: a clip that only claims to be short shall not fill it. */
const marginMs = 1_000;

/** How much is remembered, in bytes, so that a browser may ask for one piece after another. */
const keptBytes = 64 * 1024 * 1024;

export function createAacMaker(): AacMaker {
  const made = new Map<string, Promise<Buffer>>();
  /** The bytes of those that are done, oldest first. */
  const done = new Map<string, number>();
  let last: Promise<unknown> = Promise.resolve();

  function forget(recording: string): void {
    made.delete(recording);
    done.delete(recording);
  }

  function remember(recording: string, work: Promise<Buffer>): void {
    made.set(recording, work);
    const isKnown = () => made.get(recording) === work;
    const keep = ({ length }: Buffer) => {
      if (!isKnown()) return;
      done.set(recording, length);
      forgetOldest();
    };
    void work.then(keep, () => isKnown() && forget(recording));
  }

  function forgetOldest(): void {
    let total = [...done.values()].reduce((sum, bytes) => sum + bytes, 0);
    for (const [recording, bytes] of [...done].slice(0, -1)) {
      if (total <= keptBytes) return;
      forget(recording);
      total -= bytes;
    }
  }

  return {
    forget,
    of({ recording, durationMs }, source) {
      const known = made.get(recording);
      if (known !== undefined) return known;
      // One after another: each takes a whole core for a moment.
      const work = last.then(() => toAac(source(), durationMs));
      last = work.catch(() => null);
      remember(recording, work);
      return work;
    },
  };
}

const memory = '/dev/shm';

/**
 * An MP4 file can only be written where one can go back in it. It has no name and lies in memory where the system offers that, so that
 * nothing readable stays on a disk.
 */
async function toAac(source: AsyncIterable<Buffer>, durationMs: number): Promise<Buffer> {
  if (durationMs > longestMs) throw new NoUse('it is longer than five hours');
  const folder = await mkdtemp(join(existsSync(memory) ? memory : tmpdir(), 'manyi-aac-'));
  const path = join(folder, 'clip');
  const file = await open(path, 'wx+', 0o600).finally(() => rm(folder, { recursive: true, force: true }));
  try {
    const length = ['-t', String((durationMs + marginMs) / 1000)];
    const args = [
      '-vn',
      ...length,
      '-c:a',
      'aac',
      '-b:a',
      '48k',
      '-movflags',
      '+faststart',
      '-f',
      'mp4',
      '-y',
      '/proc/self/fd/3',
    ];
    await ffmpeg({ source, args, file: file.fd, limitMs: limitOf(durationMs) });
    const { size } = await file.stat();
    const bytes = Buffer.alloc(size);
    await file.read(bytes, 0, size, 0);
    return bytes;
  } finally {
    await file.close();
  }
}
