import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clerk, Completeness, Floor, Quarantined, Scores, Site, Terminal } from '@manyi/config/api';
import { addDays, localDate } from '@manyi/config/zone';
import { describe, expect, test } from 'vitest';
import { adminPassword, eventually, signIn } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Program, startProgram } from '../support/process.ts';

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

describe('the demo', { timeout: 180_000 }, () => {
  test('lives its day through real terminals, and nothing of it goes missing', async () => {
    const folder = temporaryFolder();
    const demo = startDemo(folder);
    const { hub, screen } = await addressesOf(demo);
    expect(demo.output()).toContain('Demo data');
    expect(demo.output()).not.toContain(adminPassword);
    const { get } = await signIn(hub);

    const { items: sites } = await get<Items<Site>>('/sites');
    expect(sites).toMatchObject([{ id: 'demo-hall', mode: 'called' }]);
    const zone = sites[0]?.timeZone ?? '';
    const readFloor = () => get<Floor>('/floor?site=demo-hall');
    const isAlive = ({ counters }: Floor) =>
      counters.every(({ clerk }) => clerk !== null) && counters.filter(({ today }) => today.rated > 0).length >= 6;
    const { counters } = await eventually(readFloor, isAlive, 90_000);
    expect(counters).toHaveLength(12);
    for (const { name } of counters) expect(name).toContain('演示 Demo');

    const { items: clerks } = await get<Items<Clerk>>('/clerks?site=demo-hall');
    expect(clerks).toHaveLength(20);
    const today = localDate(Date.now(), zone);
    const past = await get<Scores>(`/scores?by=day&site=demo-hall&from=${addDays(today, -30)}&to=${today}`);
    expect(past.items.filter(({ rated }) => rated > 0).length).toBeGreaterThan(24);
    for (const { rated, services } of past.items) expect(rated).toBeLessThanOrEqual(services);

    const { items: terminals } = await get<Items<Terminal>>('/terminals?site=demo-hall');
    expect(terminals).toHaveLength(12);
    for (const { id } of terminals) {
      const all = () => get<Completeness>(`/terminals/${id}/completeness`);
      expect(await eventually(all, ({ missing }) => missing === 0)).toMatchObject({ quarantined: 0 });
    }
    expect((await get<Items<Quarantined>>('/quarantine')).items).toEqual([]);

    expect(await demo.stop()).toBe(0);
    expect(await isGone(screen)).toBe(true);
    expect(existsSync(join(folder, 'hub'))).toBe(false);
  });

  test('removes nothing that no demo made', async () => {
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

  test('keeps its folder to itself, leaves no terminal behind when killed, and begins anew', async () => {
    const folder = temporaryFolder();
    const first = startDemo(folder);
    const { screen } = await addressesOf(first);
    expect(await isGone(screen)).toBe(false);
    const second = startDemo(folder);
    expect(await second.ended).toBe(1);
    expect(second.output()).toMatch(/^a demo runs in .+: stop it first, or set MANYI_DATA to another folder\n$/);
    await first.kill();
    await eventually(() => isGone(screen), Boolean);
    const third = startDemo(folder);
    await third.writes(/Live floor/);
  });
});
