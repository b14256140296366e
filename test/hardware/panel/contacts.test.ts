import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { burst, press, type Steps } from '../../firmware/bounce.ts';
import { hesitantPresses, recordedPresses } from '../../firmware/recorded-bounce.ts';
import { makeFolder, removeFolder } from '../../support/folder.ts';
import { compileContacts, compileKeysHere } from './board.ts';

const folder = makeFolder();
let players: Record<'host' | 'chip', readonly [program: string, ...args: string[]]>;
beforeAll(() => {
  players = { host: [compileKeysHere(folder)], chip: compileContacts(folder) };
});
afterAll(() => removeFolder(folder));

/** The first few traces, each followed by a rest, of which the player does not tell so many presses. */
async function wronglyTold(player: keyof typeof players, traces: readonly Steps[], presses: number): Promise<Steps[]> {
  const [program, ...args] = players[player];
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  child.stdin.end(Buffer.from(Uint16Array.from(traces.flatMap((steps) => [...steps, 0])).buffer));
  const told = (await text(child.stdout)).trim().split('\n').map(Number);
  expect(await ended).toEqual([0, null]);
  expect(told).toHaveLength(traces.length);
  return traces.filter((_, n) => told[n] !== presses).slice(0, 5);
}

describe.each([
  ["the panel's keys, compiled for this machine,", 'host', 10_000, 100_000],
  ['the compiled panel program, in simavr,', 'chip', 100, 3_000],
] as const)('%s', (_, player, presses, bursts) => {
  it(`miss none of ${presses} presses of 15 ms or more, whatever their bounce, and count none twice`, async () => {
    expect(await wronglyTold(player, fc.sample(press, presses), 1)).toEqual([]);
  });

  it('tell each press of a real button once, as it was recorded, and one whose contact opened for long as two', async () => {
    expect(await wronglyTold(player, recordedPresses, 1)).toEqual([]);
    expect(await wronglyTold(player, hesitantPresses, 2)).toEqual([]);
  });

  it(`take none of ${bursts} bursts of interference for a press`, async () => {
    expect(await wronglyTold(player, fc.sample(burst, bursts), 0)).toEqual([]);
  });
});
