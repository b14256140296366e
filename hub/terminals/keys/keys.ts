/*
 * What a terminal's keys have told: how often each was pressed, how many presses never became an event, and which key nobody presses.
 *
 * A press that arrives is a rating or one of the further presses that count for nothing. A panel that counts for itself tells now and
 * then how often each key was pressed. Between its first word and its latest it has counted some presses, and some have come: what is
 * between the two was pressed while the terminal was off, or is lost otherwise. A press at the terminal's screen has come without being
 * counted by the panel: the agent tells how many these were. What it had not told when it ended makes the number too low; one whose
 * event is lost makes it too high.
 */

/** Presses by the level of their key. */
export type Presses = Readonly<Record<string, number>>;

/** Something that the ledger tells of a terminal's keys. Times are epoch milliseconds. */
export type KeyFact =
  | { readonly type: 'rated'; readonly at: number; readonly profile: string; readonly level: string }
  | { readonly type: 'ignored'; readonly at: number; readonly presses: Presses }
  | {
      readonly type: 'counted';
      readonly at: number;
      readonly panel: string;
      readonly totals: Presses;
      /** Presses that were made before this and come in an event after it. */
      readonly untold: Presses;
      /** Presses at the screen since this run of the agent began; null of an agent that does not tell. */
      readonly touched: { readonly run: string; readonly presses: Presses } | null;
    }
  | { readonly type: 'removed' };

/** What is known of a terminal's keys since its first fact, or since another profile gave them other levels. */
export interface KeyBook {
  readonly since: number;
  /** Null until a rating has named it. */
  readonly profile: string | null;
  readonly ratings: number;
  readonly keys: Readonly<Record<string, KeyCount>>;
  readonly panel: PanelCount | null;
  /** Presses at the screen since the first word of them: all that are known, and those of the latest run. */
  readonly touched?: { readonly run: string; readonly latest: Presses; readonly sum: Presses };
}

interface KeyCount {
  /** Presses that have come. */
  readonly heard: number;
  readonly last: number;
  /** How many ratings there were of all keys when this one was pressed last. */
  readonly ratingsThen: number;
}

/** What the panel counts, from its first word or since it had to begin anew. */
interface PanelCount {
  readonly id: string;
  readonly begun: 'first' | 'changed' | 'fell';
  readonly since: number;
  readonly told: number;
  readonly first: Reading;
  readonly latest: Reading;
}

/** What the panel had counted, and how many presses had come or were about to, but for those at the screen. */
type Reading = Readonly<Record<string, { readonly counted: number; readonly heard: number }>>;

/** What the keys have told once this is known too; null when nothing is known of them any more. */
export function take(book: KeyBook | null, fact: KeyFact): KeyBook | null {
  switch (fact.type) {
    case 'rated':
      return takeRating(book, fact);
    case 'ignored':
      return takeIgnored(book ?? opened(fact.at), fact);
    case 'counted':
      return takeCount(book, fact);
    case 'removed':
      return null;
  }
}

function opened(since: number): KeyBook {
  return { since, profile: null, ratings: 0, keys: {}, panel: null };
}

function takeRating(book: KeyBook | null, { at, profile, level }: KeyFact & { type: 'rated' }): KeyBook {
  const isOther = book !== null && book.profile !== null && book.profile !== profile;
  const known = book === null || isOther ? opened(at) : book;
  return pressed({ ...known, profile, ratings: known.ratings + 1 }, { [level]: 1 }, at);
}

/** A child may press a key a hundred times: only ratings say how many customers have not pressed another. */
function takeIgnored(book: KeyBook, { at, presses }: KeyFact & { type: 'ignored' }): KeyBook {
  return pressed(book, presses, at);
}

function pressed(book: KeyBook, presses: Presses, at: number): KeyBook {
  const keys = { ...book.keys };
  for (const [level, count] of Object.entries(presses)) {
    if (count === 0) continue;
    keys[level] = { heard: (keys[level]?.heard ?? 0) + count, last: at, ratingsThen: book.ratings };
  }
  return { ...book, keys };
}

function takeCount(book: KeyBook | null, fact: KeyFact & { type: 'counted' }): KeyBook {
  const panel = book?.panel ?? null;
  const known = book === null || (panel !== null && !hasSameKeys(panel.latest, fact.totals)) ? opened(fact.at) : book;
  const touched = touchedBy(known, fact);
  const latest = readingOf(known, fact, touched?.sum ?? {});
  const before = known.panel;
  const begun = begins(before, fact);
  const count: PanelCount =
    before === null || begun !== null
      ? { id: fact.panel, begun: begun ?? 'first', since: fact.at, told: fact.at, first: latest, latest }
      : { ...before, told: fact.at, latest };
  return { ...known, panel: count, ...(touched === undefined ? {} : { touched }) };
}

/** Why the count has to begin anew; null when it goes on. */
function begins(
  before: PanelCount | null,
  { panel, totals }: KeyFact & { type: 'counted' },
): PanelCount['begun'] | null {
  if (before === null) return 'first';
  if (before.id !== panel) return 'changed';
  const hasFallen = Object.entries(before.latest).some(([level, { counted }]) => (totals[level] ?? 0) < counted);
  return hasFallen ? 'fell' : null;
}

/** The first word is where they are counted from; another run begins from nothing. */
function touchedBy({ touched: before }: KeyBook, { touched: now }: KeyFact & { type: 'counted' }): KeyBook['touched'] {
  if (now === null) return before;
  const { run, presses: latest } = now;
  if (before === undefined) return { run, latest, sum: {} };
  const sum = { ...before.sum };
  for (const [level, count] of Object.entries(latest)) {
    const told = before.run === run ? (before.latest[level] ?? 0) : 0;
    sum[level] = (sum[level] ?? 0) + Math.max(0, count - told);
  }
  return { run, latest, sum };
}

function readingOf({ keys }: KeyBook, { totals, untold }: KeyFact & { type: 'counted' }, touched: Presses): Reading {
  return Object.fromEntries(
    Object.entries(totals).map(([level, counted]) => [
      level,
      { counted, heard: (keys[level]?.heard ?? 0) + (untold[level] ?? 0) - (touched[level] ?? 0) },
    ]),
  );
}

/** Another profile has other levels on the same keys: what the panel counted for them means nothing any more. */
function hasSameKeys(reading: Reading, totals: Presses): boolean {
  const [were, are] = [Object.keys(reading), Object.keys(totals)];
  return were.length === are.length && are.every((level) => level in reading);
}

/** So many customers have rated and none of them with this key: it may be dead. Pressing it once shows. */
export const quietAfterRatings = 300;

/** One key. Of what only a panel tells, null without one that counts. */
export interface KeyAnswer {
  readonly level: string;
  readonly heard: number;
  readonly last: number | null;
  /** How many have rated, with other keys, since this one was pressed last. */
  readonly ratingsSince: number;
  readonly quiet: boolean;
  readonly counted: number | null;
  readonly unheard: number | null;
}

/** The keys of the levels, in their order. */
export function answers({ keys, ratings, panel }: KeyBook, levels: readonly string[]): KeyAnswer[] {
  return levels.map((level) => {
    const key = keys[level];
    const ratingsSince = ratings - (key?.ratingsThen ?? 0);
    const said = { level, heard: key?.heard ?? 0, last: key?.last ?? null, ratingsSince };
    return { ...said, quiet: ratingsSince >= quietAfterRatings, ...panelAnswer(panel, level) };
  });
}

function panelAnswer(panel: PanelCount | null, level: string): Pick<KeyAnswer, 'counted' | 'unheard'> {
  const [first, latest] = [panel?.first[level], panel?.latest[level]];
  if (first === undefined || latest === undefined) return { counted: null, unheard: null };
  const counted = latest.counted - first.counted;
  return { counted, unheard: Math.max(0, counted - (latest.heard - first.heard)) };
}
