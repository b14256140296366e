import { join } from 'node:path';
import { type Api, adminPassword, signIn } from './api.ts';
import { freePort, type Program, type Settings, started, startUnder } from './process.ts';

/** The compiled hub with a data folder and ports of its own, so that it is found again after a restart. */
export interface HubProgram {
  /** `http://127.0.0.1:…` */
  readonly url: string;
  readonly mqttPort: number;
  /** What the hub keeps lies in `folder/hub`. */
  readonly folder: string;
  readonly database: string;
  /** The process as it is now. */
  readonly program: () => Program;
  /** Starts it (again), under another program if one is given; resolves when it listens and somebody has signed in. */
  start(runner?: readonly string[]): Promise<void>;
  /** Ends it at once, if it runs. */
  kill(): Promise<void>;
  /** Stops it as Ctrl-C does, with the exit code. */
  stop(): Promise<number | null>;
  /** Signed in as the first administrator. */
  readonly api: () => Api;
}

/** A hub that is yet to be started, in a folder that is empty or that a hub has used before. */
export async function hubProgram(folder: string, more: Settings = {}): Promise<HubProgram> {
  const [httpPort, mqttPort] = [await freePort(), await freePort()];
  const settings = hubSettings(folder, {
    MANYI_HTTP_PORT: String(httpPort),
    MANYI_MQTT_PORT: String(mqttPort),
    ...more,
  });
  const url = `http://127.0.0.1:${httpPort}`;
  let program: Program | null = null;
  let api: Api | null = null;

  const current = () => started(program, 'the hub has not been started');
  return {
    url,
    mqttPort,
    folder,
    database: join(folder, 'hub', 'hub.db'),
    program: current,
    async start(runner = []) {
      program = startUnder(runner, 'hub/dist/main.js', settings);
      await program.writes(/Terminals: mqtt/);
      api ??= await signIn(url);
    },
    kill: async () => program?.kill(),
    stop: () => current().stop(),
    api: () => started(api, 'nobody is signed in'),
  };
}

/** The environment of a test hub: free ports unless they are given, and an administrator. */
export function hubSettings(folder: string, more: Settings = {}): Settings {
  return {
    MANYI_DATA: folder,
    MANYI_HTTP_PORT: '0',
    MANYI_MQTT_PORT: '0',
    MANYI_ADMIN_PASSWORD: adminPassword,
    MANYI_LOG_LEVEL: 'warn',
    ...more,
  };
}
