import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { HubProgram } from './hub-program.ts';
import { freePort, type Program, type Settings, started, startUnder } from './process.ts';
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
  /** Ends it at once, if it runs. */
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

/** A terminal that is yet to be started, and enrols with the code. Other settings hold for every start. */
export async function agentProgram(
  hub: HubProgram,
  place: Place,
  code: string,
  more: Settings = {},
): Promise<AgentProgram> {
  const folder = join(hub.folder, place.terminal);
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const settings = {
    ...agentSettings(folder, hub.url),
    MANYI_SCREEN_PORT: String(port),
    MANYI_ENROLMENT_CODE: code,
    ...more,
  };
  let program: Program | null = null;
  const current = () => started(program, 'the terminal has not been started');
  return {
    terminal: place.terminal,
    address,
    folder,
    program: current,
    async start(again = {}, runner = []) {
      program = startUnder(runner, 'agent/dist/main.js', { ...settings, ...again });
      await program.writes(/Counter screen/);
    },
    kill: async () => program?.kill(),
    stop: () => current().stop(),
    stepUp: () => stepUp(address),
  };
}

/** Waits until the hub and a terminal that was started know each other: its settings and the roster have come. */
export async function settled(agent: AgentProgram, { counter: id }: Place): Promise<void> {
  await agent.program().writes(fetchedRoster);
  const screen = await agent.stepUp();
  await screen.shows(({ online, notice, counter }) => online && notice === null && counter !== id);
  screen.close();
}

/** What a terminal says once it knows the badges. */
export const fetchedRoster = /roster \S+: \d+ clerks/;

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
