import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scores } from '@manyi/config/api';
import Sqlite from 'better-sqlite3';
import { type BenchHub, startHub } from './hub.ts';
import { siteName } from './past.ts';
import { ms, percentile, type Row } from './row.ts';
import { spotCheck } from './spot-check.ts';

const small = 1_000_000;
const large = 10_000_000;
const rounds = 300;
const mostGrowth = 1.2;

/** The histories end here, so that the month asked for is a whole one. */
const end = Date.parse('2026-11-22T12:00:00+08:00');
const month = { from: '2026-10-01', to: '2026-11-01' };

interface History {
  readonly count: number;
  readonly file: string;
  readonly hub: BenchHub;
  readonly sqlite: Sqlite.Database;
  readonly services: readonly string[];
}

/** A question to the hub, and to bare SQLite in the same file; `round` varies it. */
interface Question {
  readonly name: string;
  readonly mostMs: number;
  ask(history: History, round: number): Promise<unknown>;
  bare(history: History, round: number): unknown;
}

/** Scores, pages of ratings and services over ten million ratings, and over one million beside them, through the hub's HTTP. */
export async function run(): Promise<Row[]> {
  await spotCheck(3000, end);
  const folder = mkdtempSync(join(tmpdir(), 'manyi-bench-'));
  try {
    const histories = await Promise.all([small, large].map((count) => openHistory(join(folder, String(count)), count)));
    const rows: Row[] = [];
    for (const question of questions) rows.push(...(await measure(question, histories)));
    for (const { hub, sqlite } of histories) {
      await hub.stop();
      sqlite.close();
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function openHistory(folder: string, count: number): Promise<History> {
  console.error(`  writing ${count} ratings …`);
  const writer = new URL('./write-history.js', import.meta.url).pathname;
  execFileSync(process.execPath, [writer, folder, String(count), String(end)], { stdio: 'inherit' });
  const hub = await startHub(folder);
  const file = join(folder, 'hub.db');
  const sqlite = new Sqlite(file, { readonly: true });
  const scores = JSON.parse(await hub.ask(`/scores?by=site&from=2020-01-01&to=2027-01-01`)) as Scores;
  const rated = scores.items.reduce((sum, row) => sum + row.rated, 0);
  if (rated !== count) throw new Error(`the scores hold ${rated} of ${count} ratings`);
  const services = sqlite
    .prepare<[number, number], string>('SELECT service FROM ratings WHERE position % ? = 0 LIMIT ?')
    .pluck()
    .all(Math.floor(count / rounds), rounds);
  return { count, file, hub, sqlite, services };
}

const questions: readonly Question[] = [
  {
    name: 'scores by clerk, one month',
    mostMs: 50,
    ask: ({ hub }) => hub.ask(`/scores?by=clerk&from=${month.from}&to=${month.to}`),
    bare: ({ sqlite }) =>
      prepared(
        sqlite,
        `SELECT clerk, SUM(level_1), SUM(level_2), SUM(level_3), SUM(level_4), SUM(rated), SUM(services) FROM tallies
         WHERE span = 'month' AND site IN (SELECT id FROM sites) AND bucket = ? GROUP BY site, clerk`,
      ).all(Date.parse(`${month.from}T00:00:00+08:00`)),
  },
  {
    name: 'page of 100 ratings',
    mostMs: 20,
    ask: ({ hub, count }, round) => hub.ask(`/ratings?limit=100&cursor=${spread(count, round)}`),
    bare: ({ sqlite, count }, round) =>
      prepared(sqlite, 'SELECT * FROM ratings WHERE position < ? ORDER BY position DESC LIMIT 100').all(
        spread(count, round),
      ),
  },
  {
    name: 'page of 100 ratings of a site in a week',
    mostMs: 20,
    ask: ({ hub }, round) => hub.ask(`/ratings?limit=100&site=${siteName(round % 20)}&${weekOf(round)}`),
    bare: ({ sqlite }, round) =>
      prepared(
        sqlite,
        `SELECT ratings.* FROM services JOIN ratings ON position = rating_position
         WHERE services.site = ? AND counted_at < ? ORDER BY counted_at DESC LIMIT 100`,
      ).all(siteName(round % 20), end - round * 7_200_000),
  },
  {
    name: 'page of 100 ratings of a clerk',
    mostMs: 20,
    ask: ({ hub }, round) => hub.ask(`/ratings?limit=100&clerk=C${round % 20}-${round % 100}`),
    bare: ({ sqlite }, round) =>
      prepared(sqlite, 'SELECT * FROM ratings WHERE clerk = ? ORDER BY position DESC LIMIT 100').all(
        `C${round % 20}-${round % 100}`,
      ),
  },
  {
    name: 'one service',
    mostMs: 20,
    ask: ({ hub, services }, round) => hub.ask(`/services/${services[round % services.length]}`),
    bare: ({ sqlite, services }, round) =>
      prepared(sqlite, 'SELECT * FROM ledger WHERE service = ?').all(services[round % services.length]),
  },
];

function weekOf(round: number): string {
  const to = end - round * 7_200_000;
  return new URLSearchParams({
    from: new Date(to - 7 * 86_400_000).toISOString(),
    to: new Date(to).toISOString(),
  }).toString();
}

/** A position somewhere in the history, elsewhere in every round. */
function spread(count: number, round: number): number {
  return Math.floor((count * ((round * 0.618034) % 1)) / 2 + count / 2);
}

const statements = new WeakMap<Sqlite.Database, Map<string, Sqlite.Statement>>();

function prepared(sqlite: Sqlite.Database, sql: string): Sqlite.Statement {
  const known = statements.get(sqlite) ?? new Map<string, Sqlite.Statement>();
  statements.set(sqlite, known);
  const statement = known.get(sql) ?? sqlite.prepare(sql);
  known.set(sql, statement);
  return statement;
}

interface Samples {
  readonly asked: number[];
  readonly bare: number[];
}

/**
 * Asks both histories by turns, so that whatever else the machine does meets both alike. Both files are read through before: some machines
 * let go of what was written a while ago, and how fast their disk brings it back is no figure of the hub.
 */
async function measure(question: Question, histories: readonly History[]): Promise<Row[]> {
  for (const { file } of histories) readThrough(file);
  const samples = histories.map((): Samples => ({ asked: [], bare: [] }));
  for (let round = -20; round < rounds; round++) {
    for (const [index, history] of histories.entries()) {
      const asked = await timed(() => question.ask(history, Math.abs(round)));
      const bare = await timed(async () => question.bare(history, Math.abs(round)));
      if (round < 0) continue;
      samples[index]?.asked.push(asked);
      samples[index]?.bare.push(bare);
    }
  }
  const [little, much] = samples;
  if (little === undefined || much === undefined) throw new Error('two histories are compared');
  return toRows(question, little, much);
}

function readThrough(path: string): void {
  const file = openSync(path, 'r');
  const piece = Buffer.alloc(4 * 1024 * 1024);
  while (readSync(file, piece) > 0);
  closeSync(file);
}

function toRows({ name, mostMs }: Question, little: Samples, much: Samples): Row[] {
  const p99 = percentile(much.asked, 0.99);
  const floor = percentile(much.bare, 0.99);
  const before = percentile(little.asked, 0.5);
  const now = percentile(much.asked, 0.5);
  const growth = now / before;
  return [
    {
      name: `${name}, p99 with 10 million`,
      figure: ms(p99),
      floor: `${ms(floor)} bare SQLite`,
      ratio: p99 / floor,
      target: `<= ${mostMs} ms`,
      pass: p99 <= mostMs,
    },
    {
      name: `${name}, median with 10 million`,
      figure: ms(now),
      floor: `${ms(before)} with 1 million`,
      ratio: growth,
      target: `<= ${mostGrowth} times`,
      pass: growth <= mostGrowth,
    },
  ];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
