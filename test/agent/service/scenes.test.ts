import { expect, test } from 'vitest';
import { createCounter, minute, second } from './counter.ts';

/** What really happens in halls. The events are what the ledger will hold. */

test('the customer leaves before the invitation', () => {
  const counter = createCounter('called');
  counter.badge('C1');
  counter.next();
  counter.wait(4 * minute);
  counter.next();
  expect(counter.view.phase).toBe('inviting');
  expect(counter.told('service.started')).toHaveLength(1);
  counter.wait(20 * second);
  expect(counter.told('service.ended')).toMatchObject([{ outcome: 'withheld', invitedBy: 'automatic', clerk: 'C1' }]);
  expect(counter.told('service.started')).toHaveLength(2);
  expect(counter.view.phase).toBe('serving');
});

test('two customers at once', () => {
  const counter = createCounter('called');
  counter.badge('C1');
  counter.next();
  counter.send({ type: 'invite' });
  counter.send({ type: 'two-faces', levels: ['satisfied', 'dissatisfied'] });
  expect(counter.view).toMatchObject({ phase: 'inviting', asksAgain: true });
  expect(counter.told('rating.given')).toEqual([]);
  counter.press('average');
  expect(counter.view.asksAgain).toBe(false);
  counter.press('dissatisfied');
  counter.press('dissatisfied');
  counter.send({ type: 'end' });
  counter.wait(minute);
  expect(counter.told('rating.given')).toMatchObject([{ level: 'average' }]);
  expect(counter.told('press.ignored')).toMatchObject([
    { why: 'repeat', presses: { dissatisfied: 2 } },
    { why: 'two-faces', presses: { satisfied: 1, dissatisfied: 1 } },
  ]);
});

test('clerk swap in the middle of a service', () => {
  const counter = createCounter('called');
  counter.badge('C1');
  counter.next();
  counter.badge('C2');
  expect(counter.told('duty.ended')).toMatchObject([{ clerk: 'C1', endedBy: 'other-badge' }]);
  expect(counter.told('duty.started')).toMatchObject([{ clerk: 'C1' }, { clerk: 'C2' }]);
  expect(counter.view).toMatchObject({ phase: 'serving', clerk: 'C1' });
  counter.press('dissatisfied');
  counter.next();
  counter.press('satisfied');
  counter.send({ type: 'end' });
  expect(counter.told('rating.given')).toMatchObject([
    { clerk: 'C1', level: 'dissatisfied' },
    { clerk: 'C2', level: 'satisfied' },
  ]);
  expect(counter.told('service.ended')).toMatchObject([{ clerk: 'C1' }, { clerk: 'C2' }]);
  const [first, later] = counter.told('duty.started');
  expect(counter.told('rating.given').map((given) => given.duty)).toEqual([first?.duty, later?.duty]);
});

test.each(['called', 'continuous'] as const)('a child at an idle panel for five minutes (%s)', (mode) => {
  const counter = createCounter(mode);
  counter.badge('C1');
  for (let presses = 0; presses < 300; presses++) {
    counter.press(presses % 2 === 0 ? 'dissatisfied' : 'average');
    counter.wait(second);
  }
  counter.wait(minute);
  expect(counter.told('rating.given')).toMatchObject([{ level: 'dissatisfied', unprompted: mode === 'called' }]);
  expect(counter.told('press.ignored')).toMatchObject([
    { why: 'quiet-period', presses: { dissatisfied: 149, average: 150 }, clerk: 'C1' },
  ]);
});

test('a press after the next customer was called', () => {
  const counter = createCounter('called');
  counter.badge('C1');
  counter.next('A001');
  counter.wait(3 * minute);
  counter.next('A002');
  counter.wait(5 * second);
  counter.press('dissatisfied');
  counter.wait(2 * second);
  counter.press('dissatisfied');
  expect(counter.told('rating.given')).toMatchObject([
    { ticket: 'A001', level: 'dissatisfied', invitedBy: 'automatic', pressedAfterMs: 5000 },
  ]);
  expect(counter.told('service.started')).toMatchObject([{ ticket: 'A001' }, { ticket: 'A002' }]);
  counter.wait(minute);
  expect(counter.told('press.ignored')).toMatchObject([{ why: 'repeat', presses: { dissatisfied: 1 } }]);
  expect(counter.told('press.ignored')[0]?.service).toBe(counter.told('rating.given')[0]?.service);
  counter.press('satisfied');
  expect(counter.told('rating.given')[1]).toMatchObject({ ticket: 'A002', level: 'satisfied' });
});

test('restart in the middle of an invitation', () => {
  const counter = createCounter('called');
  counter.badge('C1');
  counter.next();
  counter.next('A002');
  counter.wait(15 * second);
  const effects = counter.fail(2 * minute);
  expect(effects).toEqual([{ type: 'ask' }]);
  expect(counter.view).toMatchObject({ phase: 'inviting', until: counter.now + 20 * second, nextWaits: true });
  counter.wait(19 * second);
  counter.press();
  expect(counter.told('rating.given')).toMatchObject([{ invitedBy: 'automatic', pressedAfterMs: 19_000 }]);
  expect(counter.told('service.ended')).toMatchObject([{ outcome: 'rated' }]);
  expect(counter.told('service.started')).toMatchObject([{ ticket: null }, { ticket: 'A002' }]);
});

test('the clerk taps out as an unrated customer stands there', () => {
  const counter = createCounter('called');
  counter.badge('C1');
  counter.next();
  counter.badge('C1');
  expect(counter.view).toMatchObject({ phase: 'inviting', clerk: 'C1' });
  expect(counter.told('duty.ended')).toEqual([]);
  counter.wait(8 * second);
  counter.press('dissatisfied');
  expect(counter.told('rating.given')).toMatchObject([{ clerk: 'C1', level: 'dissatisfied' }]);
  expect(counter.all.map((told) => told.event)).toEqual([
    'manyi.duty.started.v1',
    'manyi.service.started.v1',
    'manyi.rating.given.v1',
    'manyi.service.ended.v1',
    'manyi.duty.ended.v1',
  ]);
  counter.wait(minute);
  expect(counter.view).toMatchObject({ phase: 'no-clerk', clerk: null });
});

test('a panel without a screen', () => {
  const counter = createCounter('called');
  counter.badge('C1');
  counter.next();
  expect(counter.send({ type: 'invite' })).toEqual([{ type: 'ask' }]);
  expect(counter.press('very-satisfied').map((effect) => effect.type)).toEqual(['record', 'thank']);
  counter.wait(minute);
  counter.next();
  expect(counter.told('service.ended')).toMatchObject([{ outcome: 'rated', invitedBy: 'clerk' }]);
  expect(counter.told('reason.given')).toEqual([]);
});

test('no clerk', () => {
  const counter = createCounter('called');
  expect(counter.view.phase).toBe('no-clerk');
  counter.press('average');
  counter.wait(minute);
  counter.next();
  counter.press('satisfied');
  counter.send({ type: 'end' });
  expect(counter.told('rating.given')).toMatchObject([
    { clerk: null, duty: null, counter: 'counter-1', unprompted: true },
    { clerk: null, duty: null, counter: 'counter-1', unprompted: false },
  ]);
});

test('a site without calling', () => {
  const counter = createCounter('continuous');
  counter.badge('C1');
  counter.next();
  expect(counter.told('service.started')).toEqual([]);
  counter.press('satisfied');
  counter.wait(11 * second);
  counter.press('dissatisfied');
  counter.wait(11 * second);
  counter.send({ type: 'invite' });
  counter.wait(20 * second);
  expect(counter.told('service.started').map((started) => started.startedBy)).toEqual(['press', 'press', 'invite']);
  expect(counter.told('rating.given')).toMatchObject([
    { clerk: 'C1', level: 'satisfied', unprompted: false },
    { clerk: 'C1', level: 'dissatisfied', unprompted: false },
  ]);
  expect(counter.told('service.ended').map((ended) => ended.outcome)).toEqual(['rated', 'rated', 'expired']);
});

test('midnight, and a service across the hour', () => {
  const counter = createCounter('called', Date.parse('2026-11-22T23:50:00+08:00'));
  counter.badge('C1');
  counter.next();
  counter.wait(20 * minute);
  counter.press('satisfied');
  counter.wait(55 * minute);
  counter.send({ type: 'end' });
  const startedAt = '2026-11-22T23:50:00.000+08:00';
  expect(counter.told('rating.given')).toMatchObject([{ startedAt, level: 'satisfied' }]);
  expect(counter.told('service.ended')).toMatchObject([{ startedAt, outcome: 'rated' }]);
  expect(counter.told('service.ended')[0]?.service).toBe(counter.told('service.started')[0]?.service);
});
