import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Hearing } from '@manyi/config/audit';
import type { ListeningMessage } from '@manyi/config/listening';
import type { SimulatedLamps } from '@manyi/firmware/lamps/simulated';
import type { SimulatedMicrophone } from '@manyi/firmware/microphone/simulated';
import { samplesOf, samplesPerSecond } from '@manyi/firmware/sound/format';
import { verifyAudit } from '@manyi/hub/audit/verify';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { eventually } from '../support/api.ts';
import { makeFolder } from '../support/folder.ts';
import { endOf, isLive, joinListening } from './ear.ts';
import { openRoom, purpose, type Room, screenOf, tokenOf } from './room.ts';

test('a supervisor hears the counter, lamp and screen say so as long as it lasts, and the log has who, where, why and how long', async () => {
  const room = await openRoom();
  const terminal = await room.terminal();
  const screen = await screenOf(terminal);
  const lamps = terminal.hardware().lamps as SimulatedLamps;
  await screen.shows(({ online, listening }) => online && !listening);
  expect(lamps.listening).toBe(false);

  const { listening, ear } = await room.listen();
  await ear.until(isLive);
  await ear.until(({ frames }) => frames.length >= 10);
  await screen.shows((view) => view.listening);
  expect(lamps.listening).toBe(true);
  expect(Math.round(toneOf(ear.frames.map(({ samples }) => samples)) / 10)).toBe(44);
  expect(ear.frames.map(({ number }) => number).slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
  expect(ear.frames.every(({ channels, samples }) => channels === 1 && samples.length >= 3200)).toBe(true);
  expect(await room.api.get('/listenings')).toEqual({ items: [listening], next: null });

  ear.hangUp();
  await screen.shows((view) => !view.listening);
  expect(lamps.listening).toBe(false);
  expect(await room.api.get('/listenings')).toEqual({ items: [], next: null });
  const [start, end, ...more] = await room.log();
  const common = { who: 'admin', site: 'main-hall', counter: 'counter-1', clerk: null, service: null, why: purpose };
  expect(start).toMatchObject({
    ...common,
    what: 'listening.start',
    detail: 'terminal-1',
    about: null,
    lastedMs: null,
  });
  expect(end).toMatchObject({ ...common, what: 'listening.end', detail: 'left', about: start?.position });
  expect(end?.lastedMs).toBeGreaterThanOrEqual(1000);
  expect(more).toEqual([]);
  expect(verifyAudit(join(room.folder, 'hub', 'hub.db')).fault).toBeNull();
});

/** The pitch of a tone, by how often it passes zero. */
function toneOf(pieces: readonly Uint8Array[]): number {
  const samples = samplesOf(Buffer.concat(pieces));
  const rises = samples.filter((sample, at) => sample >= 0 && (samples[at - 1] ?? 0) < 0).length;
  return (rises * samplesPerSecond) / samples.length;
}

test('several hear one counter while it is asked once, and it falls silent when the last of them goes', async () => {
  const room = await openRoom();
  const screen = await screenOf(await room.terminal());
  const chen = await room.supervisor('chen', ['main-hall']);
  const first = await room.listen();
  await first.ear.until(({ frames }) => frames.length >= 3);
  const second = await room.listen('counter-1', chen.token);
  await second.ear.until(({ frames }) => frames.length >= 5);
  // One stream: a second one would count its frames anew.
  expect(second.ear.frames[0]?.number).toBeGreaterThanOrEqual(3);
  const known = new Map(first.ear.frames.map((frame) => [frame.number, frame.heardAt]));
  for (const { number, heardAt } of second.ear.frames.slice(0, 3)) expect(known.get(number)).toBe(heardAt);
  await first.ear.until(({ messages }) => othersIn(messages).includes('chen'));
  await second.ear.until(({ messages }) => othersIn(messages).includes('admin'));

  first.ear.hangUp();
  const heard = second.ear.frames.length;
  await second.ear.until(({ frames }) => frames.length >= heard + 5);
  await screen.shows(({ listening }) => listening);
  second.ear.hangUp();
  await screen.shows(({ listening }) => !listening);
  const log = await room.log();
  expect(log.map(({ who, what }) => `${who} ${what}`)).toEqual([
    'admin listening.start',
    'chen listening.start',
    'admin listening.end',
    'chen listening.end',
  ]);
});

test('it ends by itself after the limit', async () => {
  const room = await openRoom({ minutes: 0.03 });
  const screen = await screenOf(await room.terminal());
  const { listening, ear } = await room.listen();
  expect(Date.parse(listening.endsAt) - Date.parse(listening.startedAt)).toBe(1800);
  await ear.until(isLive);
  expect(await ear.closed).toBe(1000);
  expect(endOf(ear)).toBe('limit');
  await screen.shows((view) => !view.listening);
  expect((await room.log()).map(({ detail }) => detail)).toEqual(['terminal-1', 'limit']);
});

test('a browser that goes away without a word: the counter falls silent at once, and the listening can be joined again for ten seconds', async () => {
  let aheadMs = 0;
  const room = await openRoom({ now: () => Date.now() + aheadMs });
  const screen = await screenOf(await room.terminal());
  const { listening, ear } = await room.listen();
  await ear.until(isLive);
  ear.socket.terminate();
  await screen.shows((view) => !view.listening);
  expect((await room.log()).map(({ what }) => what)).toEqual(['listening.start']);

  const again = await joinListening(room.url, listening.listening, room.api.token);
  await again.until(isLive);
  await screen.shows((view) => view.listening);
  again.socket.terminate();
  await screen.shows((view) => !view.listening);
  aheadMs = 10_000;
  await eventually(
    () => room.log(),
    (log) => log.length === 2,
  );
  const [, end] = await room.log();
  expect(end).toMatchObject({ what: 'listening.end', detail: 'went-away' });
  // It lasted until the browser went, not until the hub gave it up.
  expect(end?.lastedMs).toBeLessThan(10_000);
  await expect(joinListening(room.url, listening.listening, room.api.token)).rejects.toThrow('404');
});

test('a listening that nobody joins ends, and nothing was ever heard', async () => {
  let aheadMs = 0;
  const room = await openRoom({ now: () => Date.now() + aheadMs });
  const terminal = await room.terminal();
  await room.ask(room.api.token);
  aheadMs = 10_000;
  await eventually(
    () => room.log(),
    (log) => log.length === 2,
  );
  expect((await room.log())[1]).toMatchObject({ detail: 'never-joined', lastedMs: 0 });
  expect((terminal.hardware().lamps as SimulatedLamps).listening).toBe(false);
});

test('whoever joins anew takes the line from the one before', async () => {
  const room = await openRoom();
  await room.terminal();
  const { listening, ear } = await room.listen();
  const second = await joinListening(room.url, listening.listening, room.api.token);
  expect(await ear.closed).toBe(4001);
  await second.until(isLive);
  second.hangUp();
  await eventually(
    () => room.log(),
    (log) => log.length === 2,
  );
});

test('each clerk who comes on duty meanwhile has an entry, and can be shown who has heard them', async () => {
  const room = await openRoom();
  const terminal = await room.terminal();
  const roster = join(room.folder, 'terminal-1', 'terminal', 'roster.json');
  await eventually(
    async () => existsSync(roster) && readFileSync(roster, 'utf8').includes('C0018'),
    (known) => known,
  );
  // The counter's name comes with the site's mode: customers are called here.
  await (await screenOf(terminal)).shows(({ counter }) => counter === '1 号窗口');
  await terminal.input({ type: 'badge', code: '0008231947' });
  await terminal.input({ type: 'next' });
  await eventually(
    async () => inDatabase(room, "SELECT clerk FROM ledger WHERE type = 'manyi.service.started.v1'"),
    ([clerk]) => clerk === 'C0017',
  );
  const { ear } = await room.listen();
  await ear.until(isLive);
  await terminal.input({ type: 'badge', code: '0008231948' });
  await terminal.input({ type: 'press', level: 'satisfied' });
  await eventually(
    () => room.log(),
    (log) => log.some(({ clerk }) => clerk === 'C0018'),
  );
  ear.hangUp();
  await eventually(
    () => room.log(),
    (log) => log.filter(({ what }) => what === 'listening.start').length * 2 === log.length,
  );
  const log = await room.log();
  expect(log.map(({ what, clerk, detail }) => [what.slice(10), clerk, detail])).toEqual([
    ['start', 'C0017', 'terminal-1'],
    ['end', 'C0017', 'clerk-changed'],
    ['start', 'C0018', 'terminal-1'],
    ['end', 'C0018', 'left'],
  ]);
  expect(log[0]?.service).toMatch(/^[0-9a-f-]{36}$/);
  for (const clerk of ['C0017', 'C0018']) {
    const { items } = await room.api.get<{ items: Hearing[] }>(`/audit/clerks/${clerk}`);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ who: 'admin', what: 'listening.start', counter: 'counter-1', why: purpose });
    expect(items[0]?.lastedMs).toBeGreaterThanOrEqual(0);
  }
  expect(verifyAudit(join(room.folder, 'hub', 'hub.db')).fault).toBeNull();
});

test('each service that begins meanwhile is named, and for its clerk it stays one listening', async () => {
  const room = await openRoom();
  const terminal = await room.terminal();
  const roster = join(room.folder, 'terminal-1', 'terminal', 'roster.json');
  await eventually(
    async () => existsSync(roster) && readFileSync(roster, 'utf8').includes('C0017'),
    (known) => known,
  );
  const screen = await screenOf(terminal);
  await screen.shows(({ counter }) => counter === '1 号窗口');
  await terminal.input({ type: 'badge', code: '0008231947' });
  await terminal.input({ type: 'next' });
  const started = "SELECT service FROM ledger WHERE type = 'manyi.service.started.v1' ORDER BY position";
  const services = (count: number) =>
    eventually(
      async () => inDatabase(room, started),
      ({ length }) => length === count,
    );
  await services(1);
  const { ear } = await room.listen();
  await ear.until(isLive);
  for (const count of [2, 3]) {
    await terminal.input({ type: 'press', level: 'satisfied' });
    await terminal.input({ type: 'next' });
    await services(count);
  }
  ear.hangUp();
  const log = await eventually(
    () => room.log(),
    (entries) => entries.some(({ what }) => what === 'listening.end'),
  );
  const [first, second, third] = await services(3);
  expect(log.map(({ what, clerk, service, detail }) => [what.slice(10), clerk, service, detail])).toEqual([
    ['start', 'C0017', first, 'terminal-1'],
    ['service', 'C0017', second, String(log[0]?.position)],
    ['service', 'C0017', third, String(log[0]?.position)],
    ['end', 'C0017', third, 'left'],
  ]);
  const { items } = await room.api.get<{ items: Hearing[] }>('/audit/clerks/C0017');
  expect(items).toMatchObject([{ what: 'listening.start', service: first, ended: true }]);
});

test('a service that runs over a restart of the hub is named too', async () => {
  const folder = makeFolder();
  const first = await openRoom({ folder });
  const terminal = await first.terminal();
  await (await screenOf(terminal)).shows(({ counter }) => counter === '1 号窗口');
  await terminal.input({ type: 'next' });
  const started = "SELECT service FROM ledger WHERE type = 'manyi.service.started.v1'";
  const [service] = await eventually(
    async () => inDatabase(first, started),
    ({ length }) => length === 1,
  );
  await terminal.close();
  await first.close();
  const room = await openRoom({ folder });
  await room.terminal();
  const { ear } = await room.listen();
  await ear.until(isLive);
  ear.hangUp();
  expect((await room.log())[0]).toMatchObject({ what: 'listening.start', service });
});

test('a terminal that goes away is said to be away, and is heard again when it is back', async () => {
  const room = await openRoom();
  const terminal = await room.terminal();
  const { ear } = await room.listen();
  await ear.until(isLive);
  await terminal.close();
  await ear.until(({ messages }) => states(messages).at(-1) === 'terminal-away');
  const before = ear.frames.length;
  await room.terminal();
  await ear.until(({ frames }) => frames.length >= before + 3);
  await ear.until(({ messages }) => states(messages).at(-1) === 'live');
  ear.hangUp();
});

test('a microphone that fails meanwhile is said, and heard again when it is back', async () => {
  const room = await openRoom();
  const terminal = await room.terminal();
  const { ear } = await room.listen();
  await ear.until(isLive);
  (terminal.hardware().microphone as SimulatedMicrophone).fail('pulled out');
  await ear.until(({ messages }) => states(messages).includes('microphone-failed'));
  await ear.until(({ messages }) => states(messages).at(-1) === 'live');
  ear.hangUp();
});

test('a session that ends, and a right that is lost, end the listening too', async () => {
  const room = await openRoom();
  await room.terminal();
  const chen = await room.supervisor('chen', ['main-hall']);
  const first = await room.listen('counter-1', chen.token);
  await first.ear.until(isLive);
  await fetch(`${room.url}/api/v1/logout`, { method: 'POST', headers: { authorization: `Bearer ${chen.token}` } });
  await first.ear.closed;
  expect(endOf(first.ear)).toBe('signed-out');

  const second = await room.listen('counter-1', await tokenOf(room.url, chen.username, chen.password));
  await second.ear.until(isLive);
  await room.api.call('PATCH', '/users/chen', { sites: ['other-hall'] });
  await second.ear.closed;
  expect(endOf(second.ear)).toBe('right-lost');
  expect((await room.log()).map(({ detail }) => detail)).toEqual([
    'terminal-1',
    'signed-out',
    'terminal-1',
    'right-lost',
  ]);
});

test('a hub that stops tells whoever listens, and the log has the end', async () => {
  const room = await openRoom();
  const screen = await screenOf(await room.terminal());
  const { ear } = await room.listen();
  await ear.until(isLive);
  await room.close();
  expect(await ear.closed).toBe(1000);
  expect(endOf(ear)).toBe('hub-stopped');
  await screen.shows((view) => !view.listening);
  const details = inDatabase(room, "SELECT detail FROM audit WHERE what LIKE 'listening.%' ORDER BY position");
  expect(details).toEqual(['terminal-1', 'hub-stopped']);
});

function inDatabase({ folder }: Room, sql: string): unknown[] {
  const database = new Sqlite(join(folder, 'hub', 'hub.db'), { readonly: true });
  try {
    return database.prepare(sql).pluck().all();
  } finally {
    database.close();
  }
}

function states(messages: readonly ListeningMessage[]): string[] {
  return messages.flatMap((message) => (message.type === 'state' ? [message.state] : []));
}

function othersIn(messages: readonly ListeningMessage[]): readonly string[] {
  const last = messages.at(-1);
  return last?.type === 'state' ? last.others : [];
}
