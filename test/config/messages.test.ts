import { badgeHash } from '@manyi/config/badges';
import { command } from '@manyi/config/commands';
import { envelope, eventSequence, eventSource } from '@manyi/config/envelope';
import { eventData, isEventType } from '@manyi/config/events';
import { receipt } from '@manyi/config/receipts';
import { status } from '@manyi/config/status';
import { terminalSettings } from '@manyi/config/terminal-settings';
import { parseTerminalTopic, rosterTopic, terminalChannels, terminalTopic } from '@manyi/config/topics';
import { expect, test } from 'vitest';

const uuid = '01999999-0000-7000-8000-000000000001';

test('every topic is read back as it was written', () => {
  for (const channel of terminalChannels) {
    const topic = terminalTopic('main-hall', 'terminal-1', channel);
    expect(topic).toBe(`manyi/v1/main-hall/terminal-1/${channel}`);
    expect(parseTerminalTopic(topic)).toEqual({ site: 'main-hall', terminal: 'terminal-1', channel });
  }
  expect(rosterTopic('main-hall')).toBe('manyi/v1/main-hall/roster');
});

test.each([
  '',
  'manyi',
  'manyi/v2/a/b/events',
  'manyi/v1/a/b/other',
  'manyi/v1/a/b/events/c',
  'manyi/v1/A/b/events',
  'manyi/v1/+/b/events',
  '/manyi/v1/a/b/events',
])('the foreign topic %j is not a terminal topic', (topic) => expect(parseTerminalTopic(topic)).toBeNull());

test('a rating with only what Contract v1 requires is taken, the rest is null', () => {
  const given = eventData['manyi.rating.given.v1'].parse({
    outbox: uuid,
    seq: 1,
    service: uuid,
    clerk: null,
    level: 'satisfied',
  });
  expect(given).toMatchObject({ counter: null, duty: null, ticket: null, profile: 'four-key', unprompted: false });
});

test('the loss of a clip as it was told before its time was: both are null', () => {
  const lost = { outbox: uuid, seq: 1, clerk: null, recording: uuid, why: 'no-room' };
  const { startedAt, durationMs } = eventData['manyi.recording.lost.v1'].parse(lost);
  expect([startedAt, durationMs]).toEqual([null, null]);
});

test('settings from before clips could be held hold none', () => {
  const { held } = terminalSettings.parse({
    site: { id: 'main-hall', name: 'Main hall', timeZone: 'Asia/Shanghai', mode: 'called' },
    counter: { id: 'counter-1', name: '1' },
    profile: 'four-key',
  });
  expect(held).toEqual([]);
});

test.each([
  [{ seq: 0 }],
  [{ seq: 1.5 }],
  [{ outbox: 'no' }],
  [{ service: 'no' }],
  [{ level: 7 }],
  [{ clerk: undefined }],
])('a rating with %j is refused', (wrong) => {
  const good = { outbox: uuid, seq: 1, service: uuid, clerk: 'C0017', level: 'satisfied' };
  expect(eventData['manyi.rating.given.v1'].safeParse(good).success).toBe(true);
  expect(eventData['manyi.rating.given.v1'].safeParse({ ...good, ...wrong }).success).toBe(false);
});

test('the envelope is CloudEvents 1.0', () => {
  const good = {
    specversion: '1.0',
    id: uuid,
    source: eventSource('main-hall', 'terminal-1'),
    type: 'manyi.rating.given.v1',
    time: '2026-11-22T09:31:02.114+08:00',
    sequence: eventSequence(1234),
  };
  expect(envelope.parse(good).sequence).toBe('0000000000001234');
  expect(envelope.safeParse({ ...good, specversion: '0.3' }).success).toBe(false);
  expect(envelope.safeParse({ ...good, time: 'yesterday' }).success).toBe(false);
  expect([isEventType('manyi.rating.given.v1'), isEventType('manyi.rating.given.v2'), isEventType('toString')]).toEqual(
    [true, false, false],
  );
});

test('receipts, status and commands are read as Contract v1 writes them', () => {
  expect(receipt.parse({ outbox: uuid, through: 1234 })).toEqual({ outbox: uuid, through: 1234 });
  expect(status.parse({ state: 'offline', connection: uuid })).toEqual({ state: 'offline', connection: uuid });
  expect(
    status.parse({
      state: 'online',
      connection: uuid,
      outbox: uuid,
      first: 1201,
      next: 1240,
      agent: '0.1.0',
      health: {},
    }).state,
  ).toBe('online');
  const next = { id: 'a', name: 'next', data: { ticket: 'A012' }, expires: '2026-11-22T09:31:02Z' };
  expect(command.parse(next)).toEqual(next);
  expect(command.safeParse({ ...next, name: 'reboot' }).success).toBe(false);
});

test('a badge hash depends on badge and key, and hides the badge', async () => {
  const key = Buffer.alloc(32, 1).toString('base64url');
  const hash = await badgeHash('0012345678', key);
  expect(hash).toBe(await badgeHash('0012345678', key));
  expect(hash).not.toBe(await badgeHash('0012345679', key));
  expect(hash).not.toBe(await badgeHash('0012345678', Buffer.alloc(32, 2).toString('base64url')));
  expect(hash).not.toContain('12345678');
});
