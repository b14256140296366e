import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rating } from '@manyi/config/api';
import { expect, test } from 'vitest';
import { eventually } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startProgram } from '../support/process.ts';
import { stepUp } from '../support/screen.ts';
import { badge, everySetting, type LocalHub, startLocalHub } from './local-hub.ts';

const entry = 'agent/dist/main.js';

async function startAgent(hub: LocalHub, folder: string, more: Record<string, string> = {}) {
  const program = startProgram(entry, { ...everySetting, MANYI_DATA: folder, MANYI_HUB_URL: hub.http, ...more });
  const [, address = ''] = await program.writes(/Counter screen: (\S+)/);
  return { ...program, address };
}

const ratings = async (hub: LocalHub) => (await hub.api.get<{ items: Rating[] }>('/ratings?limit=1000')).items;

test('a badge, a call and a press become a rating at the hub, and the clerk is on the screen', async () => {
  const hub = await startLocalHub();
  const agent = await startAgent(hub, temporaryFolder(), { MANYI_ENROLMENT_CODE: await hub.newCode() });
  const counter = await stepUp(agent.address);
  await counter.shows((view) => view.online && view.notice === null);
  await eventually(
    async () => {
      await counter.does({ type: 'badge', code: badge });
      return (await counter.shows(() => true)).clerk?.name;
    },
    (name) => name === '李',
  );
  await counter.does({ type: 'next' });
  expect(await counter.does({ type: 'press', level: 'satisfied' })).toBe(true);
  const [rating] = await eventually(
    () => ratings(hub),
    (items) => items.length === 1,
  );
  expect(rating).toMatchObject({ clerk: 'C0017', level: 'satisfied', counter: 'counter-1', unprompted: false });
  counter.close();
  expect(await agent.stop()).toBe(0);
});

test('killed again and again as customers press, without a hub: every press that was kept is there afterwards, once', async () => {
  const hub = await startLocalHub();
  const folder = temporaryFolder();
  const enrolling = await startAgent(hub, folder, { MANYI_ENROLMENT_CODE: await hub.newCode() });
  await (await stepUp(enrolling.address)).shows((view) => view.online);
  await enrolling.stop();
  const away = { ...hub, http: 'http://127.0.0.1:1' };
  let kept = 0;
  for (let life = 0; life < 4; life++) {
    const agent = await startAgent(away, folder, {
      MANYI_ENROLMENT_CODE: '',
      MANYI_LOCKOUT_SECONDS: '0.05',
      MANYI_THANKS_SECONDS: '0.05',
    });
    const counter = await stepUp(agent.address);
    const killed = new Promise<void>((resolve) => setTimeout(() => void agent.kill().then(resolve), 300 + 200 * life));
    try {
      for (;;) {
        await counter.does({ type: 'next' });
        if (await counter.does({ type: 'press', level: 'average' })) kept += 1;
      }
    } catch {
      await killed;
    }
  }
  expect(kept).toBeGreaterThan(4);
  const agent = await startAgent(hub, folder);
  const items = await eventually(
    () => ratings(hub),
    (now) => now.length >= kept,
  );
  await (await stepUp(agent.address)).shows((view) => view.online);
  expect(items.length - kept).toBeLessThanOrEqual(4);
  expect(new Set(items.map((item) => item.service)).size).toBe(items.length);
  const { missing, quarantined } = await hub.api.get<{ missing: number; quarantined: number }>(
    '/terminals/terminal-1/completeness',
  );
  expect({ missing, quarantined }).toEqual({ missing: 0, quarantined: 0 });
  await agent.stop();
});

test('without enrolment nothing is taken, and the screen says why', async () => {
  const agent = startProgram(entry, { ...everySetting, MANYI_LOG_LEVEL: 'warn', MANYI_DATA: temporaryFolder() });
  const [, address = ''] = await agent.writes(/Counter screen: (\S+)/);
  await agent.writes(/set MANYI_ENROLMENT_CODE/);
  const counter = await stepUp(address);
  await counter.shows((view) => view.notice === 'not-enrolled');
  expect(await counter.does({ type: 'press', level: 'satisfied' })).toBe(false);
  await agent.stop();
});

test('a full disk takes no press and thanks nobody, and with room it goes on', async () => {
  const hub = await startLocalHub();
  const folder = temporaryFolder();
  const settings = { MANYI_ENROLMENT_CODE: await hub.newCode(), MANYI_LOCKOUT_SECONDS: '0.05' };
  const agent = await startAgent(hub, folder, settings);
  const counter = await stepUp(agent.address);
  await counter.shows((view) => view.online);
  // A limit on the size of files is to a program what a full disk is: the next write fails.
  const limit = (bytes: string) => execFileSync('prlimit', [`--pid=${agent.pid}`, `--fsize=${bytes}:`]);
  limit('0');
  expect(await counter.does({ type: 'press', level: 'satisfied' })).toBe(false);
  expect((await counter.shows((view) => view.notice === 'storage-failed')).phase).not.toBe('thanks');
  await agent.writes(/the disk does not take it/);
  limit('unlimited');
  expect(await counter.does({ type: 'press', level: 'satisfied' })).toBe(true);
  await counter.shows((view) => view.notice === null);
  expect(
    await eventually(
      () => ratings(hub),
      (items) => items.length > 0,
    ),
  ).toHaveLength(1);
  await agent.stop();
});

test('a broken identity and a broken outbox are put aside and told, and the rest goes on', async () => {
  const hub = await startLocalHub();
  const folder = temporaryFolder();
  const first = await startAgent(hub, folder, { MANYI_ENROLMENT_CODE: await hub.newCode() });
  await (await stepUp(first.address)).shows((view) => view.online && view.counter === 'Counter 1');
  await first.stop();
  writeFileSync(join(folder, 'terminal', 'outbox.db'), 'x'.repeat(10_000));
  writeFileSync(join(folder, 'terminal', 'identity.json'), '{');
  const again = await startAgent(hub, folder);
  await (await stepUp(again.address)).shows((view) => view.online);
  expect(again.output()).toMatch(/outbox\.db\.broken-/);
  expect(again.output()).toMatch(/identity\.json\.broken-/);
  await again.stop();
});

test.each([
  ['a wrong setting', { MANYI_SCREEN_PORT: 'eighty' }, /^MANYI_SCREEN_PORT is wrong: [^\n]*\n$/],
  ['a misspelt setting', { MANYI_SCREN_PORT: '80' }, /^MANYI_SCREN_PORT is not a setting[^\n]*\n$/],
  [
    'a folder that cannot be written',
    { MANYI_DATA: '/proc/nowhere' },
    /^The data folder cannot be written[^\n]*MANYI_DATA[^\n]*\n$/,
  ],
])('%s stops the start with one line', async (_name, wrong, line) => {
  const agent = startProgram(entry, { ...everySetting, MANYI_DATA: temporaryFolder(), ...wrong });
  expect(await agent.ended).toBe(1);
  expect(agent.output()).toMatch(line);
});

test('a port that is taken, and a folder of another terminal, stop the start with one line', async () => {
  const folder = temporaryFolder();
  const first = startProgram(entry, { ...everySetting, MANYI_DATA: folder });
  const [, port = ''] = await first.writes(/Counter screen: \S+:(\d+)/);
  const second = startProgram(entry, { ...everySetting, MANYI_DATA: temporaryFolder(), MANYI_SCREEN_PORT: port });
  expect(await second.ended).toBe(1);
  expect(second.output()).toMatch(new RegExp(`Port ${port} is taken[^\n]*\n$`));
  await first.stop();
});

test('a second Ctrl-C within a second changes nothing', async () => {
  const entryPath = new URL(`../../${entry}`, import.meta.url).pathname;
  const folder = join(temporaryFolder(), 'new');
  mkdirSync(folder);
  const env = { ...everySetting, PATH: String(process.env['PATH']), MANYI_DATA: folder };
  const child = spawn(process.execPath, [entryPath], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
