import { untoldPresses } from '@manyi/agent/service/quiet';
import { profiles } from '@manyi/config/profiles';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Counter, createCounter, minute, second } from './counter.ts';

let counter: Counter;

beforeEach(() => {
  counter = createCounter('called');
  counter.badge('C1');
});

describe('called: a press with no service open', () => {
  function endUnrated(): void {
    counter.next('A001');
    counter.send({ type: 'end' });
    counter.wait(20 * second);
  }

  test('once it has gone to that service the next is unprompted, also within the 60 s', () => {
    endUnrated();
    counter.wait(5 * second);
    counter.press('satisfied');
    counter.wait(11 * second);
    counter.press('dissatisfied');
    const [late, next] = counter.told('rating.given');
    expect(late).toMatchObject({ ticket: 'A001', level: 'satisfied', unprompted: false });
    expect(next).toMatchObject({ ticket: null, level: 'dissatisfied', unprompted: true });
    expect(next?.service).not.toBe(late?.service);
  });

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
    expect(counter.outcomes()).toEqual(['withheld']);
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
    expect(counter.levels()).toEqual(['average']);
    counter.wait(10 * second);
    expect(counter.told('press.ignored')).toMatchObject([
      { why: 'quiet-period', presses: { average: 1, satisfied: 1 } },
    ]);
    counter.press('satisfied');
    expect(counter.levels()).toEqual(['average', 'satisfied']);
  });

  test('two faces begin none: the next single press counts', () => {
    counter.mode = mode;
    counter.send({ type: 'two-faces', levels: ['average', 'satisfied'] });
    expect(counter.view.asksAgain).toBe(true);
    counter.press('average');
    counter.wait(minute);
    expect(counter.levels()).toEqual(['average']);
    expect(counter.told('press.ignored')).toMatchObject([{ why: 'two-faces', presses: { average: 1, satisfied: 1 } }]);
  });

  test('nobody who pressed two faces is asked for ever', () => {
    counter.mode = mode;
    counter.send({ type: 'two-faces', levels: ['average', 'satisfied'] });
    counter.wait(9.9 * second);
    expect(counter.view.asksAgain).toBe(true);
    counter.wait(0.1 * second);
    expect(counter.view.asksAgain).toBe(false);
  });

  test('two faces during it are presses like others', () => {
    counter.mode = mode;
    counter.press('average');
    expect(counter.send({ type: 'two-faces', levels: ['average', 'average'] })).toEqual([]);
    expect(counter.view.asksAgain).toBe(false);
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
    expect(counter.levels()).toEqual(['average', 'satisfied']);
    expect(counter.outcomes()).toEqual(['rated', 'rated']);
  });

  test('"not now" ends the service that the invitation opened', () => {
    counter.send({ type: 'invite' });
    counter.send({ type: 'not-now' });
    expect(counter.outcomes()).toEqual(['declined']);
  });

  test('next neither starts a service nor cuts an invitation short', () => {
    counter.send({ type: 'invite' });
    counter.next();
    expect(counter.view.phase).toBe('inviting');
    counter.wait(20 * second);
    expect(counter.outcomes()).toEqual(['expired']);
    expect(counter.told('service.started')).toHaveLength(1);
  });

  test('a service that the hub’s new mode finds open can still be ended', () => {
    counter.mode = 'called';
    counter.next();
    counter.mode = 'continuous';
    counter.next();
    counter.wait(20 * second);
    expect(counter.outcomes()).toEqual(['withheld']);
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
    expect(counter.outcomes()).toEqual(['rated', 'declined']);
  });
});

test('presses in sums that are open still are known as untold, until they are told', () => {
  counter.next();
  counter.send({ type: 'two-faces', levels: ['average', 'dissatisfied'] });
  for (let n = 0; n < 3; n++) counter.press('dissatisfied');
  expect(untoldPresses(counter.state)).toEqual({ average: 1, dissatisfied: 3 });
  counter.send({ type: 'end' });
  counter.wait(minute);
  expect(untoldPresses(counter.state)).toEqual({});
});
