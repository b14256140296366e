import { initialState, readState } from '@manyi/agent/service/state';
import { profiles } from '@manyi/config/profiles';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Counter, createCounter, minute, second } from './counter.ts';

let counter: Counter;

beforeEach(() => {
  counter = createCounter('called');
  counter.badge('C1');
});

function outcomes(): unknown[] {
  return counter.told('service.ended').map((ended) => ended.outcome);
}

function levels(): unknown[] {
  return counter.told('rating.given').map((given) => given.level);
}

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
    expect(levels()).toEqual(['average']);
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
    expect(outcomes()).toEqual([]);
    counter.next();
    expect(outcomes()).toEqual(['rated']);
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
    expect(outcomes()).toEqual([]);
    counter.wait(1);
    expect(outcomes()).toEqual(['withheld']);
  });

  test('an invitation of the clerk is not cut short', () => {
    counter.next();
    counter.send({ type: 'invite' });
    counter.wait(5 * second);
    counter.next('A002');
    counter.wait(14 * second);
    expect(counter.told('service.started')).toHaveLength(1);
    counter.wait(second);
    expect(outcomes()).toEqual(['expired']);
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
    expect(outcomes()).toEqual(['expired']);
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
    expect(outcomes()).toEqual(['rated']);
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
    expect(outcomes()).toEqual(['expired']);
  });

  test('withheld: an invite during the automatic invitation does not make it the clerk’s', () => {
    counter.next();
    counter.send({ type: 'end' });
    expect(counter.send({ type: 'invite' })).toEqual([]);
    counter.wait(20 * second);
    expect(outcomes()).toEqual(['withheld']);
  });

  test('declined: "not now" closes the invitation, and the customer is not asked again', () => {
    counter.next();
    counter.send({ type: 'invite' });
    counter.send({ type: 'not-now' });
    expect(counter.view.phase).toBe('serving');
    expect(counter.send({ type: 'invite' })).toEqual([]);
    counter.next();
    expect(outcomes()).toEqual(['declined']);
    expect(counter.view.phase).toBe('serving');
  });

  test('declined in an automatic invitation lets the clerk move on at once', () => {
    counter.next();
    counter.next('A002');
    counter.send({ type: 'not-now' });
    expect(outcomes()).toEqual(['declined']);
    expect(counter.told('service.started')).toHaveLength(2);
  });

  test('a press after "not now" is the customer’s changed mind: the panel is live during the whole service', () => {
    counter.next();
    counter.send({ type: 'invite' });
    counter.send({ type: 'not-now' });
    counter.press();
    counter.send({ type: 'end' });
    expect(outcomes()).toEqual(['rated']);
  });

  test('"not now" without an invitation does nothing', () => {
    counter.next();
    expect(counter.send({ type: 'not-now' })).toEqual([]);
    counter.send({ type: 'end' });
    expect(counter.view.phase).toBe('inviting');
  });
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
    expect(outcomes()).toEqual(['interrupted']);
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
    expect(outcomes()).toEqual(['withheld']);
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
    expect(outcomes()).toEqual(['rated']);
  });

  test('during thanks and lock-out nothing is lost and nothing lasts longer', () => {
    counter.press('average');
    counter.press('average');
    counter.fail(5 * second);
    counter.press('average');
    counter.wait(10 * second);
    expect(levels()).toEqual(['average']);
    expect(counter.told('press.ignored')).toMatchObject([{ presses: { average: 2 } }]);
  });

  test('a clock that comes back in the past locks nothing', () => {
    counter.press('average');
    counter.fail(-5 * minute);
    counter.wait(10 * second);
    counter.press('satisfied');
    expect(levels()).toEqual(['average', 'satisfied']);
  });

  test('a state of another shape is not understood, and said so', () => {
    expect(readState({ ...initialState, shape: 0 })).toBeNull();
    expect(readState({ duty: null })).toBeNull();
    expect(readState('')).toBeNull();
    expect(readState(initialState)).toEqual(initialState);
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
    expect(outcomes()).toEqual(['rated']);
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

  test('does nothing with nobody on duty', () => {
    counter.badge('C1');
    expect(counter.send({ type: 'pause', reason: null })).toEqual([]);
    expect(counter.send({ type: 'resume' })).toEqual([]);
  });
});

describe('called: a press with no service open', () => {
  function endUnrated(): void {
    counter.next('A001');
    counter.send({ type: 'end' });
    counter.wait(20 * second);
  }

  test('goes to the clerk’s last unrated service within 60 s, once', () => {
    endUnrated();
    counter.wait(60 * second);
    counter.press('dissatisfied');
    expect(counter.told('rating.given')).toMatchObject([
      { ticket: 'A001', unprompted: false, invitedBy: 'automatic', pressedAfterMs: 80_000 },
    ]);
    counter.wait(11 * second);
    counter.press('dissatisfied');
    expect(counter.told('rating.given')[1]).toMatchObject({ ticket: null, unprompted: true });
    expect(outcomes()).toEqual(['withheld']);
  });

  test('is unprompted afterwards', () => {
    endUnrated();
    counter.wait(60 * second + 1);
    counter.press();
    expect(counter.told('rating.given')).toMatchObject([{ unprompted: true, clerk: 'C1', startedAt: null }]);
    expect(counter.told('service.started')).toHaveLength(1);
  });

  test('is unprompted after a rated service', () => {
    counter.next();
    counter.press();
    counter.send({ type: 'end' });
    counter.wait(11 * second);
    counter.press();
    expect(counter.told('rating.given')).toMatchObject([{ unprompted: false }, { unprompted: true }]);
  });

  test('is not another clerk’s', () => {
    endUnrated();
    counter.badge('C2');
    counter.press();
    expect(counter.told('rating.given')).toMatchObject([{ unprompted: true, clerk: 'C2' }]);
  });

  test('is nobody’s once the clerk has gone', () => {
    counter.next();
    counter.badge('C1');
    counter.wait(20 * second);
    counter.press();
    expect(counter.told('rating.given')).toMatchObject([{ unprompted: true, clerk: null, duty: null }]);
  });

  test('invite needs a service', () => {
    expect(counter.send({ type: 'invite' })).toEqual([]);
  });
});

describe.each(['called', 'continuous'] as const)('the lock-out (%s)', (mode) => {
  test('is 10 s of quiet since the last press', () => {
    counter.mode = mode;
    counter.press('average');
    counter.wait(9.9 * second);
    counter.press('average');
    counter.wait(9.9 * second);
    counter.press('satisfied');
    expect(levels()).toEqual(['average']);
    counter.wait(10 * second);
    expect(counter.told('press.ignored')).toMatchObject([
      { why: 'quiet-period', presses: { average: 1, satisfied: 1 } },
    ]);
    counter.press('satisfied');
    expect(levels()).toEqual(['average', 'satisfied']);
  });

  test('two faces begin none: the next single press counts', () => {
    counter.mode = mode;
    expect(counter.send({ type: 'two-faces', levels: ['average', 'satisfied'] })).toEqual([{ type: 'ask-again' }]);
    counter.press('average');
    counter.wait(minute);
    expect(levels()).toEqual(['average']);
    expect(counter.told('press.ignored')).toMatchObject([{ why: 'two-faces', presses: { average: 1, satisfied: 1 } }]);
  });

  test('two faces during it are presses like others', () => {
    counter.mode = mode;
    counter.press('average');
    expect(counter.send({ type: 'two-faces', levels: ['average', 'average'] })).toEqual([]);
    counter.wait(minute);
    expect(counter.told('press.ignored')).toMatchObject([{ why: 'quiet-period', presses: { average: 2 } }]);
  });
});

describe('continuous', () => {
  beforeEach(() => {
    counter.mode = 'continuous';
  });

  test('whoever is invited is heard, also during the lock-out', () => {
    counter.press('average');
    counter.wait(second);
    counter.send({ type: 'invite' });
    counter.press('satisfied');
    expect(levels()).toEqual(['average', 'satisfied']);
    expect(outcomes()).toEqual(['rated', 'rated']);
  });

  test('"not now" ends the service that the invitation opened', () => {
    counter.send({ type: 'invite' });
    counter.send({ type: 'not-now' });
    expect(outcomes()).toEqual(['declined']);
  });

  test('next neither starts a service nor cuts an invitation short', () => {
    counter.send({ type: 'invite' });
    counter.next();
    expect(counter.view.phase).toBe('inviting');
    counter.wait(20 * second);
    expect(outcomes()).toEqual(['expired']);
    expect(counter.told('service.started')).toHaveLength(1);
  });

  test('a service that the hub’s new mode finds open can still be ended', () => {
    counter.mode = 'called';
    counter.next();
    counter.mode = 'continuous';
    counter.next();
    counter.wait(20 * second);
    expect(outcomes()).toEqual(['withheld']);
    expect(counter.view.phase).toBe('idle');
  });
});

describe('after a rating', () => {
  test('lights, sounds and pages are alike at every level', () => {
    const seen = profiles['four-key'].levels.map(({ name }) => {
      const fresh = createCounter('called');
      fresh.badge('C1');
      fresh.next();
      fresh.send({ type: 'invite' });
      const effects = fresh.press(name).map((effect) => effect.type);
      const pages = [fresh.view];
      fresh.wait(10 * second);
      return { effects, pages: [...pages, fresh.view] };
    });
    expect(seen).toHaveLength(4);
    for (const one of seen) expect(one).toEqual(seen[0]);
  });

  test('one reason may be given, once, for the service that was rated, while the next one runs already', () => {
    counter.next('A001');
    counter.next('A002');
    counter.press();
    expect(counter.view).toMatchObject({ phase: 'reason', reasonOpen: true, until: counter.now + 10 * second });
    counter.send({ type: 'reason', reason: 'speed' });
    counter.send({ type: 'reason', reason: 'attitude' });
    expect(counter.told('reason.given')).toMatchObject([{ reason: 'speed', clerk: 'C1' }]);
    expect(counter.told('reason.given')[0]?.service).toBe(counter.told('rating.given')[0]?.service);
    expect(counter.view).toMatchObject({ phase: 'thanks', reasonOpen: false });
    counter.wait(3 * second);
    expect(counter.view.phase).toBe('serving');
  });

  test('the reason may be skipped', () => {
    counter.press();
    counter.send({ type: 'not-now' });
    expect(counter.view.phase).toBe('thanks');
    counter.send({ type: 'reason', reason: 'speed' });
    expect(counter.told('reason.given')).toEqual([]);
  });

  test('silence and "not now" show no page', () => {
    counter.next();
    counter.send({ type: 'invite' });
    counter.wait(20 * second);
    expect(counter.view.phase).toBe('serving');
    expect(counter.send({ type: 'reason', reason: 'speed' })).toEqual([]);
  });

  test('a repeat neither thanks nor begins the page anew', () => {
    counter.next();
    counter.press();
    const until = counter.view.until;
    counter.wait(second);
    expect(counter.press()).toEqual([]);
    expect(counter.view.until).toBe(until);
  });

  test('an invitation takes the place of an earlier customer’s page', () => {
    counter.next();
    counter.press();
    counter.next();
    counter.send({ type: 'invite' });
    expect(counter.view).toMatchObject({ phase: 'inviting', reasonOpen: false });
    counter.send({ type: 'not-now' });
    expect(counter.view.phase).toBe('serving');
    counter.send({ type: 'end' });
    expect(outcomes()).toEqual(['rated', 'declined']);
  });
});
