import { answers, type KeyBook, type KeyFact, quietAfterRatings, take } from '@manyi/hub/terminals/keys/keys';
import { describe, expect, it } from 'vitest';

const levels = ['very-satisfied', 'satisfied', 'average', 'dissatisfied'];

/** Presses of each key, best level first. */
const presses = (...counts: number[]) => Object.fromEntries(counts.map((count, n) => [levels[n] ?? '', count]));

let now = 0;
const rated = (level: string, profile = 'four-key'): KeyFact => ({ type: 'rated', at: ++now, profile, level });
const ignored = (...counts: number[]): KeyFact => ({ type: 'ignored', at: ++now, presses: presses(...counts) });
const counted = (
  totals: number[],
  untold: number[] = [],
  panel = '1a2b',
  touched: (KeyFact & { type: 'counted' })['touched'] = null,
): KeyFact => ({
  type: 'counted',
  at: ++now,
  panel,
  totals: presses(...totals),
  untold: presses(...untold),
  touched,
});
/** The same, with what was pressed at the screen in a run of the agent. */
const touchedIn = (run: string, totals: number[], touches: number[], untold: number[] = []): KeyFact =>
  counted(totals, untold, '1a2b', { run, presses: presses(...touches) });

function told(...facts: readonly KeyFact[]): KeyBook {
  const book = facts.reduce<KeyBook | null>(take, null);
  if (book === null) throw new Error('nothing is known');
  return book;
}

const figures = (...facts: readonly KeyFact[]) =>
  answers(told(...facts), levels).map(({ heard, counted, unheard }) => [heard, counted, unheard]);

describe('presses that the panel counted', () => {
  it.each<[string, KeyFact[], (number | null)[][]]>([
    [
      'are not known where no panel counts',
      [rated('satisfied'), ignored(2, 0, 0, 1)],
      [
        [2, null, null],
        [1, null, null],
        [0, null, null],
        [1, null, null],
      ],
    ],
    [
      'before its first word are not asked for',
      [rated('satisfied'), counted([7, 8, 9, 10])],
      [
        [0, 0, 0],
        [1, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ],
    ],
    [
      'have all come, as ratings and as further presses',
      [counted([0, 0, 0, 0]), rated('satisfied'), ignored(0, 2, 0, 1), counted([0, 3, 0, 1])],
      [
        [0, 0, 0],
        [3, 3, 0],
        [0, 0, 0],
        [1, 1, 0],
      ],
    ],
    [
      'while the terminal was off never came',
      [counted([5, 5, 5, 5]), rated('very-satisfied'), counted([6, 5, 5, 8])],
      [
        [1, 1, 0],
        [0, 0, 0],
        [0, 0, 0],
        [0, 3, 3],
      ],
    ],
    [
      'and that stand in an open sum are about to come: not lost before, and not twice afterwards',
      [
        counted([0, 0, 0, 0], [0]),
        rated('average'),
        counted([0, 0, 4, 0], [0, 0, 3]),
        ignored(0, 0, 3),
        rated('average'),
      ],
      [
        [0, 0, 0],
        [0, 0, 0],
        [5, 4, 0],
        [0, 0, 0],
      ],
    ],
    [
      'before its first word and told after it explain no others',
      [counted([0, 0, 4, 0], [0, 0, 3]), ignored(0, 0, 3), counted([0, 0, 6, 0])],
      [
        [0, 0, 0],
        [0, 0, 0],
        [3, 2, 2],
        [0, 0, 0],
      ],
    ],
    [
      'are missing beside those that came from the screen, in every run of the agent',
      [
        touchedIn('a', [0, 0, 0, 0], [1]),
        rated('satisfied'),
        rated('average'),
        touchedIn('a', [0, 1, 2, 0], [1, 0, 1], [0, 1]),
        ignored(0, 1),
        rated('satisfied'),
        touchedIn('b', [0, 3, 2, 0], [0, 1]),
      ],
      [
        [0, 0, 0],
        [3, 3, 1],
        [1, 2, 2],
        [0, 0, 0],
      ],
    ],
    [
      'are as many as ever where the first word of the screen is the first at all, and what it tells came before',
      [
        rated('average'),
        touchedIn('a', [0, 0, 3, 0], [0, 0, 1]),
        rated('average'),
        touchedIn('a', [0, 0, 4, 0], [0, 0, 1]),
      ],
      [
        [0, 0, 0],
        [0, 0, 0],
        [2, 1, 0],
        [0, 0, 0],
      ],
    ],
    [
      'are fewer than those that came, where the screen has faces too and does not tell of them: nothing is lost',
      [counted([0, 0, 0, 0]), rated('satisfied'), counted([0, 0, 0, 0])],
      [
        [0, 0, 0],
        [1, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ],
    ],
  ])('%s', (_, facts, expected) => expect(figures(...facts)).toEqual(expected));

  it('begin anew with another panel, and with totals that fell; and the reason is kept', () => {
    const lost = [counted([1, 1, 1, 1]), counted([1, 1, 1, 4])];
    expect(told(...lost).panel).toMatchObject({ begun: 'first', id: '1a2b' });
    const changed = [...lost, counted([9, 9, 9, 9], [], 'ffff'), counted([9, 9, 9, 10], [], 'ffff')];
    expect(told(...changed).panel).toMatchObject({ begun: 'changed', id: 'ffff' });
    expect(figures(...changed)[3]).toEqual([0, 1, 1]);
    const fell = [...lost, counted([1, 1, 1, 2]), counted([1, 1, 1, 3])];
    expect(told(...fell).panel).toMatchObject({ begun: 'fell' });
    expect(figures(...fell)[3]).toEqual([0, 1, 1]);
  });

  it('mean nothing any more when a profile gives the keys other levels', () => {
    const five = {
      type: 'counted',
      at: ++now,
      panel: '1a2b',
      totals: { 'very-dissatisfied': 2 },
      untold: {},
      touched: null,
    } as const;
    expect(told(counted([1, 1, 1, 1]), five)).toMatchObject({ keys: {}, panel: { begun: 'first' } });
    const other = told(rated('satisfied'), rated('dissatisfied', 'five-level'));
    expect(other).toMatchObject({ profile: 'five-level', ratings: 1, since: now });
    expect(Object.keys(other.keys)).toEqual(['dissatisfied']);
  });
});

describe('a key that nobody presses', () => {
  const many = Array.from({ length: quietAfterRatings }, () => rated('very-satisfied'));
  const quiet = (...facts: readonly KeyFact[]) =>
    answers(told(...facts), levels).flatMap((key) => (key.quiet ? [key.level] : []));

  it('is one that so many customers have passed by, and none that mashing drowns', () => {
    expect(quiet(...many)).toEqual(['satisfied', 'average', 'dissatisfied']);
    expect(quiet(...many.slice(1))).toEqual([]);
    expect(quiet(rated('very-satisfied'), ignored(5_000))).toEqual([]);
  });

  it('is none as soon as it is pressed, whatever the press counts for', () => {
    expect(quiet(...many, rated('average'), ignored(0, 0, 0, 1))).toEqual(['satisfied']);
  });
});

it('forgets the keys of a terminal that was removed', () => {
  expect([rated('satisfied'), { type: 'removed' } as const].reduce<KeyBook | null>(take, null)).toBeNull();
});
