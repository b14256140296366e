import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { facts } from '@manyi/agent/recording/clips/facts';
import { recordingPolicy } from '@manyi/config/recordings';
import { samplesPerSecond } from '@manyi/firmware/sound/format';
import { enrolledIn } from '../agent/lone-terminal.ts';
import { speak, startSoundServer } from '../firmware/sound-server.ts';
import { type BenchScreen, openScreen, startAgent } from './agent-process.ts';
import { type Cost, watch } from './cost.ts';
import type { Row } from './row.ts';
import { type Compared, compare, leastLike, tap } from './tap.ts';

/** Four hours are `npm run bench -- capture 240`. */
const usualMinutes = 2;
const idleMs = 30_000;
const everyMs = 1_000;
/** Since when a microphone was heard, its agent learns within two windows of ten seconds: before, clips may begin late or early. */
const startUpMs = 25_000;
/** A coder, a page of sound, what the ring fills: afterwards nothing is to grow any more. */
const warmUpMs = 20_000;
/** How long it is looked how far ahead of the clock the card's samples are: in some moment of it even a busy machine is not late. */
const leadMs = 10_000;
const mostShare = 0.03;
const mostBytes = 40e6;
const mostGrowth = 5e6;
/**
 * Samples per second of the card. The sound server keeps a card's time by adding up the lengths of what it is given, each cut down to whole
 * microseconds: at 16,000, where a sample is 62.5 of them, the card is up to seven millionths too fast, which is 0.1 s in four hours. Here a
 * sample is 25.
 */
const cardRate = 40_000;
/** The card keeps the time of this machine. What is lost before a recorder has it is lost by the period: an eighth of a second. */
const mostDriftMs = 10;
/** A clip's ends are learnt from the counter's inputs, which a busy machine takes and hears of late. */
const mostEndsMs = 250;

const nobody = 'http://127.0.0.1:1';
/** Some minutes of speech of which no moment is like another. */
const words = Array.from({ length: 150 }, (_, number) => `${number} and ${(number * 7919) % 1000}`).join(', ');

/** What recording a counter takes on top of its agent, and whether a long service is there from its first to its last sample. */
export async function run(minutes = usualMinutes): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'manyi-bench-'));
  const idle = await atRest(join(folder, 'idle'));
  const { cost, ...heard } = await atWork(join(folder, 'recording'), minutes * 60_000);
  rmSync(folder, { recursive: true });
  return [
    ...costRows(idle, cost),
    growthRow(minutes, cost),
    ...lossRows(minutes, heard.compared),
    ...clockRows(minutes, heard),
  ];
}

function costRows(idle: Cost, cost: Cost): Row[] {
  const [share, bytes] = [cost.share - idle.share, cost.bytes - idle.bytes];
  return [
    row('capture on top of the agent', `${(100 * share).toFixed(2)} % of a core`, '<= 3 %', share <= mostShare),
    row('its memory, with recorder and coder', `${mega(bytes)} MB`, `<= ${mega(mostBytes)} MB`, bytes <= mostBytes),
  ];
}

/** What became of the sound. */
export function lossRows(minutes: number, { count, missing, leastLikeness: least }: Compared): Row[] {
  const what = `of a service of ${minutes} minutes`;
  return [
    row(`samples ${what} that the recorder had and no clip has`, `${missing} of ${count}`, '0', missing === 0),
    row(
      `likeness ${what} to what the recorder had, at its least`,
      least.toFixed(3),
      `>= ${leastLike}`,
      least >= leastLike,
    ),
  ];
}

/** What the clock says of it; what a machine is late by counts as often as time passes faster. */
export function clockRows(minutes: number, { driftMs, endsMs }: Heard, speed = 1): Row[] {
  const what = `of a service of ${minutes} minutes`;
  const within = (name: string, ms: number, most: number) =>
    row(name, `${ms.toFixed(1)} ms`, `within ${most * speed} ms`, Math.abs(ms) <= most * speed);
  return [
    within(`samples ${what} that the recorder had, against the clock`, driftMs, mostDriftMs),
    within(`length ${what} in its clips, against the counter's inputs`, endsMs, mostEndsMs),
  ];
}

/** Whether memory is flat. */
export function growthRow(minutes: number, { growth }: Cost): Row {
  const name = `growth in ${minutes} minutes of it`;
  return row(name, `${mega(growth)} MB`, `<= ${mega(mostGrowth)} MB`, growth <= mostGrowth);
}

/** The same agent without a microphone. */
async function atRest(folder: string): Promise<Cost> {
  const agent = await startAgent({ folder: enrolledIn(folder), hub: { http: nobody } });
  await wait(warmUpMs);
  const cost = await watch(agent.pid, idleMs);
  await agent.stop();
  return cost;
}

/** How fast time passes for sound server, recorder and agent, and what they run under for that. */
export interface Pace {
  readonly speed: number;
  readonly under: readonly string[];
}

const inTime: Pace = { speed: 1, under: [] };

/** What became of the sound of a service, in its own time. */
interface Heard {
  readonly compared: Compared;
  /** How much more of it came than time passed. */
  readonly driftMs: number;
  /** How much longer its clips are than it. */
  readonly endsMs: number;
}

/** One long service, heard by arecord and recorded as a whole. Its length is that of its own time. */
export async function atWork(
  folder: string,
  serviceMs: number,
  { speed, under } = inTime,
): Promise<Heard & { readonly cost: Cost }> {
  enrolledIn(folder, 'called', recordingPolicy.parse({ record: 'service' }));
  const card = await startCard(folder, under);
  const settings = {
    ...card.given.environment,
    MANYI_MICROPHONE: 'arecord',
    MANYI_MICROPHONE_DEVICE: card.given.device,
  };
  const agent = await startAgent({ folder, hub: { http: nobody }, settings, under });
  const screen = await openScreen(agent.screen);
  await screen.shows((view) => view.recording);
  await wait(startUpMs / speed);
  const before = await card.given.lead(leadMs, speed);
  const begun = { at: performance.now(), sample: card.given.samples() };
  await screen.input({ type: 'next' });
  await wait(warmUpMs / speed);
  const cost = await watch(agent.pid, (serviceMs - warmUpMs) / speed);
  const lengthMs = ((await goodbye(screen)) - begun.at) * speed;
  const driftMs = ((await card.given.lead(leadMs, speed)) - before) * speed;
  while (clipsIn(folder).some(({ state }) => state !== 'announced')) await wait(everyMs);
  await agent.stop();
  await card.unplug();
  const clips = clipsIn(folder).map(({ recording }) => join(folder, 'terminal/recordings', `${recording}.opus`));
  if (clips.length === 0) throw new Error('the service left no clip');
  const compared = await compare(clips, card.given, begun.sample, folder);
  return { cost, compared, driftMs, endsMs: (compared.count * 1000) / samplesPerSecond - lengthMs };
}

/** A card into which somebody speaks without end. */
async function startCard(folder: string, under: readonly string[]) {
  const server = await startSoundServer(['counter'], under);
  await server.plugIn('counter', cardRate);
  const { file } = speak(folder, words);
  let isOver = false;
  const say = async (): Promise<void> => {
    while (!isOver) {
      await server.play('counter', file).catch((error: unknown) => {
        if (!isOver) throw error;
      });
    }
  };
  const said = say();
  return {
    given: tap(folder, 'counter', server.environment),
    async unplug() {
      isOver = true;
      await server.close();
      await said;
    },
  };
}

/** The customer rates and goes. Answers when (`performance.now()`). */
async function goodbye(screen: BenchScreen): Promise<number> {
  await screen.input({ type: 'press', level: 'dissatisfied' });
  // What comes so soon after a press waits for whether it was two faces.
  await wait(everyMs);
  const at = performance.now();
  await screen.input({ type: 'end' });
  screen.close();
  return at;
}

function clipsIn(folder: string) {
  const clips = join(folder, 'terminal/recordings');
  return readdirSync(clips)
    .filter((name) => name.endsWith('.json'))
    .map((name) => facts.parse(JSON.parse(readFileSync(join(clips, name), 'utf8'))))
    .sort((one, other) => one.startedAt - other.startedAt);
}

function row(name: string, figure: string, target: string, pass: boolean): Row {
  return { name, figure, floor: null, ratio: null, target, pass };
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
