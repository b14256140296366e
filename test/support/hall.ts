import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { type AgentProgram, startAgent } from './agent-program.ts';
import { eventually } from './api.ts';
import { makeFolder, removeFolder } from './folder.ts';
import { type HubProgram, startHub } from './hub-program.ts';
import type { Settings } from './process.ts';
import type { Credential } from './sender.ts';

/** A hall of compiled programs: one hub, a site of some counters, a clerk, and the terminals that were asked for. */
export interface Hall {
  readonly folder: string;
  readonly hub: HubProgram;
  /** Enrols and starts `terminal-1` at `counter-1`, and so on. */
  terminal(number: number, settings?: Settings): Promise<AgentProgram>;
  /** Ends every program and removes the folder. */
  close(): Promise<void>;
}

export const site = 'main-hall';
export const clerk = { id: 'C0017', name: '李晓梅', number: '0017', badge: '0004512377' };

export interface HallOptions {
  readonly mode?: 'called' | 'continuous';
  readonly counters?: number;
  readonly settings?: Settings;
}

/** Opens a hall in a folder of its own. Whoever opens it closes it. */
export async function openHall({ mode = 'called', counters = 3, settings = {} }: HallOptions = {}): Promise<Hall> {
  const folder = makeFolder();
  const hub = await startHub(folder, settings);
  await furnish(hub, mode, counters);
  const agents: AgentProgram[] = [];
  return {
    folder,
    hub,
    async terminal(number, more) {
      const place = { site, counter: `counter-${number}`, terminal: `terminal-${number}` };
      const agent = await startAgent(hub, place, more);
      agents.push(agent);
      return agent;
    },
    async close() {
      await Promise.all([hub.kill(), ...agents.map((agent) => agent.kill())]);
      removeFolder(folder);
    },
  };
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
export async function enrol({ hub }: Hall, number: number): Promise<Credential> {
  const place = { site, counter: `counter-${number}`, terminal: `terminal-${number}` };
  const { code } = await hub.api().post<{ code: string }>('/enrolments', place);
  return hub.api().post<Credential>('/enrol', { code, nonce: randomUUID() });
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
