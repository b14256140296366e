import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Companion, startCompanion } from './companion.ts';
import { createHub, type RunningHub } from './hub.ts';
import { packageFolder } from './package-folder.ts';
import { agentEnvironment, type HubSettings, readHubSettings } from './settings.ts';
import { stopOnSignals } from './signals.ts';
import { startFailure } from './start-failure.ts';

/** `npm start`: the hub and one terminal on this machine. */

const place = { site: 'main-hall', counter: 'counter-1', terminal: 'terminal-1' };
const agentEntry = join(packageFolder(import.meta.dirname), '..', 'agent', 'dist', 'main.js');

async function main(): Promise<void> {
  const settings = readSettings();
  const hub = createHub(settings);
  let companion: Companion | null = null;
  stopOnSignals(process, async () => {
    await companion?.stop();
    await hub.close();
  });
  const running = await hub.start().catch((error: unknown) => end(startFailure(error, settings.data)));
  await furnish(running);
  say(`Dashboard: ${running.http}`);
  if (running.setupLink !== null) say(`Set up the first administrator, once: ${running.setupLink}`);
  if ((await running.people.places.counter(place.site, place.counter)) === null) {
    say(`This hub has its own counters: enrol a terminal on the dashboard and run it with npm run agent`);
    return;
  }
  const onHopeless = () => void hub.close().then(() => end('the terminal could not start: it says why above'));
  companion = startCompanion({
    entry: agentEntry,
    environment: () => environmentOf(settings, running),
    say,
    onHopeless,
  });
}

function readSettings(): HubSettings {
  try {
    return readHubSettings();
  } catch (error) {
    return end(startFailure(error, null));
  }
}

/** An empty hub gets a site and a counter. */
async function furnish({ people: { places } }: RunningHub): Promise<void> {
  if ((await places.sites()).length > 0) return;
  const { site, counter } = place;
  places.addSite(
    { id: site, name: '主大厅 Main hall', timeZone: timeZone(), mode: 'continuous', profile: 'four-key' },
    'hub',
  );
  await places.addCounter({ site, id: counter, name: '1 号窗口 Counter 1' }, 'hub');
}

/** The machine's zone. One that was never set says UTC, where no hall stands. */
function timeZone(): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone === 'UTC' || zone === 'Etc/UTC' ? 'Asia/Shanghai' : zone;
}

/** The terminal's settings; a code for enrolling goes along while the hub or the terminal does not know the other yet. */
async function environmentOf(
  { data }: HubSettings,
  { http, terminals }: RunningHub,
): Promise<Record<string, string | undefined>> {
  const isKnownHere = terminals.registry.isEnrolled(place.terminal);
  const isKnownThere = existsSync(join(dirname(data), 'terminal', 'identity.json'));
  const code = isKnownHere && isKnownThere ? null : terminals.enrolments.issue(place, 'hub').code;
  return agentEnvironment({ hubUrl: http, site: place.site, terminal: place.terminal, code });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function end(line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

await main();
