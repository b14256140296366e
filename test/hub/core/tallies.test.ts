import { randomUUID } from 'node:crypto';
import { type EventType, eventData } from '@manyi/config/events';
import { rebuild } from '@manyi/hub/tallies/rebuild';
import { fold, isServiceEvent, type Place, type ServiceEvent } from '@manyi/hub/tallies/service';
import { openTallies } from '@manyi/hub/tallies/store';
import { contribution, type ServiceState } from '@manyi/hub/tallies/tally';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { event, rating } from '../../support/events.ts';
import { hall, join } from './hall.ts';

const at = Date.parse('2026-11-22T09:00:00+08:00');
const service = '01990000-0000-7000-8000-000000000001';
const outbox = '01990000-0000-7000-8000-0000000000ff';

/** An event as the fold sees it: data through the treaty's own schema, a place of its own. */
function one(
  type: Extract<ServiceEvent['type'], EventType>,
  minute: number,
  data: object,
  place: Partial<Place> = {},
): [ServiceEvent, Place] {
  const parsed = eventData[type].parse({ outbox, seq: 1, service, clerk: 'C1', ...data });
  const made = { type, data: parsed };
  if (!isServiceEvent(made)) throw new Error(type);
  const where = {
    position: 1,
    site: 'main-hall',
    terminal: 'terminal-1',
    counter: 'counter-1',
    clerk: 'C1',
    called: true,
  };
  return [made, { ...where, time: at + minute * 60_000, ...place }];
}

function folded(events: readonly [ServiceEvent, Place][]): ServiceState | undefined {
  return events.reduce<ServiceState | undefined>((state, [made, place]) => fold(state, made, place), undefined);
}

function counts(...events: [ServiceEvent, Place][]) {
  const state = folded(events);
  return state && contribution(state);
}

const started = one('manyi.service.started.v1', 0, {});
const given = (data: object = {}) =>
  one('manyi.rating.given.v1', 5, { level: 'satisfied', invitedBy: 'clerk', ...data });
const ended = (outcome: string, data: object = {}) => one('manyi.service.ended.v1', 70, { outcome, ...data });

test('a rated service counts once, in the bucket of its rating', () => {
  const expected = { level_2: 1, rated: 1, services: 1, opportunities: 1, answered: 1 };
  expect(counts(started, given(), ended('rated'))).toMatchObject({ at: at + 300_000, counts: expected });
});

test('an unrated service counts in the bucket of its end, by its outcome', () => {
  expect(counts(started, ended('expired', { invitedBy: 'clerk' }))).toMatchObject({
    at: at + 70 * 60_000,
    counts: { services: 1, expired: 1, opportunities: 1 },
  });
  expect(counts(ended('declined', { invitedBy: 'clerk' }))?.counts).toEqual({
    services: 1,
    declined: 1,
    opportunities: 1,
  });
});

test('a rating after the end moves the count', () => {
  const moved = counts(ended('expired', { invitedBy: 'clerk' }), given());
  expect(moved).toMatchObject({ at: at + 300_000, counts: { rated: 1, services: 1, answered: 1, opportunities: 1 } });
  expect(moved?.counts).not.toHaveProperty('expired');
});

test('an interrupted service is outside participation and nobody is blamed', () => {
  expect(counts(ended('interrupted', { invitedBy: 'automatic' }))?.counts).toEqual({ services: 1, interrupted: 1 });
});

test('not invited: ended without the clerk having invited, or a press before it', () => {
  expect(counts(ended('withheld', { invitedBy: 'automatic' }))?.counts).toMatchObject({ not_invited: 1 });
  expect(counts(given({ invitedBy: 'automatic' }))?.counts).toMatchObject({ not_invited: 1, rated: 1 });
  expect(counts(given({ invitedBy: null }))?.counts).not.toHaveProperty('not_invited');
  expect(counts(ended('declined'))?.counts).not.toHaveProperty('not_invited');
});

test('an unprompted rating stands apart', () => {
  expect(counts(given({ unprompted: true }))?.counts).toEqual({ unprompted: 1 });
});

test('where customers are not called, nobody knows who could have rated', () => {
  const free = one('manyi.rating.given.v1', 5, { level: 'satisfied' }, { called: false });
  expect(counts(free)?.counts).toEqual({ level_2: 1, rated: 1, services: 1 });
});

test('any order of the same events comes to the same', () => {
  const ends = ['rated', 'expired', 'withheld', 'declined', 'interrupted'];
  const anyEvents = fc
    .record({
      withStart: fc.boolean(),
      withRating: fc.boolean(),
      outcome: fc.option(fc.constantFrom(...ends), { nil: null }),
      invitedBy: fc.constantFrom('clerk', 'automatic', null),
      withReason: fc.boolean(),
      startedAt: fc.constantFrom(null, '2026-11-22T08:50:00.000+08:00'),
      ratingClerk: fc.constantFrom('C1', 'C2'),
      called: fc.boolean(),
    })
    .map(({ withStart, withRating, outcome, invitedBy, withReason, startedAt, ratingClerk, called }) => {
      const events: [ServiceEvent, Place][] = [];
      if (withStart) events.push(one('manyi.service.started.v1', 0, {}, { called }));
      const place = { called, clerk: ratingClerk, counter: 'counter-2' };
      const data = { level: 'average', invitedBy, startedAt };
      if (withRating) events.push(one('manyi.rating.given.v1', 5, data, place));
      if (outcome) events.push(one('manyi.service.ended.v1', 70, { outcome, invitedBy, startedAt }, { called }));
      if (withReason) events.push(one('manyi.reason.given.v1', 6, { reason: 'speed' }, { called }));
      return events;
    })
    .filter((events) => events.length > 0);
  const twoOrders = anyEvents.chain((events) =>
    fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
  );
  fc.assert(
    fc.property(twoOrders, ([events, shuffled]) => {
      expect(folded(shuffled)).toEqual(folded(events));
    }),
    { numRuns: 2000 },
  );
});

test('the tables come out of the ledger anew, row by row the same, with everything in disorder', async () => {
  const core = await hall();
  const [first, second] = [await join(core, 'terminal-1'), await join(core, 'terminal-2')];
  const boxes = [randomUUID(), randomUUID()] as const;
  const levels = ['very-satisfied', 'satisfied', 'average', 'dissatisfied'];
  const start = Date.parse('2026-10-31T23:00:00+08:00');
  const made = boxes.map((box, who) =>
    Array.from({ length: 200 }, (_, index) => {
      const duty = `01990000-0000-7000-8000-00000000000${who}`;
      const id = randomUUID();
      const time = (minutes: number) => new Date(start + (index * 7 + minutes) * 60_000);
      const named = { service: id, clerk: `C${index % 5}`, duty };
      const end = ['rated', 'expired', 'withheld', 'declined', 'interrupted'][index % 5] ?? '';
      const events = [event('manyi.service.started.v1', box, 0, named, time(0))];
      if (end === 'rated') events.push(rating(box, 0, { ...named, level: levels[index % 4] }, time(4)));
      events.push(event('manyi.service.ended.v1', box, 0, { ...named, outcome: end }, time(5)));
      if (index % 11 === 0) events.push(rating(box, 0, { ...named, level: 'average' }, time(6)));
      if (index % 20 === 0) events.push(event('manyi.duty.started.v1', box, 0, { duty, clerk: 'C1' }, time(0)));
      if (index % 30 === 0) events.push(event('manyi.duty.paused.v1', box, 0, { duty, clerk: 'C1' }, time(1)));
      return events;
    })
      .flat()
      .map((each, index) => ({ ...each, data: { ...each.data, seq: index + 1 } })),
  );
  const shuffle = <T>(items: T[]) =>
    fc.sample(fc.shuffledSubarray(items, { minLength: items.length }), { numRuns: 1, seed: 7 });
  const [mine, theirs] = made.map((events) => shuffle(events)[0] ?? []);
  await Promise.all([first.send(...(mine ?? [])), second.send(...(theirs ?? []))]);
  await first.receipt(boxes[0], mine?.length ?? 0);
  await second.receipt(boxes[1], theirs?.length ?? 0);

  const tables = () =>
    ['tallies', 'services', 'ratings', 'duties'].map((table) =>
      core.database.sqlite.prepare(`SELECT * FROM ${table} ORDER BY 1, 2, 3, 4, 5`).all(),
    );
  const before = tables();
  expect(before.every((rows) => rows.length > 0)).toBe(true);
  rebuild(core.database, core.ledger, openTallies(core.database), () => 'Asia/Shanghai');
  expect(tables()).toEqual(before);
});
