import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { type AgentProgram, agentProgram, type Place, settled } from './agent-program.ts';
import { eventually } from './api.ts';
import { makeFolder, removeFolder } from './folder.ts';
import { type HubProgram, hubProgram } from './hub-program.ts';
import type { Settings } from './process.ts';
import type { Counter } from './screen.ts';
import type { Credential } from './sender.ts';

/** A hall of compiled programs: one hub, a site of some counters, a clerk, and the terminals that were asked for. */
export interface Hall {
  readonly folder: string;
  readonly hub: HubProgram;
  /** A fresh enrolment code for `terminal-1` at `counter-1`, and so on. */
  newCode(number: number): Promise<string>;
  /** Enrols and starts that terminal. Resolves when the hub and the terminal know each other. */
  terminal(number: number, settings?: Settings): Promise<AgentProgram>;
  /** Ends every program and removes the folder. */
  close(): Promise<void>;
}

export const site = 'main-hall';
export const clerk = { id: 'C0017', name: '李晓梅', number: '0017', badge: '0004512377' };

export interface HallOptions {
  readonly mode?: 'called' | 'continuous';
  readonly counters?: number;
}

/** Opens a hall for the running test, in a folder of its own. It closes with the test. */
export async function openHall(options: HallOptions = {}): Promise<Hall> {
  const hall = await hallOfPrograms();
  onTestFinished(hall.close);
  await open(hall, options);
  return hall;
}

/** Opens a hall for all tests of a file. Whoever opens it closes it. */
export async function openSharedHall(options: HallOptions = {}): Promise<Hall> {
  const hall = await hallOfPrograms();
  await open(hall, options);
  return hall;
}

async function hallOfPrograms(): Promise<Hall> {
  const folder = makeFolder();
  const hub = await hubProgram(folder);
  const agents: AgentProgram[] = [];
  const newCode = async (number: number) =>
    (await hub.api().post<{ code: string }>('/enrolments', placeOf(number))).code;
  return {
    folder,
    hub,
    newCode,
    async terminal(number, settings) {
      const agent = await agentProgram(hub, placeOf(number), await newCode(number), settings);
      agents.push(agent);
      await agent.start();
      await settled(agent, placeOf(number));
      return agent;
    },
    async close() {
      await Promise.all([hub.kill(), ...agents.map((agent) => agent.kill())]);
      removeFolder(folder);
    },
  };
}

function placeOf(number: number): Place {
  return { site, counter: `counter-${number}`, terminal: `terminal-${number}` };
}

async function open({ hub }: Hall, { mode = 'called', counters = 3 }: HallOptions): Promise<void> {
  await hub.start();
  await furnish(hub, mode, counters);
}

async function furnish({ api }: HubProgram, mode: string, counters: number): Promise<void> {
  const { post } = api();
  await post('/sites', { id: site, name: '主大厅 Main hall', timeZone: 'Asia/Shanghai', mode });
  for (let number = 1; number <= counters; number++) {
    await post('/counters', { id: `counter-${number}`, site, name: `${number} 号窗口 Counter ${number}` });
  }
  const { badge, ...person } = clerk;
  await post('/clerks', { ...person, site });
  await post('/badges', { badge, clerk: clerk.id });
}

/** Enrols `terminal-1` at `counter-1`, and so on, for a program of another make. */
export async function enrol(hall: Hall, number: number): Promise<Credential> {
  const code = await hall.newCode(number);
  return hall.hub.api().post<Credential>('/enrol', { code, nonce: randomUUID() });
}

/** Shows the clerk's badge to a terminal that has the roster. */
export async function tapIn(counter: Counter): Promise<void> {
  await counter.does({ type: 'badge', code: clerk.badge });
  await counter.shows((view) => view.clerk?.name === clerk.name);
}

/** Waits until the hub has receipted everything that a terminal has told of: its outbox is empty then. */
export async function drained(agent: AgentProgram): Promise<void> {
  const outbox = new Sqlite(join(agent.folder, 'terminal', 'outbox.db'), { readonly: true });
  try {
    const unsent = outbox.prepare<[], number>('SELECT count(*) FROM events').pluck();
    await eventually(
      async () => unsent.get(),
      (count) => count === 0,
      60_000,
    );
  } finally {
    outbox.close();
  }
}
