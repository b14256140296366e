import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts } from '@manyi/agent/recording/clips/facts';
import { createKeeper, type Keeper, type KeeperParts } from '@manyi/agent/recording/clips/keeper';
import { openShelf } from '@manyi/agent/recording/clips/shelf';
import { initialState } from '@manyi/agent/service/state';
import { readCause } from '@manyi/config/causes';
import { v7 } from 'uuid';
import { expect, test } from 'vitest';
import { eventually } from '../../support/api.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { clipsIn, folderOf, openBooth, soundFile, told } from './booth.ts';

/** A clip that waits for the hub, of so many megabytes. */
function lay(folder: string, megabytes: number, known: Partial<Facts>): string {
  const recording = v7();
  const clip: Facts = {
    shape: 1,
    recording,
    state: 'announced',
    ...{ service: v7(), duty: null, clerk: null, counter: 'counter-1', startedAt: Date.now(), durationMs: 1_000 },
    ...{ pressedAtMs: null, bytes: megabytes * 1e6, sha256: '0'.repeat(64), speechShare: null, peak: null },
    ...{ clippedShare: null, repaired: false, keep: 'all', rated: null, closes: 0, uploadUrl: null, why: null },
    home: null,
    ...known,
  };
  mkdirSync(folderOf(folder), { recursive: true });
  writeFileSync(join(folderOf(folder), `${recording}.json`), JSON.stringify(clip));
  writeFileSync(soundFile(folder, clip), Buffer.alloc(megabytes * 1e6));
  return recording;
}

/** What sees to the clips of a folder, with ten megabytes for them on a large disk. */
async function openKeeper(folder: string, parts: Partial<KeeperParts>): Promise<Keeper> {
  return createKeeper({
    shelf: await openShelf(join(folder, 'terminal'), () => {}),
    state: initialState,
    budgetBytes: 10e6,
    home: () => null,
    held: () => [],
    onCrowded: () => {},
    freeBytes: () => Number.POSITIVE_INFINITY,
    now: Date.now,
    writeInstant: (at) => new Date(at).toISOString(),
    record: async () => {},
    onFailed: (error) => {
      throw error;
    },
    onLook: () => {},
    ...parts,
  });
}

test('beyond the budget the best-rated clip goes first, and that is told', async () => {
  const folder = temporaryFolder();
  const [bad, unrated, good] = [
    lay(folder, 6, { rated: 'bad', startedAt: 1 }),
    lay(folder, 6, { rated: null, startedAt: 2 }),
    lay(folder, 3, { rated: 'good', startedAt: 3 }),
  ];
  const booth = await openBooth({ folder, settings: { MANYI_RECORDING_MEGABYTES: '10' } });
  await booth.until((clips) => clips.length === 1);
  await booth.terminal.close();
  expect(clipsIn(folder).map(({ recording }) => recording)).toEqual([bad]);
  expect(told(folder, 'recording.lost').map(({ data }) => [data['recording'], data['why']])).toEqual([
    [good, 'no-room'],
    [unrated, 'no-room'],
  ]);
  const [{ data } = { data: {} }] = told(folder, 'recording.lost');
  expect(data).toMatchObject({ startedAt: '1970-01-01T08:00:00.003+08:00', durationMs: 1_000, counter: 'counter-1' });
});

test('a clip that the hub holds stays, whatever it was rated, and others go in its place', async () => {
  const folder = temporaryFolder();
  const held = lay(folder, 6, { rated: 'good', startedAt: 1 });
  const bad = lay(folder, 6, { rated: 'bad', startedAt: 2 });
  const booth = await openBooth({ folder, held: [held], settings: { MANYI_RECORDING_MEGABYTES: '10' } });
  await booth.until((clips) => clips.length === 1);
  await booth.terminal.close();
  expect(clipsIn(folder).map(({ recording }) => recording)).toEqual([held]);
  expect(told(folder, 'recording.lost').map(({ data }) => data['recording'])).toEqual([bad]);
  // Who looks for why the other is gone is told of the hold.
  expect(recordingPart(folder)).toEqual(['failed: held-crowd 1']);
});

test('held clips that take the room of others are no trouble any more when they are let go', async () => {
  const folder = temporaryFolder();
  const first = lay(folder, 6, { rated: 'good', startedAt: 1 });
  const second = lay(folder, 3, { rated: 'good', startedAt: 2 });
  const bad = lay(folder, 2, { rated: 'bad', startedAt: 3 });
  let held = [first, second];
  const crowds: (number | null)[] = [];
  const keeper = await openKeeper(folder, { held: () => held, onCrowded: (count) => void crowds.push(count) });
  const looked = async (kept: string[]) => {
    keeper.look();
    await eventually(
      async () => String(keeper.announced().map(({ recording }) => recording)),
      (now) => now === String(kept),
    );
    return [...crowds];
  };
  expect(await looked([first, second])).toEqual([2]);
  await eventually(
    async () => existsSync(soundFile(folder, { recording: bad })),
    (isThere) => !isThere,
  );
  held = [first];
  await keeper.close();
  expect(crowds).toEqual([2, null]);
});

/** What was told of the recording part: its causes by their codes and numbers. */
function recordingPart(folder: string): string[] {
  return told(folder, 'terminal.changed')
    .filter(({ data }) => data['part'] === 'recording')
    .map(({ data }) => {
      const cause = readCause(String(data['detail']));
      return cause === null ? String(data['state']) : `${data['state']}: ${cause.code} ${Object.values(cause.values)}`;
    });
}

test('a nearly full disk: clips make room for events, and no more is recorded until there is some', async () => {
  const folder = temporaryFolder();
  lay(folder, 1, { rated: 'good' });
  lay(folder, 1, { rated: 'bad' });
  let free = 100 * 1024 * 1024 - 1_500_000;
  const lost: unknown[] = [];
  const gone: string[] = [];
  const keeper = await openKeeper(folder, {
    freeBytes: () => free,
    record: async (type, data) => void lost.push([type, data['why']]),
  });
  keeper.onGone((recording) => gone.push(recording));
  await eventually(
    async () => keeper.isFull(),
    (isFull) => isFull,
  );
  expect(gone.length).toBe(2);
  expect(lost).toEqual([
    ['manyi.recording.lost.v1', 'no-room'],
    ['manyi.recording.lost.v1', 'no-room'],
  ]);
  expect(keeper.announced()).toEqual([]);
  free *= 2;
  keeper.look();
  await eventually(
    async () => keeper.isFull(),
    (isFull) => !isFull,
  );
  await keeper.close();
});

test('a clip that the hub refuses is told as lost once, whatever else is seen to meanwhile', async () => {
  const folder = temporaryFolder();
  const refused = lay(folder, 1, {});
  const told: string[] = [];
  const keeper = await openKeeper(folder, { record: async (type, { why }) => void told.push(`${type} ${why}`) });
  const refusing = keeper.refused(refused);
  keeper.look();
  await refusing;
  await keeper.close();
  expect(told).toEqual(['manyi.recording.lost.v1 refused']);
});

test.each<[string, Partial<Facts>]>([
  ['one that was lost is told', { state: 'lost', why: 'refused' }],
  ['another goes for want of room', { rated: 'good', startedAt: 1 }],
])('a clip that the hub has stored while %s is not told as lost itself', async (_what, known) => {
  const folder = temporaryFolder();
  const other = lay(folder, 6, known);
  const stored = lay(folder, 6, { rated: 'good', startedAt: 2 });
  const bad = lay(folder, 6, { rated: 'bad', startedAt: 3 });
  const told: unknown[] = [];
  let goOn = () => {};
  const keeper = await openKeeper(folder, {
    record(_type, data) {
      const isFirst = told.push(data['recording']) === 1;
      return new Promise((resolve) => {
        if (isFirst) goOn = resolve;
        else resolve();
      });
    },
  });
  await eventually(
    async () => told.length,
    (count) => count === 1,
  );
  const removed = keeper.uploaded(stored);
  goOn();
  await removed;
  await keeper.close();
  expect(told).toEqual([other]);
  expect(clipsIn(folder).map(({ recording }) => recording)).toEqual([bad]);
});

test('a look in which the disk did not take what is known of a clip is not well', async () => {
  const folder = temporaryFolder();
  const file = join(folderOf(folder), `${lay(folder, 1, { state: 'waiting' })}.json`);
  const looks: boolean[] = [];
  const keeper = await openKeeper(folder, {
    async record() {
      rmSync(file);
      mkdirSync(file);
    },
    onFailed: () => {},
    onLook: (well) => void looks.push(well),
  });
  await keeper.close();
  expect(looks).toEqual([false, false]);
});
