import { execFileSync } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Coder, CoderError, startCoder } from '@manyi/agent/recording/coder';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';
import { samplesIn, speech } from './booth.ts';

async function start(patienceMs?: number): Promise<{ coder: Coder; path: string }> {
  const path = join(temporaryFolder(), 'clip.opus');
  const file = await open(path, 'w');
  onTestFinished(() => file.close());
  return { coder: startCoder(1, file.fd, patienceMs), path };
}

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
