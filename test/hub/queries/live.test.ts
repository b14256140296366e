import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import type { Floor } from '@manyi/config/api';
import { liveEntry, livePresence } from '@manyi/config/live';
import { afterEach, describe, expect, test } from 'vitest';
import { type Hall, type Happening, openHall } from './hall.ts';
import { type Listener, listen } from './listen.ts';

const now = Date.parse('2026-11-22T17:30:00+08:00');
const minute = 60_000;
let hall: Hall;
const listeners: Listener[] = [];

afterEach(async () => {
  for (const listener of listeners.splice(0)) listener.stop();
  await hall.close();
});

function ratings(count: number, more: Partial<Happening> = {}): Happening[] {
  return Array.from({ length: count }, (_, index) => ({
    type: 'rating.given',
    at: now - (count - index) * 10,
    data: { service: randomUUID(), clerk: 'C1', level: 'satisfied', invitedBy: 'clerk' },
    ...more,
  }));
}

async function live(query = '', headers: Record<string, string> = {}, token = 'admin'): Promise<Listener> {
  const listener = await listen(`${hall.base}/live${query}`, { authorization: `Bearer ${token}`, ...headers });
  listeners.push(listener);
  return listener;
}

const positions = (listener: Listener) => listener.heard.flatMap(({ id }) => (id === undefined ? [] : [Number(id)]));

describe('the live stream', () => {
  test('begins with what comes next, as entries of the treaty', async () => {
    hall = await openHall([{ id: 'main-hall' }], now);
    await hall.tell(ratings(3));
    const listener = await live();
    await hall.tell(ratings(1));
    const event = await listener.next();
    const entry = liveEntry.parse(JSON.parse(event.data));
    expect(event.id).toBe('4');
    expect(entry).toMatchObject({
      position: 4,
      type: 'manyi.rating.given.v1',
      time: '2026-11-22T17:29:59.990+08:00',
      site: 'main-hall',
      counter: 'counter-1',
      terminal: 'main-hall-t1',
      clerk: 'C1',
    });
    expect(entry.data).toMatchObject({ level: 'satisfied', service: entry.service });
  });

  test('resumed again and again under load has no gap and no repeat', async () => {
    hall = await openHall([{ id: 'main-hall' }], now);
    const total = 6000;
    const writing = (async () => {
      for (let written = 0; written < total; written += 40) await hall.tell(ratings(40));
    })();
    const heard: number[] = [];
    while ((heard.at(-1) ?? 0) < total) {
      const listener = await live('?after=0', heard.length === 0 ? {} : { 'last-event-id': String(heard.at(-1)) });
      for (let taken = 0; taken < 250 && (positions(listener).at(-1) ?? 0) < total; taken++) await listener.next();
      listener.stop();
      await listener.ended;
      heard.push(...positions(listener));
    }
    await writing;
    expect(heard).toEqual(Array.from({ length: total }, (_, index) => index + 1));
  });

  test('begins with what comes next for a reader whose position a restored hub has not reached yet', async () => {
    hall = await openHall([{ id: 'main-hall' }], now);
    await hall.tell(ratings(3));
    const listener = await live('', { 'last-event-id': '5' });
    await hall.tell(ratings(2));
    expect([(await listener.next()).id, (await listener.next()).id]).toEqual(['4', '5']);
  });

  test('gives a supervisor the entries and terminals of their sites only', async () => {
    hall = await openHall(
      [
        { id: 'east', counters: 1 },
        { id: 'west', counters: 1 },
      ],
      now,
    );
    hall.users.set('eve', { username: 'eve', name: 'Eve', role: 'supervisor', sites: ['east'] });
    const listener = await live('?after=0', {}, 'eve');
    await hall.tell(ratings(1, { site: 'west' }));
    hall.ledger.append([{ type: 'manyi.user.made.v1', data: {} }]);
    await hall.tell(ratings(1, { site: 'east' }));
    expect((await listener.next()).id).toBe('3');
    const presence = listener.heard
      .filter(({ event }) => event === 'presence')
      .map(({ data }) => livePresence.parse(JSON.parse(data)));
    expect(presence.map(({ terminal }) => terminal)).toEqual(['east-t1']);
    expect((await hall.ask('/live?site=west', {}, 'eve')).status).toBe(404);
  });

  test('tells presence at the beginning and when it changes, without an id', async () => {
    hall = await openHall([{ id: 'main-hall', counters: 1 }], now);
    const listener = await live();
    const first = await listener.next('presence');
    expect(livePresence.parse(JSON.parse(first.data))).toMatchObject({
      terminal: 'main-hall-t1',
      counter: 'counter-1',
      state: 'unknown',
    });
    hall.hearStatus('main-hall', 1, {
      state: 'online',
      connection: randomUUID(),
      outbox: randomUUID(),
      first: 1,
      next: 1,
      agent: '1',
    });
    const second = await listener.next('presence');
    expect(JSON.parse(second.data)).toMatchObject({ terminal: 'main-hall-t1', state: 'online', unsent: 0 });
    expect([first.id, second.id]).toEqual([undefined, undefined]);
  });

  test('ends with the session', async () => {
    hall = await openHall([{ id: 'main-hall' }], now);
    hall.users.set('eve', { username: 'eve', name: 'Eve', role: 'supervisor', sites: ['main-hall'] });
    const listener = await live('', {}, 'eve');
    hall.users.delete('eve');
    await listener.ended;
    expect((await hall.ask('/live', {}, 'eve')).status).toBe(401);
  });

  test('cuts off a reader that takes nothing, which may come back and misses nothing', async () => {
    hall = await openHall([{ id: 'main-hall' }], now);
    const url = new URL(`${hall.base}/live`);
    const socket = connect(Number(url.port), url.hostname);
    socket.write(`GET ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\nauthorization: Bearer admin\r\n\r\n`);
    await new Promise((resolve) => socket.once('readable', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {});
    const filler = 'x'.repeat(20_000);
    const large = () => ratings(500, { data: { service: randomUUID(), clerk: 'C1', level: 'satisfied', filler } });
    for (let round = 0; round < 12; round++) await hall.tell(large());
    socket.resume();
    await closed;
    const again = await live('', { 'last-event-id': '5990' });
    await again.next();
    expect(positions(again)[0]).toBe(5991);
  });

  test('refuses a position that is none', async () => {
    hall = await openHall([{ id: 'main-hall' }], now);
    expect((await hall.ask('/live', { 'last-event-id': 'abc' })).status).toBe(400);
    expect((await hall.ask('/live?after=-1')).status).toBe(400);
  });
});

describe('the floor', () => {
  test('shows every counter as it stands, and the stream goes on from its position', async () => {
    hall = await openHall([{ id: 'main-hall' }], now);
    hall.addClerk('C1', '王芳');
    const duty = { duty: randomUUID(), clerk: 'C1' };
    const expired = { service: randomUUID(), clerk: 'C1', outcome: 'expired', invitedBy: 'clerk' };
    await hall.tell([
      { type: 'duty.started', at: now - 60 * minute, data: duty },
      ...ratings(14),
      { type: 'service.ended', at: now - 1, data: expired },
      { type: 'duty.paused', at: now, data: { ...duty, reason: 'lunch' } },
    ]);
    const floor = await hall.json<Floor>('/floor?site=main-hall');
    const [first, second] = floor.counters;
    expect(floor).toMatchObject({
      position: 17,
      now: '2026-11-22T17:30:00.000+08:00',
      today: { rated: 14, services: 15 },
    });
    expect(first).toMatchObject({
      counter: 'counter-1',
      name: '窗口 1',
      terminal: 'main-hall-t1',
      presence: { state: 'unknown' },
      clerk: {
        id: 'C1',
        name: '王芳',
        since: '2026-11-22T16:30:00.000+08:00',
        pausedSince: '2026-11-22T17:30:00.000+08:00',
      },
      today: { key: 'counter-1', rated: 14 },
    });
    expect(first?.last).toHaveLength(12);
    expect(first?.last.at(-1)).toMatchObject({ service: expired.service, level: null, outcome: 'expired' });
    expect(second).toMatchObject({
      counter: 'counter-2',
      clerk: null,
      last: [],
      today: { rated: 0, satisfactionRate: null },
    });

    await hall.tell(ratings(1));
    const listener = await live(`?site=main-hall&after=${floor.position}`);
    expect((await listener.next()).id).toBe('18');
  });

  test('of a foreign site does not exist', async () => {
    hall = await openHall([{ id: 'east' }, { id: 'west' }], now);
    hall.users.set('eve', { username: 'eve', name: 'Eve', role: 'supervisor', sites: ['east'] });
    expect((await hall.ask('/floor?site=west', {}, 'eve')).status).toBe(404);
    expect((await hall.ask('/floor?site=east', {}, 'eve')).status).toBe(200);
  });
});

test('who asks only for the head of the stream has it at once, and holds nothing open', async () => {
  hall = await openHall([{ id: 'main-hall' }], now);
  const answer = await fetch(`${hall.base}/live`, { method: 'HEAD', headers: { authorization: 'Bearer admin' } });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
});
