import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { temporaryFolder } from '../../support/folder.ts';
import { type GuestOptions, runInGuest } from './guest.ts';

const results = z.object({
  numTotalTests: z.int(),
  testResults: z.array(
    z.object({
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).optional() }),
      ),
    }),
  ),
});

const testFolder = new URL('../..', import.meta.url).pathname;
const vitest = relative(testFolder, dirname(createRequire(import.meta.url).resolve('vitest/package.json')));

/** Runs these files of tests inside a guest, and expects all of them to pass. */
async function passInside(files: readonly string[], withinMs: number, options: GuestOptions): Promise<void> {
  const out = temporaryFolder();
  const command = `CI=1 node ${vitest}/vitest.mjs run --config hardware/guest/inside/vitest.config.ts ${files.join(' ')} \\
    --reporter=verbose --reporter=json --outputFile.json=/out/results.json --no-color > /out/told 2>&1`;
  const screen = await runInGuest(command, out, withinMs, options);
  const told = existsSync(join(out, 'told')) ? readFileSync(join(out, 'told'), 'utf8') : '';
  console.log(told);
  if (!existsSync(join(out, 'results.json'))) throw new Error(`the guest did not finish:\n${screen}`);
  const { numTotalTests, testResults } = results.parse(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')));
  const failed = testResults.flatMap((file) => file.assertionResults).filter(({ status }) => status !== 'passed');
  expect(failed.map(({ fullName, failureMessages }) => [fullName, failureMessages])).toEqual([]);
  expect(testResults.map(({ message }) => message ?? '').join('')).toBe('');
  expect(testResults).toHaveLength(files.length);
  expect(numTotalTests).toBeGreaterThanOrEqual(2);
}

it('keys on the header and badge readers work on a real kernel', { timeout: 900_000 }, () =>
  passInside(['header', 'badge'], 600_000, {}),
);

it('keys on the header keep their figures on a real kernel', { timeout: 1_600_000 }, () =>
  passInside(['figures'], 1_500_000, { counted: true }),
);
