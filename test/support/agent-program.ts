import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { HubProgram } from './hub-program.ts';
import { freePort, type Program, type Settings, startUnder } from './process.ts';
import { type Counter, stepUp } from './screen.ts';

/** The compiled agent of one terminal, with a data folder and a port of its own. */
export interface AgentProgram {
  readonly terminal: string;
  /** The address of the counter screen. */
  readonly address: string;
  /** What the terminal keeps lies in `folder/terminal`. */
  readonly folder: string;
  readonly program: () => Program;
  /** Starts it (again), with other settings or under another program if they are given; resolves when its screen is served. */
  start(more?: Settings, runner?: readonly string[]): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<number | null>;
  /** Steps up to its screen once more. */
  stepUp(): Promise<Counter>;
}

export interface Place {
  readonly site: string;
  readonly counter: string;
  readonly terminal: string;
}

/** Enrols a terminal with a code of the hub, and starts it. Resolves when the hub and the terminal know each other. */
export async function startAgent(hub: HubProgram, place: Place, more: Settings = {}): Promise<AgentProgram> {
  const folder = join(hub.folder, place.terminal);
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const { code } = await hub.api().post<{ code: string }>('/enrolments', place);
  let program: Program | null = null;

  const current = () => {
    if (program === null) throw new Error('the terminal has not been started');
    return program;
  };
  const start = async (again: Settings = {}, runner: readonly string[] = []) => {
    program = startUnder(runner, 'agent/dist/main.js', {
      ...agentSettings(folder, hub.url),
      MANYI_SCREEN_PORT: String(port),
      MANYI_ENROLMENT_CODE: code,
      ...more,
      ...again,
    });
    await program.writes(/Counter screen/);
  };
  await start();
  const agent: AgentProgram = {
    terminal: place.terminal,
    address,
    folder,
    program: current,
    start,
    kill: () => current().kill(),
    stop: () => current().stop(),
    stepUp: () => stepUp(address),
  };
  const screen = await agent.stepUp();
  await screen.shows(({ online, notice, counter }) => online && notice === null && counter !== place.counter);
  screen.close();
  return agent;
}

/** The environment of a test terminal: nobody has to wait between two customers. */
export function agentSettings(folder: string, hubUrl: string): Settings {
  return {
    MANYI_DATA: folder,
    MANYI_HUB_URL: hubUrl,
    MANYI_SCREEN_PORT: '0',
    MANYI_LOCKOUT_SECONDS: '0.05',
    MANYI_THANKS_SECONDS: '0.05',
  };
}
