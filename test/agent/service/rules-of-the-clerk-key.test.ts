import { beforeEach, describe, expect, test } from 'vitest';
import { type Counter, createCounter, second } from './counter.ts';

let counter: Counter;
const clerkKey = () => counter.send({ type: 'clerk-key' });

describe("called: the clerk's key", () => {
  beforeEach(() => {
    counter = createCounter('called');
    counter.badge('C1');
  });

  test('leads through one customer after another: call, invite, call', () => {
    clerkKey();
    expect(counter.view.phase).toBe('serving');
    clerkKey();
    expect(counter.view.phase).toBe('inviting');
    counter.press();
    clerkKey();
    expect(counter.view.phase).toBe('reason');
    counter.wait(10 * second);
    expect(counter.view.phase).toBe('serving');
    expect(counter.told('service.started')).toMatchObject([{ startedBy: 'next' }, { startedBy: 'next' }]);
    expect(counter.told('rating.given')).toMatchObject([{ invitedBy: 'clerk', clerk: 'C1' }]);
    expect(counter.outcomes()).toEqual(['rated']);
  });

  test('calls while the invitation is open: the next service begins when it closes', () => {
    counter.next('A001');
    clerkKey();
    counter.wait(5 * second);
    clerkKey();
    expect(counter.view).toMatchObject({ phase: 'inviting', nextWaits: true });
    counter.wait(15 * second);
    expect(counter.outcomes()).toEqual(['expired']);
    expect(counter.view).toMatchObject({ phase: 'serving', nextWaits: false });
  });

  test.each([
    ['nobody has answered', () => counter.wait(20 * second), 'expired'],
    ['the customer has said "not now"', () => counter.send({ type: 'not-now' }), 'declined'],
  ])('calls after the invitation when %s', (_what, answer, outcome) => {
    counter.next();
    clerkKey();
    answer();
    clerkKey();
    expect(counter.outcomes()).toEqual([outcome]);
    expect(counter.told('service.started')).toHaveLength(2);
  });

  test('calls after a rating that nobody had invited, without an invitation', () => {
    counter.next();
    counter.press('dissatisfied');
    clerkKey();
    expect(counter.outcomes()).toEqual(['rated']);
    expect(counter.signals).toEqual(['thank']);
  });

  test('invites the next customer though the page of the one before still stands', () => {
    counter.next();
    counter.press();
    clerkKey();
    expect(counter.view.phase).toBe('reason');
    clerkKey();
    expect(counter.view.phase).toBe('inviting');
  });

  test('does not take the ticket from a call that waits', () => {
    counter.next('A001');
    clerkKey();
    counter.next('A002');
    clerkKey();
    counter.wait(20 * second);
    expect(counter.told('service.started')).toMatchObject([{ ticket: 'A001' }, { ticket: 'A002' }]);
  });

  test('calls nobody for a clerk who has tapped out', () => {
    counter.next();
    counter.badge('C1');
    clerkKey();
    counter.wait(20 * second);
    expect(counter.told('service.started')).toHaveLength(1);
    expect(counter.view.phase).toBe('no-clerk');
  });
});

describe("continuous: the clerk's key", () => {
  beforeEach(() => {
    counter = createCounter('continuous');
    counter.badge('C1');
  });

  test('invites whoever stands there, and again once the answer was thanked for', () => {
    clerkKey();
    expect(counter.view.phase).toBe('inviting');
    counter.press();
    expect(clerkKey()).toEqual([]);
    expect(counter.view.phase).toBe('reason');
    counter.wait(10 * second);
    clerkKey();
    expect(counter.view.phase).toBe('inviting');
    expect(counter.told('service.started')).toMatchObject([{ startedBy: 'invite' }, { startedBy: 'invite' }]);
  });

  test('shortens no invitation, and begins no other with it', () => {
    clerkKey();
    clerkKey();
    counter.wait(20 * second);
    expect(counter.outcomes()).toEqual(['expired']);
    expect(counter.told('service.started')).toHaveLength(1);
  });
});
