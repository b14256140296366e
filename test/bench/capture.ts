import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { facts } from '@manyi/agent/recording/facts';
import { lateRatingWithinMs } from '@manyi/config/limits';
import { recordingPolicy } from '@manyi/config/recordings';
import { enrolledIn } from '../agent/lone-terminal.ts';
import { startSoundServer } from '../firmware/sound-server.ts';
import { type BenchAgent, openScreen, startAgent } from './agent-process.ts';
import type { Row } from './row.ts';

/** Four hours are `npm run bench -- capture 240`. */
const usualMinutes = 2;
const idleMs = 30_000;
const everyMs = 1_000;
/** A coder, a page of sound, what the ring fills: afterwards nothing is to grow any more. */
const warmUpMs = 20_000;
const mostShare = 0.03;
const mostBytes = 40e6;
const mostGrowth = 5e6;
/** A recorder's delay changes by less, once it has started; what it loses, when it loses any, is its buffer of half a second. */
const mostMissingMs = 250;
const ticksPerSecond = 100;

const nobody = 'http://127.0.0.1:1';
const speech = new URL('../../../firmware/speaker/sounds/invitation.zh.wav', import.meta.url).pathname;

/** What recording a counter takes on top of its agent, and whether a long service is there from its first to its last sample. */
export async function run(minutes = usualMinutes): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'manyi-bench-'));
  const idle = await atRest(join(folder, 'idle'));
  const taken = await atWork(join(folder, 'recording'), minutes * 60_000);
  rmSync(folder, { recursive: true });
  const share = taken.share - idle.share;
  const bytes = taken.bytes - idle.bytes;
  return [
    row('capture on top of the agent', `${(100 * share).toFixed(2)} % of a core`, '<= 3 %', share <= mostShare),
    row('its memory, with recorder and coder', `${mega(bytes)} MB`, `<= ${mega(mostBytes)} MB`, bytes <= mostBytes),
    row(
      `growth in ${minutes} minutes of it`,
      `${mega(taken.growth)} MB`,
      `<= ${mega(mostGrowth)} MB`,
      taken.growth <= mostGrowth,
    ),
    row(
      `samples of a service of ${minutes} minutes that are in no clip`,
      `${taken.missingMs} ms of ${taken.serviceMs}`,
      `<= ${mostMissingMs} ms`,
      Math.abs(taken.missingMs) <= mostMissingMs,
    ),
  ];
}

interface Taken {
  /** Of one core. */
  readonly share: number;
  /** Resident, at most. */
  readonly bytes: number;
}

/** The same agent without a microphone. */
async function atRest(folder: string): Promise<Taken> {
  const agent = await startAgent({ folder: enrolledIn(folder), hub: { http: nobody } });
  await wait(warmUpMs);
  const taken = await watch(agent, idleMs);
  await agent.stop();
  return taken;
}

/** One long service, heard by arecord and recorded as a whole. */
async function atWork(folder: string, serviceMs: number) {
  enrolledIn(folder, 'called', recordingPolicy.parse({ record: 'service' }));
  const server = await startSoundServer(['counter']);
  await server.plugIn('counter');
  let isOver = false;
  const say = async (): Promise<void> => (isOver ? undefined : server.play('counter', speech).then(say));
  const said = say();
  const settings = {
    ...server.environment,
    MANYI_MICROPHONE: 'arecord',
    MANYI_MICROPHONE_DEVICE: 'counter-heard',
  };
  const agent = await startAgent({ folder, hub: { http: nobody }, settings });
  const screen = await openScreen(agent.screen);
  await screen.shows((view) => view.recording);
  await screen.input({ type: 'next' });
  await wait(warmUpMs);
  const taken = await watch(agent, serviceMs - warmUpMs);
  await screen.input({ type: 'press', level: 'dissatisfied' });
  await screen.input({ type: 'end' });
  screen.close();
  while (clipsIn(folder).some(({ state }) => state !== 'announced')) await wait(everyMs);
  await agent.stop();
  isOver = true;
  await said;
  await server.close();
  const clips = clipsIn(folder);
  const last = clips.at(-1);
  if (last?.closes == null || clips[0] === undefined) throw new Error('the service left no clip');
  const length = last.closes - lateRatingWithinMs - clips[0].startedAt;
  return { ...taken, serviceMs: length, missingMs: length - clips.reduce((sum, clip) => sum + clip.durationMs, 0) };
}

function clipsIn(folder: string) {
  const clips = join(folder, 'terminal/recordings');
  return readdirSync(clips)
    .filter((name) => name.endsWith('.json'))
    .map((name) => facts.parse(JSON.parse(readFileSync(join(clips, name), 'utf8'))))
    .sort((one, other) => one.startedAt - other.startedAt);
}

/** What a process and those it has started take for so long. `growth` is that of the last third over the first. */
async function watch({ pid }: BenchAgent, forMs: number): Promise<Taken & { readonly growth: number }> {
  const residents: number[] = [];
  const [before, begun] = [ticksOf(pid), performance.now()];
  while (performance.now() - begun < forMs) {
    await wait(everyMs);
    residents.push(familyOf(pid).reduce((sum, one) => sum + residentOf(one), 0));
  }
  const seconds = (performance.now() - begun) / 1000;
  const third = Math.ceil(residents.length / 3);
  return {
    share: (ticksOf(pid) - before) / ticksPerSecond / seconds,
    bytes: Math.max(...residents),
    growth: Math.max(...residents.slice(-third)) - Math.max(...residents.slice(0, third)),
  };
}

/** A process and its children. */
function familyOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return [pid, ...(children === '' ? [] : children.split(' ').map(Number))];
}

/** Processor time so far, of children that have ended too (proc(5): fields 14 to 17 of stat, counted behind the name). */
function ticksOf(pid: number): number {
  return familyOf(pid).reduce((sum, one) => {
    const fields = readFileSync(`/proc/${one}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return sum + fields.slice(11, one === pid ? 15 : 13).reduce((all, field) => all + Number(field), 0);
  }, 0);
}

function residentOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}

function row(name: string, figure: string, target: string, pass: boolean): Row {
  return { name, figure, floor: null, ratio: null, target, pass };
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
