import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Companion, startCompanion } from './companion.ts';
import { createHub, type RunningHub } from './hub.ts';
import { machineZone } from './machine-zone.ts';
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
  const isFresh = await furnish(running);
  say(`Dashboard: ${running.http}`);
  if (running.setupLink !== null) say(`Set up the first administrator, once: ${running.setupLink}`);
  if ((await running.people.places.counter(place.site, place.counter)) === null) {
    say(`This hub has its own counters: enrol a terminal on the dashboard and run it with npm run agent`);
    return;
  }
  if (wasTakenAway(settings, running, isFresh)) {
    say(
      `${place.terminal} was revoked on this hub and stays so: make a code for it on the dashboard, and run npm run agent`,
    );
    return;
  }
  const onHopeless = () => void hub.close().then(() => end('the terminal could not start: it says why above'));
  companion = startCompanion({
    entry: agentEntry,
    environment: () => environmentOf(settings, running, isFresh),
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

/** An empty hub gets a site and a counter; answers whether it was empty. */
async function furnish({ people: { places } }: RunningHub): Promise<boolean> {
  if ((await places.sites()).length > 0) return false;
  const { site, counter } = place;
  places.addSite(
    { id: site, name: '主大厅 Main hall', timeZone: machineZone(), mode: 'continuous', profile: 'four-key' },
    'hub',
  );
  await places.addCounter({ site, id: counter, name: '1 号窗口 Counter 1' }, 'hub');
  return true;
}

/** Whether an administrator has revoked or removed the terminal, which must not come back by itself. */
function wasTakenAway(settings: HubSettings, { terminals }: Pick<RunningHub, 'terminals'>, isFresh: boolean): boolean {
  const credential = terminals.registry.credential(place.terminal);
  return credential === 'revoked' || (credential === null && hasIdentity(settings) && !isFresh);
}

/** Whether the terminal beside this hub has enrolled somewhere. */
function hasIdentity({ data }: HubSettings): boolean {
  return existsSync(join(dirname(data), 'terminal', 'identity.json'));
}

/**
 * The terminal's settings; a code for enrolling goes along while the hub or the terminal does not know the other yet, but not for a
 * terminal that was taken away meanwhile.
 */
async function environmentOf(
  settings: HubSettings,
  { http, terminals }: RunningHub,
  isFresh: boolean,
): Promise<Record<string, string | undefined>> {
  const isKnown = terminals.registry.credential(place.terminal) === 'used' && hasIdentity(settings);
  const needsNone = isKnown || wasTakenAway(settings, { terminals }, isFresh);
  const code = needsNone ? null : terminals.enrolments.issue(place, 'hub').code;
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
