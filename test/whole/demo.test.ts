import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clerk, Completeness, Floor, Quarantined, Scores, Site, Terminal } from '@manyi/config/api';
import type { Recording } from '@manyi/config/recordings';
import { addDays, localDate } from '@manyi/config/zone';
import { expect, test } from 'vitest';
import { type Api, adminPassword, eventually, signIn } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Program, startProgram } from '../support/process.ts';

const site = 'demo-hall';

/** `npm run demo` with ports of its own. */
function startDemo(folder: string): Program {
  return startProgram('hub/dist/demo.js', {
    MANYI_DATA: folder,
    MANYI_HTTP_PORT: '0',
    MANYI_MQTT_PORT: '0',
    MANYI_SCREEN_PORT: '0',
    MANYI_ADMIN_PASSWORD: adminPassword,
  });
}

interface Items<T> {
  readonly items: readonly T[];
}

async function addressesOf(demo: Program): Promise<{ hub: string; screen: string }> {
  const [, hub = ''] = await demo.writes(/Live floor\s+(http:\S+)/);
  const [, screen = ''] = await demo.writes(/Counter screens\s+(http:\S+)/);
  return { hub, screen };
}

const isGone = (address: string) =>
  fetch(address).then(
    () => false,
    () => true,
  );

test('the demo lives its day through real terminals and keeps its folder to itself; killed it leaves nobody behind, and begins anew', {
  timeout: 300_000,
}, async () => {
  const folder = temporaryFolder();
  const first = startDemo(folder);
  const { hub, screen } = await addressesOf(first);
  expect(first.output()).toContain('Demo data');
  expect(first.output()).not.toContain(adminPassword);
  const api = await signIn(hub);
  await expectHall(api);
  await expectPast(api);
  await expectRecordings(api);
  await expectNothingMissing(api);

  const second = startDemo(folder);
  expect(await second.ended).toBe(1);
  expect(second.output()).toMatch(/^a demo runs in .+: stop it first, or set MANYI_DATA to another folder\n$/);
  expect(await isGone(screen)).toBe(false);
  await first.kill();
  await eventually(() => isGone(screen), Boolean);

  const third = startDemo(folder);
  const again = await addressesOf(third);
  expect(await third.stop()).toBe(0);
  expect(await isGone(again.screen)).toBe(true);
  expect(existsSync(join(folder, 'hub'))).toBe(false);
});

test('the demo removes nothing that no demo made', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'demo'));
  const kept = join(folder, 'demo', 'hub.db');
  writeFileSync(kept, 'of somebody else');
  const demo = startDemo(folder);
  expect(await demo.ended).toBe(1);
  expect(demo.output()).toMatch(
    /^.+demo is not a demo's folder and stays as it is: set MANYI_DATA to another folder\n$/,
  );
  expect(existsSync(kept)).toBe(true);
});

/** Every counter has its clerk, and customers press at many of them. */
async function expectHall({ get }: Api): Promise<void> {
  expect((await get<Items<Site>>('/sites')).items).toMatchObject([{ id: site, mode: 'called' }]);
  const readFloor = () => get<Floor>(`/floor?site=${site}`);
  const isAlive = ({ counters }: Floor) =>
    counters.every(({ clerk }) => clerk !== null) && counters.filter(({ today }) => today.rated > 0).length >= 6;
  const { counters } = await eventually(readFloor, isAlive, 90_000);
  expect(counters).toHaveLength(12);
  for (const { name } of counters) expect(name).toContain('演示 Demo');
  expect((await get<Items<Clerk>>(`/clerks?site=${site}`)).items).toHaveLength(20);
}

/** The scores of the days before today. */
async function expectPast({ get }: Api): Promise<void> {
  const [hall] = (await get<Items<Site>>('/sites')).items;
  const today = localDate(Date.now(), hall?.timeZone ?? '');
  const past = await get<Scores>(`/scores?by=day&site=${site}&from=${addDays(today, -30)}&to=${today}`);
  expect(past.items.filter(({ rated }) => rated > 0).length).toBeGreaterThan(24);
  for (const { rated, services } of past.items) expect(rated).toBeLessThanOrEqual(services);
}

/** Every terminal has brought clips of its last bad ratings, as it would bring its own. */
async function expectRecordings({ get }: Api): Promise<void> {
  const read = () => get<Items<Recording>>(`/recordings?site=${site}`);
  const { items } = await eventually(
    read,
    (found) => found.items.filter(({ state }) => state === 'stored').length >= 30,
  );
  expect(new Set(items.map(({ terminal }) => terminal)).size).toBe(12);
  for (const { level, service, pressedAtMs, durationMs } of items) {
    expect([level, await get<object>(`/services/${service}`)]).toEqual([
      expect.stringMatching(/^(average|dissatisfied)$/),
      expect.objectContaining({ service }),
    ]);
    expect(pressedAtMs).toBeLessThan(Number(durationMs));
  }
}

async function expectNothingMissing({ get }: Api): Promise<void> {
  const { items: terminals } = await get<Items<Terminal>>(`/terminals?site=${site}`);
  expect(terminals).toHaveLength(12);
  for (const { id } of terminals) {
    const all = () => get<Completeness>(`/terminals/${id}/completeness`);
    expect(await eventually(all, ({ missing }) => missing === 0)).toMatchObject({ quarantined: 0 });
  }
  expect((await get<Items<Quarantined>>('/quarantine')).items).toEqual([]);
}
