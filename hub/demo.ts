import { randomInt } from 'node:crypto';
import { dirname, join } from 'node:path';
import { type DemoOpened, demoSite } from '@manyi/config/demo';
import { type DemoFolder, makeDemoFolder } from './demo/data-folder.ts';
import { furnish } from './demo/furnish.ts';
import { type DemoHall, startHall } from './demo/hall.ts';
import { createHub, type Hub } from './hub.ts';
import { packageFolder } from './package-folder.ts';
import { agentEnvironment, type HubSettings, readHubSettings } from './settings.ts';
import { stopOnSignals } from './signals.ts';
import { startFailure } from './start-failure.ts';

/** `npm run demo`: a hub of its own, and a hall whose day runs in minutes. */

const hallEntry = join(packageFolder(import.meta.dirname), '..', 'agent', 'dist', 'demo', 'main.js');

/** What has to be closed again. */
interface Open {
  folder?: DemoFolder;
  hub?: Hub;
  hall?: DemoHall;
}

async function main(): Promise<void> {
  const open: Open = {};
  let stopping = false;
  const close = async () => {
    stopping = true;
    await open.hall?.stop();
    await open.hub?.close();
    open.folder?.leave();
  };
  stopOnSignals(process, close);
  let data: string | null = null;
  try {
    const settings = readHubSettings();
    data = join(dirname(settings.data), 'demo');
    const hall = await begin(settings, data, open);
    await hall.ended;
    if (!stopping) throw new Error('the demo hall ended unexpectedly: start the demo again');
  } catch (error) {
    if (stopping) return;
    await close();
    process.stderr.write(`${startFailure(error, data)}\n`);
    process.exit(1);
  }
}

async function begin(settings: HubSettings, data: string, open: Open): Promise<DemoHall> {
  const folder = makeDemoFolder(data);
  open.folder = folder;
  const password = settings.adminPassword ?? newPassword();
  const hub = createHub({
    ...settings,
    data: folder.hub,
    adminPassword: password,
    logLevel: quieter(settings.logLevel),
  });
  open.hub = hub;
  const { http } = await hub.start();
  const hall = startHall({ entry: hallEntry, environment: environmentOf(settings, http, folder) });
  open.hall = hall;
  const stage = await furnish({ http, username: 'admin', password }, await hall.cast());
  tell(http, settings.adminPassword === null ? password : 'MANYI_ADMIN_PASSWORD', await hall.open(stage));
  return hall;
}

/** Twelve terminals say more than anybody reads, unless somebody asks for it. */
function quieter(level: HubSettings['logLevel']): HubSettings['logLevel'] {
  return level === 'info' ? 'warn' : level;
}

function environmentOf({ logLevel }: HubSettings, hubUrl: string, { terminals }: DemoFolder) {
  return {
    ...agentEnvironment({ hubUrl, site: demoSite, terminal: '', code: null }),
    MANYI_DATA: terminals,
    MANYI_LOG_LEVEL: quieter(logLevel),
  };
}

/** Twelve characters without those that are taken for one another: 59 bits, for this run only. */
function newPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  return Array.from({ length: 12 }, () => letters[randomInt(letters.length)]).join('');
}

function tell(http: string, password: string, { screens }: DemoOpened): void {
  const lines = [
    '',
    '演示数据，均为虚构 · Demo data, all of it made up',
    '',
    `  Live floor       ${http}        sign in as admin with ${password}`,
    `  Clerks' scores   ${http}/scores`,
    `  Counter screens  ${screens[0]?.address} to ${screens.at(-1)?.address}`,
    '',
    'The day of 12 counters and 20 clerks takes ten minutes; then another begins. Ctrl-C ends the demo.',
    '',
  ];
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

await main();
