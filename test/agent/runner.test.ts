import { randomUUID } from 'node:crypto';
import { createClock } from '@manyi/agent/clock';
import { type Outbox, StorageError } from '@manyi/agent/outbox/outbox';
import { createRunner, type Runner } from '@manyi/agent/runner';
import type { Rules } from '@manyi/agent/service/inputs';
import { initialState } from '@manyi/agent/service/state';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { bootedAt, noShift, outboxIn } from './outbox-parts.ts';

const hour = 3_600_000;
const call = { type: 'next', ticket: null, business: null } as const;
const rules: Rules = {
  mode: 'called',
  profile: 'four-key',
  counter: 'counter-1',
  invitationMs: 20_000,
  thanksMs: 3000,
  lockoutMs: 10_000,
  newId: randomUUID,
  writeInstant: (at) => new Date(at).toISOString(),
};

let outbox: Outbox;
let runner: Runner;
let full: boolean;
/** What was kept on the disk and what people were shown, in its order. */
let happened: string[];

/** A terminal with a clerk on duty that comes back an hour later, on a disk that takes nothing while it is full. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const folder = temporaryFolder();
  const before = outboxIn(folder);
  const duty = { id: randomUUID(), clerk: 'C1', paused: false };
  before.commit({ state: { ...initialState, duty }, events: [], now: bootedAt });
  before.close();

  const boot = randomUUID();
  outbox = outboxIn(folder, { boot, anchor: () => bootedAt + hour });
  full = true;
  happened = [];
  const clock = createClock({
    machine: { boot, uptimeMs: () => 0, wallMs: () => 0, synced: () => false },
    ...outbox.boot(),
    hubTime: () => Promise.reject(new Error('away')),
    keep: () => {},
  });
  const commit: Outbox['commit'] = (change) => {
    if (full) throw new StorageError('the disk is full');
    outbox.commit(change);
    for (const { type } of change.events) happened.push(`${type.slice(6, -3)} kept`);
  };
  runner = createRunner({
    outbox: { ...outbox, commit },
    clock,
    rules: () => rules,
    leaving: () => null,
    settled: () => Promise.resolve(),
    onCommitted: (effects) => {
      for (const { type } of effects) if (type !== 'record') happened.push(type);
    },
    onStanding: () => {},
    onFailed: () => {},
  });
});
afterEach(async () => {
  await runner.close();
  outbox.close();
  vi.useRealTimers();
});

const told = () => outbox.read(0, 10, noShift).map(({ type, data }) => [type.slice(6, -3), data['clerk']]);

test('a restart that a full disk refuses is tried again until it is kept', async () => {
  await vi.advanceTimersByTimeAsync(5000);
  expect(told()).toEqual([]);
  full = false;
  await vi.advanceTimersByTimeAsync(1000);
  expect(told()).toEqual([['duty.ended', 'C1']]);
});

test('nothing that comes after a restart goes before it', async () => {
  await expect(runner.run({ input: call })).rejects.toThrow('the disk is full');
  full = false;
  await runner.run({ input: call });
  expect(told()).toEqual([
    ['duty.ended', 'C1'],
    ['service.started', null],
  ]);
});

test('nobody is thanked, by lamps or screen, before the press is on the disk, nor for one that is not taken', async () => {
  const press = { input: { type: 'press', level: 'satisfied' }, at: bootedAt + hour } as const;
  await expect(runner.press(press)).rejects.toThrow('the disk is full');
  expect(happened).toEqual([]);
  full = false;
  await runner.press(press);
  expect(happened).toEqual(['duty.ended kept', 'rating.given kept', 'thank']);
});

test('a press that the disk would not let be taken back stands, and is sent', async () => {
  full = false;
  const at = bootedAt + hour;
  await runner.press({ input: { type: 'press', level: 'satisfied' }, at });
  full = true;
  const grab = { type: 'two-faces', levels: ['satisfied', 'dissatisfied'] } as const;
  await expect(runner.twoFaces({ input: grab, at: at + 30 })).rejects.toThrow('the disk is full');
  expect(told()).toEqual([
    ['duty.ended', 'C1'],
    ['rating.given', null],
  ]);
});
