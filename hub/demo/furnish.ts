import { enrolmentCode, token } from '@manyi/config/api';
import { type DemoCast, type DemoStage, demoSite } from '@manyi/config/demo';
import type { RecordingPolicy } from '@manyi/config/recordings';
import { machineZone } from '../machine-zone.ts';

/** The hub to furnish, and the administrator who does it. */
export interface DemoHub {
  readonly http: string;
  readonly username: string;
  readonly password: string;
}

/** What the demo's terminals bring clips of. */
const recorded = {
  record: 'around-rating',
  beforeSeconds: 30,
  afterSeconds: 15,
  keep: 'not-good',
  reason: 'Demo',
} satisfies RecordingPolicy & { reason: string };

/**
 * Sets up the demo hall as an administrator would, through the hub's HTTP: a site with calling and what it records, the counters, clerks and badges of
 * the cast, and a terminal with its code for every counter. Rejects with one line when the hub refuses anything.
 */
export async function furnish(hub: DemoHub, { counters, clerks, badges }: DemoCast): Promise<DemoStage> {
  const { http, username, password } = hub;
  const signedIn = token.parse(await send('POST', http, '/login', { username, password }));
  const add = (path: string, body: object) => send('POST', http, path, body, signedIn.token);

  const timeZone = machineZone();
  await add('/sites', { id: demoSite, name: '演示营业厅 Demo hall', timeZone, mode: 'called' });
  await send('PUT', http, `/sites/${demoSite}/recording-policy`, recorded, signedIn.token);
  for (const counter of counters) await add('/counters', { ...counter, site: demoSite });
  for (const clerk of clerks) await add('/clerks', { ...clerk, site: demoSite });
  for (const badge of badges) await add('/badges', badge);

  const terminals = [];
  for (const { id } of counters) {
    const place = { site: demoSite, counter: id, terminal: `demo-${id}` };
    const { code } = enrolmentCode.parse(await add('/enrolments', place));
    terminals.push({ ...place, code });
  }
  return { terminals, timeZone };
}

async function send(method: string, hub: string, path: string, body: object, bearer?: string): Promise<unknown> {
  const response = await fetch(`${hub}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) },
    body: JSON.stringify(body),
  });
  if (response.ok) return response.json();
  throw new Error(
    `the demo hall could not be set up: ${method} ${path} answered ${response.status} ${await response.text()}`,
  );
}
