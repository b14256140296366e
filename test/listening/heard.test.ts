import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HeardAnswer } from '@manyi/agent/screen/heard';
import type { Terminal } from '@manyi/agent/terminal';
import type { Enrolled } from '@manyi/config/api';
import type { OwnHearing } from '@manyi/config/audit';
import { expect, test } from 'vitest';
import { browserOfFile, openPage } from '../agent/screen/browser.ts';
import { eventually } from '../support/api.ts';
import { isLive } from './ear.ts';
import { openRoom, purpose, type Room, screenOf } from './room.ts';

const browser = await browserOfFile();

const badges = { C0017: '0008231947', C0018: '0008231948' };

/** What the counter screen's page is told. */
async function heardAt({ screenAddress }: Terminal, more = ''): Promise<HeardAnswer> {
  return (await fetch(`${screenAddress}/heard${more}`)).json() as Promise<HeardAnswer>;
}

/** Until the hub knows who is on duty. */
function heard(terminal: Terminal): Promise<HeardAnswer> {
  return eventually(
    () => heardAt(terminal),
    ({ state }) => state !== 'not-yet',
  );
}

function itemsOf(answer: HeardAnswer): readonly OwnHearing[] {
  return answer.state === 'known' ? answer.items : [];
}

async function openTerminal(room: Room, number = 1): Promise<Terminal> {
  const terminal = await room.terminal(number);
  const roster = join(room.folder, `terminal-${number}`, 'terminal', 'roster.json');
  await eventually(
    async () => existsSync(roster) && readFileSync(roster, 'utf8').includes('C0018'),
    (isThere) => isThere,
  );
  await (await screenOf(terminal)).shows(({ online, counter }) => online && counter.endsWith('号窗口'));
  return terminal;
}

/** Listens in for a moment. */
async function listenIn(room: Room): Promise<void> {
  const chen = await room.supervisor('chen', ['main-hall']);
  const { ear } = await room.listen('counter-1', chen.token);
  await ear.until(isLive);
  ear.hangUp();
  await eventually(
    () => room.log(),
    (log) => log.some(({ what }) => what === 'listening.end'),
  );
}

test('a badged clerk sees at the counter who has listened to them: who, when, what, how long and why, and not of which customer', async () => {
  const room = await openRoom();
  const terminal = await openTerminal(room);
  await terminal.input({ type: 'badge', code: badges.C0017 });
  expect(await heard(terminal)).toEqual({ state: 'known', items: [], next: null });
  await listenIn(room);
  const [hearing, ...others] = itemsOf(await heardAt(terminal));
  expect(others).toEqual([]);
  expect(hearing).toMatchObject({ who: 'chen', name: 'chen', what: 'listening.start', why: purpose, ended: true });
  expect(hearing?.lastedMs).toBeGreaterThan(0);
  expect(Object.keys(hearing ?? {})).not.toContain('service');
  expect(Object.keys(hearing ?? {})).not.toContain('recording');

  const { page, errors } = await openPage(browser, terminal.screenAddress);
  await page.keyboard.press('h');
  const row = page.getByRole('dialog', { name: '谁听过我' }).getByRole('row').filter({ hasText: purpose });
  await row.waitFor();
  const [text] = await row.allInnerTexts();
  expect(text?.replaceAll(/\s+/g, ' ')).toMatch(/^20\d\d-\S+ \d\d:\d\d chen 现场监听 listened in 0:\d\d 投诉复核$/);
  await terminal.input({ type: 'next' });
  await row.waitFor({ state: 'detached' });
  expect(errors).toEqual([]);
});

test('it is for the clerk on duty there, and only while nobody is served', async () => {
  const room = await openRoom();
  const terminal = await openTerminal(room);
  expect(await heardAt(terminal)).toEqual({ state: 'not-now' });
  await terminal.input({ type: 'badge', code: badges.C0017 });
  await heard(terminal);
  await listenIn(room);
  await terminal.input({ type: 'next' });
  expect(await heardAt(terminal)).toEqual({ state: 'not-now' });
  await terminal.input({ type: 'press', level: 'satisfied' });
  await terminal.input({ type: 'end' });
  await terminal.input({ type: 'badge', code: badges.C0018 });
  await (await screenOf(terminal)).shows(({ clerk, mayShowHeard }) => clerk?.id === 'C0018' && mayShowHeard);
  expect(await heard(terminal)).toEqual({ state: 'known', items: [], next: null });
});

test('the hub tells it to nobody but the terminal at which the ledger has the clerk on duty', async () => {
  const room = await openRoom();
  const terminal = await openTerminal(room);
  await terminal.input({ type: 'badge', code: badges.C0017 });
  await heard(terminal);
  const other = await enrol(room);
  const ask = async (clerk: string, authorization: string) => {
    const answer = await fetch(`${room.url}/api/v1/audit/clerks/${clerk}/own`, { headers: { authorization } });
    return [answer.status, ((await answer.json()) as { type?: string }).type];
  };
  expect(await ask('C0017', other)).toEqual([409, 'urn:manyi:problem:not-on-duty']);
  expect(await ask('C0018', other)).toEqual([409, 'urn:manyi:problem:not-on-duty']);
  expect(await ask('C0017', `Bearer ${room.api.token}`)).toEqual([403, 'about:blank']);
  expect((await ask('C0017', 'Basic bm9ib2R5Om5vdGhpbmc='))[0]).toBe(401);
});

test('without the hub it says so, and other pages on the machine are told nothing', async () => {
  const room = await openRoom();
  const terminal = await openTerminal(room);
  await terminal.input({ type: 'badge', code: badges.C0017 });
  await heard(terminal);
  const { port } = new URL(terminal.screenAddress);
  const foreign = await fetch(`${terminal.screenAddress}/heard`, { method: 'POST' });
  expect(foreign.status).toBe(405);
  expect((await fetch(`${terminal.screenAddress}/heard?cursor=../`)).status).toBe(400);
  const answer = await fetch(`http://127.0.0.1:${port}/heard`, { headers: { origin: 'http://elsewhere.example' } });
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  expect(answer.headers.get('cross-origin-resource-policy')).toBe('same-origin');
  const screen = await screenOf(terminal);
  await room.close();
  await screen.shows(({ online }) => !online);
  expect(await heardAt(terminal)).toEqual({ state: 'offline' });
});

/** Another terminal of the same site, with nobody on duty; answers what signs it in. */
async function enrol({ api }: Room): Promise<string> {
  const place = { site: 'main-hall', counter: 'counter-2', terminal: 'terminal-9' };
  const { code } = await api.post<{ code: string }>('/enrolments', place);
  const { username, password } = await api.post<Enrolled>('/enrol', { code, nonce: randomUUID() });
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
