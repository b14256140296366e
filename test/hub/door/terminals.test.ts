import { randomUUID } from 'node:crypto';
import type { Quarantined, Terminal } from '@manyi/config/api';
import { statusEveryMs } from '@manyi/config/limits';
import { defaultRecordingPolicy } from '@manyi/config/recordings';
import type { Roster, RosterNotice } from '@manyi/config/roster';
import type { TerminalSettings } from '@manyi/config/terminal-settings';
import { localDate } from '@manyi/config/zone';
import { afterEach, expect, test, vi } from 'vitest';
import { type Api, eventually } from '../../support/api.ts';
import { event, rating } from '../../support/events.ts';
import { makeSite, makeSupervisor, openDoor } from './door.ts';
import { connect, enrol, makeCode, online } from './enrolled.ts';

const settings = 'manyi/v1/main-hall/terminal-1/settings';
const roster = 'manyi/v1/main-hall/roster';

async function open() {
  const door = await openDoor();
  const api = await door.admin();
  await makeSite(api);
  const given = await enrol(door, await makeCode(api));
  return { door, api, given };
}

afterEach(() => vi.useRealTimers());

function presence(api: Api) {
  return api.get<Terminal>('/terminals/terminal-1');
}

test('presence is unknown until heard, and only the latest connection can say offline', async () => {
  const { api, given } = await open();
  expect((await presence(api)).presence).toMatchObject({ state: 'unknown', unsent: null });
  const line = await connect(given);
  const [first, second, outbox] = [randomUUID(), randomUUID(), randomUUID()];

  await line.publish('status', online(first, outbox, 3, 5));
  const heard = await eventually(
    () => presence(api),
    (terminal) => terminal.presence.state === 'online',
  );
  expect(heard).toMatchObject({ agent: 'test/1', health: { uptimeMs: 1000 }, presence: { unsent: 2 } });

  await line.publish('status', online(second, outbox, 5, 5));
  await line.publish('status', { state: 'offline', connection: first });
  await line.publish('status', online(second, outbox, 5, 6));
  const still = await eventually(
    () => presence(api),
    (terminal) => terminal.presence.unsent === 1,
  );
  // Not for a moment was it taken for offline.
  expect(still.presence).toEqual({ ...heard.presence, unsent: 1 });

  await line.publish('status', { state: 'offline', connection: second });
  await eventually(
    () => presence(api),
    (terminal) => terminal.presence.state === 'offline',
  );
});

test('a time that no calendar writes and a number that nobody counts to are put aside, and every view goes on', async () => {
  const { door, api, given } = await open();
  const line = await connect(given);
  const [before, since, good] = [rating(randomUUID(), 1), rating(randomUUID(), 1), rating(randomUUID(), 1)];
  const most = Number.MAX_SAFE_INTEGER;
  await line.publish('events', { ...before, time: '0000-01-01T00:00:00+14:00' });
  await line.publish('events', { ...since, data: { ...since.data, startedAt: '9999-12-31T23:59:59-12:00' } });
  for (const outbox of [randomUUID(), randomUUID()]) {
    await line.publish('events', rating(outbox, most));
    await line.publish('status', online(randomUUID(), outbox, most, most));
  }
  await line.publish('events', good);

  const { items } = await eventually(
    () => api.get<{ items: { service: string }[] }>('/ratings'),
    (page) => page.items.length > 0,
  );
  expect(items.map(({ service }) => service)).toEqual([good.data['service']]);
  for (const path of ['/terminals', '/terminals/terminal-1/completeness', `/floor?site=main-hall`, '/scores']) {
    expect([path, (await door.ask('GET', path, { token: api.token })).status]).toEqual([path, 200]);
  }
  const kept = await api.get<{ items: Quarantined[] }>('/quarantine');
  expect(kept.items.map(({ reason }) => reason).reverse()).toEqual([
    'not-an-event',
    'not-an-event',
    'not-an-event',
    'not-a-status',
    'not-an-event',
    'not-a-status',
  ]);
});

test('a terminal that falls silent without a last word is offline after three that are missing', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const { api, given } = await open();
  const line = await connect(given);
  await line.publish('status', online(randomUUID(), randomUUID()));
  const stateIs = (state: string) =>
    eventually(
      () => presence(api),
      (terminal) => terminal.presence.state === state,
    );
  await stateIs('online');
  vi.setSystemTime(Date.now() + 3 * statusEveryMs);
  expect((await presence(api)).presence.state).toBe('online');
  vi.setSystemTime(Date.now() + 10_000);
  await stateIs('offline');
  await line.publish('status', online(randomUUID(), randomUUID()));
  await stateIs('online');
});

test('a list goes on only from the next of a page', async () => {
  const { door, api } = await open();
  const answer = await door.ask('GET', '/quarantine?cursor=nowhere', { token: api.token });
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ errors: [{ path: 'querystring.cursor' }] });
});

test('after a restart of the hub presence is unknown again, and the agent is still known', async () => {
  const { door, api, given } = await open();
  const line = await connect(given);
  await line.publish('status', online(randomUUID(), randomUUID()));
  await eventually(
    () => presence(api),
    (terminal) => terminal.presence.state === 'online',
  );
  const again = await (await door.again()).admin();
  expect(await presence(again)).toMatchObject({ agent: 'test/1', presence: { state: 'unknown' } });
});

test('settings and roster wait for a terminal, and come again on every change', async () => {
  const { api, given } = await open();
  const line = await connect(given);
  await line.client.subscribeAsync([settings, roster], { qos: 1 });
  expect(await line.next(settings)).toEqual({
    site: { id: 'main-hall', name: 'Site main-hall', timeZone: 'Asia/Shanghai', mode: 'called' },
    counter: { id: 'counter-1', name: 'Counter 1' },
    profile: 'four-key',
    recording: defaultRecordingPolicy,
    held: [],
  });
  const first = (await line.next(roster)) as RosterNotice;

  await api.call('PATCH', '/sites/main-hall', { mode: 'continuous', profile: 'five-level' });
  await api.post('/counters', { id: 'counter-2', site: 'main-hall', name: 'Counter 2' });
  const hasRules = (message: unknown) => (message as TerminalSettings).site.mode === 'continuous';
  expect(await line.next(settings, hasRules)).toMatchObject({ profile: 'five-level', counter: { id: 'counter-1' } });
  await api.call('PATCH', '/terminals/terminal-1', { counter: 'counter-2' });
  const hasMoved = (message: unknown) => (message as TerminalSettings).counter.id === 'counter-2';
  expect(await line.next(settings, hasMoved)).toMatchObject({ counter: { name: 'Counter 2' } });

  await api.post('/clerks', { id: 'C1', site: 'main-hall', name: 'One', number: '1' });
  const isNew = (message: unknown) => (message as RosterNotice).version !== first.version;
  const notice = (await line.next(roster, isNew)) as RosterNotice;
  const content = await api.get<Roster>(notice.href.replace('/api/v1', ''));
  expect(content).toMatchObject({ version: notice.version, clerks: [{ id: 'C1' }] });
});

test('after a restart of the hub settings and roster are there again', async () => {
  const { door, given } = await open();
  const again = await door.again();
  const line = await connect({ ...given, broker: again.running.mqtt });
  await line.client.subscribeAsync([settings, roster], { qos: 1 });
  expect(await line.next(settings)).toMatchObject({ counter: { id: 'counter-1' } });
  expect(await line.next(roster)).toMatchObject({ href: '/api/v1/sites/main-hall/roster' });
});

test('a command reaches the terminal with an id and an end', async () => {
  const { door, api, given } = await open();
  const line = await connect(given);
  const topic = 'manyi/v1/main-hall/terminal-1/commands';
  await line.client.subscribeAsync(topic, { qos: 1 });
  const sent = await door.ask('POST', '/terminals/terminal-1/commands', {
    token: api.token,
    body: { name: 'next', data: { ticket: 'A012' } },
  });
  expect(sent.status).toBe(202);
  const { id, expires } = sent.body as { id: string; expires: string };
  expect(await line.next(topic)).toEqual({ id, name: 'next', data: { ticket: 'A012' }, expires });

  const wrong = await door.ask('POST', '/terminals/terminal-1/commands', { token: api.token, body: { name: 'dance' } });
  expect(wrong.status).toBe(400);
  const supervisor = await makeSupervisor(door, api, []);
  const foreign = (terminal: string) =>
    door.ask('POST', `/terminals/${terminal}/commands`, { token: supervisor, body: { name: 'invite' } });
  expect((await foreign('terminal-1')).text).toBe((await foreign('terminal-9')).text);

  const connection = randomUUID();
  await line.publish('status', online(connection, randomUUID()));
  await line.publish('status', { state: 'offline', connection });
  await eventually(
    () => presence(api),
    (terminal) => terminal.presence.state === 'offline',
  );
  const away = await door.ask('POST', '/terminals/terminal-1/commands', { token: api.token, body: { name: 'invite' } });
  expect(away).toMatchObject({ status: 409, body: { type: 'urn:manyi:problem:terminal-offline' } });
});

test('completeness counts what came, what was unusable and what is missing', async () => {
  const { door, api, given } = await open();
  const line = await connect(given);
  const outbox = randomUUID();
  await line.publish('events', rating(outbox, 1));
  await line.publish('events', rating(outbox, 2, { level: 'splendid' }));
  await line.publish('events', rating(outbox, 4));
  await line.publish('events', 'not JSON');
  await line.publish('status', online(randomUUID(), outbox, 1, 7));

  const path = '/terminals/terminal-1/completeness';
  const expected = { expected: 6, received: 2, quarantined: 2, missing: 3 };
  await eventually(
    () => api.get(path),
    (found) => JSON.stringify(found) === JSON.stringify(expected),
  );
  const today = localDate(Date.now(), 'Asia/Shanghai');
  expect(await api.get(`${path}?day=${today}`)).toEqual(expected);
  expect(await api.get(`${path}?day=2020-01-01`)).toEqual({ expected: 0, received: 0, quarantined: 0, missing: 0 });
  expect((await door.ask('GET', `${path}?day=yesterday`, { token: api.token })).status).toBe(400);

  const { items } = await api.get<{ items: Quarantined[] }>('/quarantine');
  expect(items.map((item) => [item.reason, item.terminal])).toEqual([
    ['not-json', 'terminal-1'],
    ['unknown-level', 'terminal-1'],
  ]);
  expect(items[0]?.text).toBe('not JSON');
  const supervisor = await makeSupervisor(door, api, []);
  expect((await door.ask('GET', '/quarantine', { token: supervisor })).body).toMatchObject({ items: [] });
});

test('what is put aside beyond what the quarantine keeps is counted all the same', async () => {
  const { api, given } = await open();
  const line = await connect(given);
  const outbox = randomUUID();
  const taken = rating(outbox, 1);
  await line.publish('events', taken);
  const large = 'x'.repeat(240_000);
  for (let sent = 0; sent < 48; sent++) await line.publish('events', large);
  await line.publish('events', { ...taken, id: randomUUID() });
  await line.publish('events', rating(outbox, 2));
  const counted = await eventually(
    () => api.get<{ received: number; quarantined: number }>('/terminals/terminal-1/completeness'),
    ({ received }) => received === 2,
  );
  expect(counted).toEqual({ expected: 2, received: 2, quarantined: 49, missing: 0 });
  expect((await presence(api)).today).toEqual(counted);
});

test('the zone of a site is fixed once it has ratings, and its clerks with ratings become inactive', async () => {
  const { door, api, given } = await open();
  await api.post('/clerks', { id: 'C0017', site: 'main-hall', name: 'One', number: '17' });
  const line = await connect(given);
  await line.publish('events', rating(randomUUID(), 1));
  await eventually(
    () => api.get<{ items: unknown[] }>('/ratings'),
    ({ items }) => items.length === 1,
  );
  const change = await door.ask('PATCH', '/sites/main-hall', { token: api.token, body: { timeZone: 'Europe/Berlin' } });
  expect(change.status).toBe(409);
  expect(await api.call('DELETE', '/clerks/C0017')).toMatchObject({ id: 'C0017', active: false });
  expect(await api.get('/sites/main-hall/roster')).toMatchObject({ clerks: [] });
});

test('what the panel counted is compared with what came, and outlives a restart of the hub', async () => {
  const { door, api, given } = await open();
  const [line, outbox] = [await connect(given), randomUUID()];
  let seq = 0;
  const says = (type: string, data: Record<string, unknown>) =>
    line.publish('events', event(type, outbox, ++seq, data));
  const counted = (dissatisfied: number) =>
    says('manyi.panel.counted.v1', {
      panel: '1a2b3c4d',
      totals: { 'very-satisfied': 10, satisfied: 20, average: 30, dissatisfied },
    });
  await counted(40);
  await line.publish('events', rating(outbox, ++seq, { level: 'dissatisfied' }));
  await says('manyi.press.ignored.v1', { clerk: null, why: 'repeat', presses: { dissatisfied: 2 } });
  await counted(45);
  const bad = (terminal: Terminal) => terminal.keys?.keys.find(({ level }) => level === 'dissatisfied');
  const compared = await eventually(
    () => presence(api),
    (terminal) => bad(terminal)?.counted === 5,
  );
  expect(bad(compared)).toMatchObject({ heard: 3, counted: 5, unheard: 2, quiet: false });
  expect(compared.keys?.panel).toMatchObject({ id: '1a2b3c4d', begun: 'first' });

  const again = await (await door.again()).admin();
  expect((await presence(again)).keys).toEqual(compared.keys);
});
