import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clips } from '@manyi/agent/recording/clips/clips';
import { createKeeper } from '@manyi/agent/recording/clips/keeper';
import { openShelf } from '@manyi/agent/recording/clips/shelf';
import { initialState } from '@manyi/agent/service/state';
import { onTestFinished } from 'vitest';
import type { Clip } from '../../hub/recordings/clips.ts';
import type { Teller } from '../../hub/recordings/studio.ts';
import { temporaryFolder } from '../../support/folder.ts';

type How = 'uploaded' | 'refused' | 'gone';

/** The clips of a terminal, as they are when they have been recorded: its own keeper tells the hub of them. */
export interface KeptClips extends Clips {
  /**
   * Puts a finished clip there. `bytes` other than its own are what somebody has made of it, null what lies there already; `length` is what
   * the hub is told.
   */
  put(clip: Clip, bytes?: Buffer | null, length?: number): Promise<void>;
  fileOf(clip: Clip): string;
  /** What stands on the disk of it. */
  factsOf(clip: Clip): { readonly uploadUrl: string | null };
  /** Resolves when the clip is not kept any more. */
  end(clip: Clip): Promise<How>;
  /** All ends so far, in order. */
  readonly ends: { readonly recording: string; readonly how: How }[];
}

export interface KeptOptions {
  readonly budgetBytes?: number;
  /** So many of the first events the hub forgets, as one that was put back from a backup. */
  readonly forgotten?: number;
  /** Resolves when events may go to the hub. */
  readonly line?: Promise<void>;
}

export async function openKeptClips(terminal: Teller, options: KeptOptions = {}): Promise<KeptClips> {
  const shelf = await openShelf(temporaryFolder(), (what) => {
    throw new Error(what);
  });
  const ends: KeptClips['ends'] = [];
  let wake = () => {};
  let forgotten = options.forgotten ?? 0;
  const ended = (recording: string, how: How) => {
    if (ends.some((one) => one.recording === recording)) return;
    ends.push({ recording, how });
    wake();
  };
  const keeper = createKeeper({
    shelf,
    state: initialState,
    home: () => null,
    held: () => [],
    onCrowded: () => {},
    freeBytes: () => Number.POSITIVE_INFINITY,
    budgetBytes: options.budgetBytes ?? 1e12,
    now: Date.now,
    writeInstant: (at) => new Date(at).toISOString(),
    async record(type, data, at) {
      forgotten -= 1;
      if (forgotten >= 0) return;
      const sent = Promise.resolve(options.line).then(() =>
        terminal.publish(type, { startedAt: new Date(at).toISOString(), ...data }),
      );
      if (options.line === undefined) await sent;
    },
    onFailed: (error) => ends.push({ recording: String(error), how: 'gone' }),
    onLook: () => {},
  });
  onTestFinished(() => keeper.close());
  keeper.onGone((recording) => ended(recording, 'gone'));
  const fileOf = ({ recording }: Clip) => join(shelf.folder, `${recording}.opus`);
  let born = Date.now();
  return {
    ...keeper,
    async uploaded(recording) {
      await keeper.uploaded(recording);
      ended(recording, 'uploaded');
    },
    async refused(recording) {
      ended(recording, 'refused');
      await keeper.refused(recording);
    },
    ends,
    fileOf,
    factsOf: ({ recording }) => JSON.parse(readFileSync(join(shelf.folder, `${recording}.json`), 'utf8')),
    async put(clip, bytes: Buffer | null = clip.bytes, length = clip.bytes.length) {
      if (bytes !== null) writeFileSync(fileOf(clip), bytes);
      born += 1;
      await shelf.add({
        shape: 1,
        ...{ recording: clip.recording, state: 'waiting', startedAt: born, durationMs: clip.durationMs },
        ...{ service: null, duty: null, clerk: 'C0017', counter: null, pressedAtMs: null },
        ...{ bytes: length, sha256: clip.sha256, speechShare: null, peak: null, clippedShare: null, repaired: false },
        ...{ keep: 'all', rated: null, closes: null, uploadUrl: null, why: null, home: null },
      });
      keeper.look();
    },
    async end({ recording }) {
      for (;;) {
        const found = ends.find((one) => one.recording === recording);
        if (found !== undefined) return found.how;
        await new Promise<void>((resolve) => {
          const before = wake;
          wake = () => {
            before();
            resolve();
          };
        });
      }
    },
  };
}
