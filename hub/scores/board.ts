import type { Scores, ScoresBy } from '@manyi/config/api';
import { maxClockLeadMs } from '@manyi/config/limits';
import type { ProfileId } from '@manyi/config/profiles';
import { localDate, startOfHour, startOfMonth, toRfc3339 } from '@manyi/config/zone';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { invalid } from '../errors.ts';
import { type Piece, pieces } from '../tallies/windows.ts';
import { createNames } from './names.ts';
import {
  countColumns,
  countedFrom,
  type Figures,
  isRanked,
  isSomething,
  meansOf,
  profileOf,
  rank,
  rowsOf,
  type ScoredSite,
} from './scores.ts';
import { createScoreStore, type Grouping, type Line } from './store.ts';
import { type Stretch, stretches } from './stretches.ts';
import { type Moment, type Window, windowAt } from './window.ts';

/** A question to the scoreboard. Moments that are null mean today. */
export interface ScoreQuestion {
  readonly by: ScoresBy;
  readonly from: Moment | null;
  readonly to: Moment | null;
  /** The sites in question. */
  readonly sites: readonly ScoredSite[];
  /** Only this clerk's; null for everybody's. */
  readonly clerk: string | null;
  /** Whether clerks and counters of whom nothing was counted have a row of zeros. */
  readonly everybody: boolean;
}

export interface Scoreboard {
  sites(): ScoredSite[];
  /** The answer, all of it at one position of the ledger. */
  scores(question: ScoreQuestion): Scores;
}

const dayMs = 24 * 60 * 60 * 1000;

const groupings: Readonly<Record<ScoresBy, Grouping>> = {
  clerk: 'clerk',
  counter: 'counter',
  site: 'site',
  hour: 'bucket',
  day: 'bucket',
};

/** Scores of a hub's database. Their cost follows the length of the window and the number of clerks, not the length of history. */
export function createScoreboard(database: Database, clock: Clock): Scoreboard {
  const store = createScoreStore(database);

  /** What was counted at a site in its window, by key; `''` is nobody. */
  const gather = (
    site: ScoredSite,
    window: Window,
    by: ScoresBy,
    profile: ProfileId,
    clerk: string | null,
  ): Figures[] => {
    const sums = new Map<string, number[]>();
    const query = { site: site.id, profile, clerk, by: groupings[by] };
    for (const { span, from, to, sign } of parts(window, by, site.timeZone)) {
      const lines = span === 'moment' ? store.moments(query, from, to) : store.tallies(query, span, from, to);
      for (const line of lines) addLine(sums, keyOf(by, line[0], site), line, sign);
    }
    const figures = [...sums].map(([key, sum]) => ({ site, key, counted: countedFrom(sum) }));
    return figures.filter(({ counted }) => isSomething(counted));
  };

  const scores = (question: ScoreQuestion): Scores => {
    const { by, sites, clerk } = question;
    const now = clock.now();
    const profile = profileOf(sites);
    const windows = sites.map((site) => ({ site, window: windowAt(question.from, question.to, site.timeZone, now) }));
    for (const { window } of windows) refuseTooLong(by, window);
    const gatherAll = (grouping: ScoresBy, ofClerk: string | null) =>
      windows.flatMap(({ site, window }) =>
        gather(site, readable(window, site.timeZone, now), grouping, profile, ofClerk),
      );
    const figures = gatherAll(by, clerk);
    const means = meansOf(profile, clerk === null ? figures : gatherAll('site', null));
    const names = createNames(store, sites, by);
    const shown = figures.filter(({ key }) => by !== 'clerk' || key !== '');
    const rows = rowsOf(profile, question.everybody ? names.withAbsent(shown, clerk) : shown, means, names);
    if (isRanked(by)) rank(rows);
    const zone = commonZone(sites);
    const { from, to } = span(
      windows.map(({ window }) => window),
      windowAt(question.from, question.to, zone, now),
    );
    return {
      items: rows,
      profile,
      from: toRfc3339(from, zone),
      to: toRfc3339(to, zone),
      position: store.position(),
    };
  };

  return { sites: store.sites, scores: (question) => store.atOnce(() => scores(question)) };
}

/** Days that an answer by hour or by day may span. */
const longestDays: Partial<Record<ScoresBy, number>> = { hour: 62, day: 1462 };

function refuseTooLong(by: ScoresBy, window: Window): void {
  const days = longestDays[by];
  if (days !== undefined && window.to - window.from > days * dayMs) {
    const words = `by ${by} a window spans at most ${days} days: ask for a shorter one`;
    throw invalid('querystring.to', words, 'window-too-long');
  }
}

/** Adds a line to the sum of its key; in place, because there may be thousands of keys in each of many lines. */
function addLine(sums: Map<string, number[]>, key: string, line: Line, sign: 1 | -1): void {
  const sum = sums.get(key) ?? countColumns.map(() => 0);
  sums.set(key, sum);
  for (let index = 0; index < sum.length; index++) sum[index] = (sum[index] ?? 0) + sign * Number(line[index + 1]);
}

/** What to read for a window. Rows by hour need the hours of a day, rows by day the days of a month. */
function parts(window: Window, by: ScoresBy, zone: string): (Piece & Pick<Stretch, 'sign'>)[] {
  if (by !== 'hour' && by !== 'day') {
    return stretches(window, zone).flatMap(({ from, to, sign }) =>
      pieces(from, to, zone).map((piece) => ({ ...piece, sign })),
    );
  }
  return pieces(window.from, window.to, zone).map(({ span, from, to }) => {
    const isWhole = span === 'month' || (span === 'day' && by === 'hour');
    return { span: isWhole ? by : span, from, to, sign: 1 };
  });
}

function keyOf(by: ScoresBy, key: Line[0], site: ScoredSite): string {
  switch (by) {
    case 'clerk':
    case 'counter':
      return String(key);
    case 'site':
      return site.id;
    case 'hour':
      return toRfc3339(startOfHour(Number(key), site.timeZone), site.timeZone);
    case 'day':
      return localDate(Number(key), site.timeZone);
  }
}

/** Manyi is younger than this; what a query asks before it need not be looked for. */
const earliest = Date.UTC(2020, 0, 1);

/**
 * The window as it is read. Nothing counts later than a little after now, so a window that reaches into the future may as well
 * reach to the end of the month, which one row answers for.
 */
function readable(window: Window, zone: string, now: number): Window {
  const latest = now + maxClockLeadMs;
  const monthEnd = startOfMonth(startOfMonth(latest, zone) + 32 * dayMs, zone);
  return { from: Math.max(window.from, earliest), to: window.to > latest ? monthEnd : window.to };
}

/** The zone in which an answer's instants are written: that of its sites, UTC where they differ. */
function commonZone(sites: readonly ScoredSite[]): string {
  const [first, ...others] = new Set(sites.map((site) => site.timeZone));
  return first === undefined || others.length > 0 ? 'UTC' : first;
}

/** From the first beginning to the last end. */
function span(windows: readonly Window[], otherwise: Window): Window {
  if (windows.length === 0) return otherwise;
  return { from: Math.min(...windows.map(({ from }) => from)), to: Math.max(...windows.map(({ to }) => to)) };
}
