import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { burst, press, type Steps } from '../../firmware/bounce.ts';
import { makeFolder, removeFolder } from '../../support/folder.ts';
import { compileContacts } from './board.ts';

const folder = makeFolder();
let contacts: { readonly program: string; readonly hex: string };
beforeAll(() => {
  contacts = compileContacts(folder);
});
afterAll(() => removeFolder(folder));

/** The presses that the panel tells of each trace, after which its contact rests. */
async function pressesOf(traces: readonly Steps[]): Promise<number[]> {
  const chip = spawn(contacts.program, [contacts.hex], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(chip, 'close');
  chip.stdin.end(Buffer.from(Uint16Array.from(traces.flatMap((steps) => [...steps, 0])).buffer));
  const told = await text(chip.stdout);
  expect(await ended).toEqual([0, null]);
  return told.trim().split('\n').map(Number);
}

/** The first few traces of which another number is told. */
async function wronglyTold(traces: readonly Steps[], presses: number): Promise<Steps[]> {
  const told = await pressesOf(traces);
  expect(told).toHaveLength(traces.length);
  return traces.filter((_, n) => told[n] !== presses).slice(0, 5);
}

describe('the compiled panel program, in simavr,', () => {
  it('misses none of 10,000 presses of 15 ms or more, whatever their bounce, and counts none twice', async () => {
    expect(await wronglyTold(fc.sample(press, 10_000), 1)).toEqual([]);
  });

  it('takes none of 100,000 bursts of interference for a press', { timeout: 300_000 }, async () => {
    expect(await wronglyTold(fc.sample(burst, 100_000), 0)).toEqual([]);
  });
});
