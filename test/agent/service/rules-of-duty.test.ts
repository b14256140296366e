import { initialState, readState } from '@manyi/agent/service/state';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Counter, createCounter, minute, second } from './counter.ts';

let counter: Counter;

beforeEach(() => {
  counter = createCounter('called');
  counter.badge('C1');
});

describe('restart', () => {
  test('within 10 minutes the service goes on, silently where nobody was asked', () => {
    counter.next();
    expect(counter.fail(10 * minute)).toEqual([]);
    counter.press();
    expect(counter.told('rating.given')).toMatchObject([{ clerk: 'C1' }]);
  });

  test('later it ends interrupted, and the duty with it, at the last known time', () => {
    counter.next();
    const lastKnown = counter.now;
    counter.fail(10 * minute + 1);
    expect(counter.outcomes()).toEqual(['interrupted']);
    expect(counter.told('duty.ended')).toMatchObject([{ endedBy: 'restart' }]);
    expect(counter.all.slice(-2).map((told) => told.at)).toEqual([lastKnown, lastKnown]);
    expect(counter.view.phase).toBe('no-clerk');
  });

  test('later, a call that waited is dropped and an open invitation is not asked again', () => {
    counter.next();
    counter.next('A002');
    expect(counter.fail(11 * minute).every((effect) => effect.type === 'record')).toBe(true);
    counter.wait(minute);
    expect(counter.told('service.started')).toHaveLength(1);
    counter.next('A003');
    counter.send({ type: 'invite' });
    counter.wait(minute);
    expect(counter.view.phase).toBe('serving');
    expect(counter.told('service.started')).toHaveLength(2);
  });

  test('what fell due comes before the input, also when the machine slept through its ticks', () => {
    counter.next('A001');
    counter.next('A002');
    counter.sleep(20 * second);
    counter.press();
    expect(counter.outcomes()).toEqual(['withheld']);
    expect(counter.told('rating.given')).toMatchObject([{ ticket: 'A002' }]);
    counter.send({ type: 'end' });
    counter.sleep(10 * second);
    counter.press();
    expect(counter.told('rating.given')).toMatchObject([{ ticket: 'A002' }, { unprompted: true }]);
  });

  test('a customer’s answer outlives the failure', () => {
    counter.next();
    counter.press();
    counter.fail(11 * minute);
    expect(counter.outcomes()).toEqual(['rated']);
  });

  test('during thanks and lock-out nothing is lost and nothing lasts longer', () => {
    counter.press('average');
    counter.press('average');
    counter.fail(5 * second);
    counter.press('average');
    counter.wait(10 * second);
    expect(counter.levels()).toEqual(['average']);
    expect(counter.told('press.ignored')).toMatchObject([{ presses: { average: 2 } }]);
  });

  test('a clock that comes back in the past locks nothing', () => {
    counter.press('average');
    counter.fail(-5 * minute);
    counter.wait(10 * second);
    counter.press('satisfied');
    expect(counter.levels()).toEqual(['average', 'satisfied']);
  });

  test('a state of another shape is not understood, and said so', () => {
    expect(readState({ ...initialState, shape: 0 })).toBeNull();
    expect(readState({ duty: null })).toBeNull();
    expect(readState('')).toBeNull();
    expect(readState(initialState)).toEqual(initialState);
  });

  test('a service that was stored before its level was remembered goes on, and what was pressed is unknown', () => {
    const place = { service: 's1', duty: null, clerk: null, counter: 'counter-1', profile: 'four-key', ticket: null };
    const service = { place: { ...place, business: null, startedAt: null }, rated: true, declined: false };
    const stored = { ...initialState, service: { ...service, invited: null, closes: null } };
    expect(readState(stored)?.service).toMatchObject({ rated: true, level: null });
  });
});

describe('the badge', () => {
  test('tapping again with no service ends the duty at once', () => {
    counter.badge('C1');
    expect(counter.told('duty.ended')).toMatchObject([{ clerk: 'C1', endedBy: 'badge' }]);
  });

  test('a second tap during the last invitation changes nothing', () => {
    counter.next();
    counter.badge('C1');
    counter.badge('C1');
    counter.wait(20 * second);
    expect(counter.told('duty.started')).toHaveLength(1);
    expect(counter.told('duty.ended')).toHaveLength(1);
  });

  test('a relief who taps in while the last invitation runs begins at once, and the service stays the first clerk’s', () => {
    counter.next();
    counter.badge('C1');
    counter.badge('C2');
    expect(counter.told('duty.ended')).toMatchObject([{ clerk: 'C1', endedBy: 'badge' }]);
    counter.press();
    expect(counter.told('rating.given')).toMatchObject([{ clerk: 'C1' }]);
    expect(counter.outcomes()).toEqual(['rated']);
    counter.next();
    expect(counter.told('service.started')[1]).toMatchObject({ clerk: 'C2' });
  });

  test('a swap asks nobody: the service goes on, and the new clerk cannot move on past an invitation either', () => {
    counter.next();
    expect(counter.badge('C2').every((effect) => effect.type === 'record')).toBe(true);
    counter.next();
    counter.wait(20 * second);
    expect(counter.told('service.ended')).toMatchObject([{ clerk: 'C1', outcome: 'withheld' }]);
    expect(counter.told('service.started')[1]).toMatchObject({ clerk: 'C2' });
  });

  test('a service that began with nobody on duty stays nobody’s', () => {
    counter.badge('C1');
    counter.next();
    counter.badge('C2');
    counter.press();
    expect(counter.told('rating.given')).toMatchObject([{ clerk: null, duty: null }]);
  });
});

describe('the pause', () => {
  test('is told once, with its reason, and leaves the panel live', () => {
    counter.next();
    counter.send({ type: 'pause', reason: 'lunch' });
    counter.send({ type: 'pause', reason: 'lunch' });
    expect(counter.told('duty.paused')).toMatchObject([{ reason: 'lunch', clerk: 'C1' }]);
    expect(counter.view).toMatchObject({ phase: 'serving', paused: true });
    counter.press();
    counter.send({ type: 'end' });
    counter.wait(minute);
    expect(counter.view.phase).toBe('paused');
    counter.send({ type: 'resume' });
    counter.send({ type: 'resume' });
    expect(counter.told('duty.resumed')).toHaveLength(1);
  });

  test('ends with the next service', () => {
    counter.send({ type: 'pause', reason: null });
    counter.next();
    expect(counter.told('duty.resumed')).toHaveLength(1);
  });

  test('is not ended by whoever presses a face at a paused counter', () => {
    counter.mode = 'continuous';
    counter.send({ type: 'pause', reason: 'lunch' });
    counter.press();
    counter.wait(minute);
    expect(counter.levels()).toHaveLength(1);
    expect(counter.told('duty.resumed')).toEqual([]);
    expect(counter.view.phase).toBe('paused');
    counter.send({ type: 'invite' });
    expect(counter.told('duty.resumed')).toHaveLength(1);
  });

  test('does nothing with nobody on duty', () => {
    counter.badge('C1');
    expect(counter.send({ type: 'pause', reason: null })).toEqual([]);
    expect(counter.send({ type: 'resume' })).toEqual([]);
  });
});
