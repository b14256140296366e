import { beforeEach, describe, expect, test } from 'vitest';
import { type Counter, createCounter, minute, second } from './counter.ts';

let counter: Counter;

beforeEach(() => {
  counter = createCounter('called');
  counter.badge('C1');
});

describe('one service, at most one rating', () => {
  test('the first press counts, later ones are summed into one event for the service', () => {
    counter.next();
    counter.press('average');
    counter.wait(minute);
    counter.press('very-satisfied');
    counter.wait(10 * minute);
    counter.press('very-satisfied');
    counter.press('dissatisfied');
    expect(counter.told('press.ignored')).toEqual([]);
    counter.send({ type: 'end' });
    counter.wait(minute);
    expect(counter.levels()).toEqual(['average']);
    expect(counter.told('press.ignored')).toMatchObject([
      { why: 'repeat', presses: { 'very-satisfied': 2, dissatisfied: 1 }, clerk: 'C1' },
    ]);
  });

  test('a press before the invitation counts, and says that nobody had invited', () => {
    counter.next();
    counter.press();
    expect(counter.told('rating.given')).toMatchObject([{ invitedBy: null, pressedAfterMs: null }]);
    expect(counter.send({ type: 'invite' })).toEqual([]);
  });

  test('a press closes the invitation, and the service goes on until the clerk moves on', () => {
    counter.next();
    counter.send({ type: 'invite' });
    counter.wait(2 * second);
    counter.press();
    expect(counter.view).toMatchObject({ phase: 'reason', invitation: null });
    expect(counter.outcomes()).toEqual([]);
    counter.next();
    expect(counter.outcomes()).toEqual(['rated']);
    expect(counter.told('rating.given')).toMatchObject([{ invitedBy: 'clerk', pressedAfterMs: 2000 }]);
  });

  test('two faces at once are summed for the service they were pressed in', () => {
    counter.next('A001');
    counter.send({ type: 'two-faces', levels: ['average', 'satisfied'] });
    counter.send({ type: 'two-faces', levels: ['average', 'satisfied'] });
    counter.press();
    counter.next('A002');
    counter.send({ type: 'two-faces', levels: ['average', 'dissatisfied'] });
    counter.press();
    counter.send({ type: 'end' });
    counter.wait(minute);
    const [first, later] = counter.told('service.started').map(({ service }) => service);
    expect(counter.told('press.ignored')).toMatchObject([
      { service: first, why: 'two-faces', presses: { average: 2, satisfied: 2 } },
      { service: later, why: 'two-faces', presses: { average: 1, dissatisfied: 1 } },
    ]);
  });

  test('a level that the profile does not have is no face', () => {
    counter.next();
    expect(counter.press('basically-satisfied')).toEqual([]);
    expect(counter.view.phase).toBe('serving');
  });

  test('a service without repeats tells of none', () => {
    counter.next();
    counter.press();
    counter.send({ type: 'end' });
    counter.wait(minute);
    expect(counter.told('press.ignored')).toEqual([]);
  });
});

describe('nobody can move on past an invitation', () => {
  test.each([
    ['next', () => counter.next()],
    ['end', () => counter.send({ type: 'end' })],
    ['badge-off', () => counter.badge('C1')],
  ])('%s opens an automatic one of 20 s', (_name, moveOn) => {
    counter.next();
    expect(moveOn()).toEqual([{ type: 'ask' }]);
    counter.wait(20 * second - 1);
    expect(counter.outcomes()).toEqual([]);
    counter.wait(1);
    expect(counter.outcomes()).toEqual(['withheld']);
  });

  test('an invitation of the clerk is not cut short', () => {
    counter.next();
    counter.send({ type: 'invite' });
    counter.wait(5 * second);
    counter.next('A002');
    counter.wait(14 * second);
    expect(counter.told('service.started')).toHaveLength(1);
    counter.wait(second);
    expect(counter.outcomes()).toEqual(['expired']);
    expect(counter.told('service.started')).toHaveLength(2);
  });

  test('only one next waits, the newest that names a ticket', () => {
    counter.next('A001');
    counter.next('A002');
    counter.next('A003');
    counter.next();
    counter.wait(20 * second);
    expect(counter.told('service.started').map((started) => started.ticket)).toEqual(['A001', 'A003']);
    expect(counter.view.phase).toBe('serving');
  });

  test('end while a next waits changes nothing', () => {
    counter.next('A001');
    counter.next('A002');
    counter.send({ type: 'end' });
    counter.wait(20 * second);
    expect(counter.told('service.started')).toHaveLength(2);
  });

  test('a clerk who taps out drops the call that waits, and makes none after', () => {
    counter.next('A001');
    counter.next('A002');
    counter.badge('C1');
    counter.next('A003');
    counter.wait(20 * second);
    expect(counter.told('service.started')).toHaveLength(1);
    expect(counter.told('duty.ended')).toMatchObject([{ clerk: 'C1', endedBy: 'badge' }]);
  });

  test('a service that was invited ends at once', () => {
    counter.next();
    counter.send({ type: 'invite' });
    counter.wait(minute);
    counter.next();
    expect(counter.outcomes()).toEqual(['expired']);
    expect(counter.view.phase).toBe('serving');
  });

  test('end without a service does nothing', () => {
    expect(counter.send({ type: 'end' })).toEqual([]);
  });

  test('an answer lets the next service begin at once, and its customer is not robbed by the same hand', () => {
    counter.next('A001');
    counter.next('A002');
    counter.press('average');
    expect(counter.told('service.started')).toHaveLength(2);
    for (let presses = 0; presses < 5; presses++) {
      counter.wait(2 * second);
      counter.press('average');
    }
    counter.wait(3 * second);
    expect(counter.told('press.ignored')).toMatchObject([{ why: 'repeat', presses: { average: 5 } }]);
    counter.press('satisfied');
    expect(counter.told('rating.given')).toMatchObject([{ ticket: 'A001' }, { ticket: 'A002' }]);
  });

  test("the clerk's own next is the boundary: what comes after it is the new customer's", () => {
    counter.next('A001');
    counter.press('average');
    counter.next('A002');
    counter.press('satisfied');
    expect(counter.told('rating.given')).toMatchObject([{ ticket: 'A001' }, { ticket: 'A002' }]);
  });
});

describe('every service ends with exactly one outcome', () => {
  test('rated: also after an invitation that had run out', () => {
    counter.next();
    counter.send({ type: 'invite' });
    counter.wait(minute);
    counter.press();
    counter.next();
    expect(counter.outcomes()).toEqual(['rated']);
    expect(counter.told('rating.given')).toMatchObject([{ invitedBy: 'clerk', pressedAfterMs: 60_000 }]);
  });

  test('expired: the clerk invited, twice even, and nobody pressed', () => {
    counter.next();
    counter.send({ type: 'invite' });
    expect(counter.send({ type: 'invite' })).toEqual([]);
    counter.wait(20 * second);
    expect(counter.send({ type: 'invite' })).toEqual([{ type: 'ask' }]);
    counter.wait(20 * second);
    counter.send({ type: 'end' });
    expect(counter.outcomes()).toEqual(['expired']);
  });

  test('withheld: an invite during the automatic invitation does not make it the clerk’s', () => {
    counter.next();
    counter.send({ type: 'end' });
    expect(counter.send({ type: 'invite' })).toEqual([]);
    counter.wait(20 * second);
    expect(counter.outcomes()).toEqual(['withheld']);
  });

  test('declined: "not now" closes the invitation, and the customer is not asked again', () => {
    counter.next();
    counter.send({ type: 'invite' });
    counter.send({ type: 'not-now' });
    expect(counter.view.phase).toBe('serving');
    expect(counter.send({ type: 'invite' })).toEqual([]);
    counter.next();
    expect(counter.outcomes()).toEqual(['declined']);
    expect(counter.view.phase).toBe('serving');
  });

  test('declined in an automatic invitation lets the clerk move on at once', () => {
    counter.next();
    counter.next('A002');
    counter.send({ type: 'not-now' });
    expect(counter.outcomes()).toEqual(['declined']);
    expect(counter.told('service.started')).toHaveLength(2);
  });

  test('a press after "not now" is the customer’s changed mind: the panel is live during the whole service', () => {
    counter.next();
    counter.send({ type: 'invite' });
    counter.send({ type: 'not-now' });
    counter.press();
    counter.send({ type: 'end' });
    expect(counter.outcomes()).toEqual(['rated']);
  });

  test('"not now" without an invitation does nothing', () => {
    counter.next();
    expect(counter.send({ type: 'not-now' })).toEqual([]);
    counter.send({ type: 'end' });
    expect(counter.view.phase).toBe('inviting');
  });
});
