import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { profiles } from '@manyi/config/profiles';
import type { AgentSettings } from '@manyi/config/settings';
import { closeHardware, openHardware } from '@manyi/firmware/terminal';
import { openIdentity } from '../identity.ts';
import { rulesOf } from '../place.ts';
import { testBadge } from './badge.ts';
import { createConsole, type Screen } from './console.ts';
import { type Ground, watchFailures } from './ground.ts';
import { testKeys, testLamps } from './panel.ts';
import { testMicrophone, testSpeaker } from './sound.ts';
import { type Result, table } from './table.ts';
import { type Language, type Say, sayIn } from './words.ts';

export interface SelfTest {
  readonly settings: AgentSettings;
  readonly language: Language;
  readonly input: Readable;
  readonly output: Screen;
}

/** How long a hand, a badge or an answer is awaited. Milliseconds. */
const patienceMs = 30_000;

/**
 * Walks a technician through everything that this terminal has, and prints a table. Answers whether all that was tried works: what the technician skips is no failure. Throws an
 * Error of one line when the hardware is in the hands of an agent that runs, or a setting is missing.
 */
export async function selfTest({ settings, language, input, output }: SelfTest): Promise<boolean> {
  const say = sayIn(language);
  if (await isTaken(settings.MANYI_SCREEN_PORT)) throw new Error(say('running', settings.MANYI_SCREEN_PORT));
  const console = createConsole(input, output);
  const identity = await openIdentity(join(settings.MANYI_DATA, 'terminal'), console.say);
  const { levels } = profiles[rulesOf(settings, identity.data).profile];
  const names = levels.map(({ name }) => name);
  const hardware = openHardware(settings, names, () => performance.now());
  const ground = { settings, levels, hardware, console, say, patienceMs, failure: watchFailures(hardware) };
  console.say(`${say('title')}\n${say('rules')}\n`);
  try {
    const results = await walk(ground, language);
    console.say(`\n${table(results, say)}\n\n${verdict(results, say)}`);
    return results.every(({ outcome }) => outcome !== 'failed');
  } finally {
    closeHardware(hardware);
    console.close();
  }
}

function verdict(results: readonly Result[], say: Say): string {
  const count = (wanted: Result['outcome']) => results.filter(({ outcome }) => outcome === wanted).length;
  if (count('failed') > 0) return say('notWell', count('failed'));
  return count('skipped') > 0 ? say('wellButSkipped', count('skipped')) : say('allWell');
}

async function walk(ground: Ground, language: Language): Promise<Result[]> {
  return [
    ...(await testKeys(ground, language)),
    await testLamps(ground),
    await testBadge(ground),
    await testMicrophone(ground),
    await testSpeaker(ground),
  ];
}

/** Whether somebody, most likely the agent itself, serves on that port of this machine. */
function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(true));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)));
  });
}
