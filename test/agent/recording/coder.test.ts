import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { beginClip } from '@manyi/agent/recording/capture/clip-writer';
import { type Coder, CoderError, startCoder, tryCoder } from '@manyi/agent/recording/capture/coder';
import type { Facts } from '@manyi/agent/recording/clips/facts';
import { openShelf } from '@manyi/agent/recording/clips/shelf';
import { v7 } from 'uuid';
import { expect, onTestFinished, test, vi } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';
import { samplesIn, speech } from './booth.ts';

async function start(patienceMs?: number): Promise<{ coder: Coder; path: string }> {
  const path = join(temporaryFolder(), 'clip.opus');
  const file = await open(path, 'w');
  onTestFinished(() => file.close());
  return { coder: startCoder(1, file.fd, patienceMs), path };
}

test('a machine that can start no program: one line says so, and nothing is left of the clip', async () => {
  const folder = temporaryFolder();
  const shelf = await openShelf(folder, () => {});
  const known: Facts = {
    ...{ shape: 1, recording: v7(), state: 'recording', service: null, duty: null, clerk: null, counter: null },
    ...{ startedAt: 1, durationMs: 0, pressedAtMs: null, bytes: 0, sha256: '', speechShare: null, peak: null },
    ...{ clippedShare: null, repaired: false, keep: 'all', rated: null, closes: null, uploadUrl: null, why: null },
    home: null,
  };
  const begin = () => beginClip({ shelf, channels: 1, cutOff: () => {}, recorded: () => {} }, known);
  // No program can be given so much.
  vi.stubEnv('MANYI_TEST_MUCH', 'much'.repeat(100_000));
  const [failed, tried] = [await begin().catch((error: unknown) => error), await tryCoder()];
  vi.unstubAllEnvs();
  expect(failed).toBeInstanceOf(CoderError);
  expect([String(failed), tried]).toEqual([
    expect.stringMatching('opusenc cannot be run: spawn E2BIG'),
    expect.stringMatching('opusenc cannot be run: spawn E2BIG'),
  ]);
  expect([shelf.all(), readdirSync(shelf.folder)]).toEqual([[], []]);
  const making = await begin();
  await making.breakOff();
});

const children = () => execFileSync('pgrep', ['-P', String(process.pid), '-x', 'opusenc'], { encoding: 'utf8' });

test('codes every sample that it is given, however fast', async () => {
  const { coder, path } = await start();
  for (let at = 0; at < speech.length; at += 50_000) await coder.code(speech.subarray(at, at + 50_000));
  await coder.finish();
  expect(samplesIn(path)).toBe(speech.length / 2);
});

test('a coder that hangs is told, in the middle and at the end', async () => {
  for (const act of [
    async (coder: Coder) => {
      for (;;) await coder.code(speech.subarray(0, 100_000));
    },
    (coder: Coder) => coder.finish(),
  ]) {
    const { coder } = await start(200);
    process.kill(Number(children()), 'SIGSTOP');
    const failed = await act(coder).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(CoderError);
    expect(String(failed)).toMatch(/takes no sound any more/);
    await coder.kill();
  }
});

test('a coder that was killed takes nothing and finishes nothing', async () => {
  const { coder } = await start();
  await coder.kill();
  for (const act of [() => coder.code(speech.subarray(0, 100)), coder.finish]) {
    await expect(act()).rejects.toThrow(/^opusenc ended with SIGKILL: /);
  }
});
