import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEntry, AuditState } from '@manyi/config/audit';
import { readAnchors } from '@manyi/hub/audit/anchor';
import { openAudit } from '@manyi/hub/audit/audit';
import { next } from '@manyi/hub/audit/entry';
import { verifyAudit, verifyAuditCommand } from '@manyi/hub/audit/verify';
import { watchAudit } from '@manyi/hub/audit/watch';
import { openDatabase } from '@manyi/hub/database/database';
import Sqlite from 'better-sqlite3';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { eventually } from '../../support/api.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { openStudio, type Studio } from './studio.ts';

const fileOf = ({ folder }: Studio) => join(folder, 'audit-anchors.txt');
const linesOf = (studio: Studio) => readFileSync(fileOf(studio), 'utf8').trimEnd().split('\n');

/** The state once a check has ended. */
function checked({ api }: Studio): Promise<AuditState> {
  return eventually(
    () => api.get<AuditState>('/audit/state'),
    ({ checkedAt, trouble }) => checkedAt !== null || trouble !== null,
  );
}

/** Writes entries into the log, by what an administrator does. */
async function act({ api }: Studio, count: number): Promise<void> {
  for (let days = 1; days <= count; days += 1) {
    const rule = { good: days, neutral: 90, bad: 365, unrated: 30, reason: `rule ${days}` };
    await api.call('PUT', '/sites/main-hall/recording-retention', rule);
  }
}

/** What somebody does who can write the database, but not what was noted outside of it. */
async function tamper(studio: Studio, work: (database: Sqlite.Database) => void): Promise<Studio> {
  await studio.close();
  const database = new Sqlite(join(studio.folder, 'hub.db'));
  database.exec('DROP TRIGGER audit_stays; DROP TRIGGER audit_remains');
  work(database);
  database.close();
  return studio.again();
}

/** A chain that holds, and tells another story. */
function makeAnew(database: Sqlite.Database): void {
  const sql = 'SELECT *, lasted_ms AS lastedMs FROM audit ORDER BY position';
  const entries = database.prepare<[], AuditEntry>(sql).all();
  const write = database.prepare(
    'UPDATE audit SET who = @who, previous = @previous, hash = @hash WHERE position = @position',
  );
  let last: AuditEntry | null = null;
  for (const { position: _, at, previous: __, hash: ___, ...fact } of entries) {
    last = next(last, { ...fact, who: 'li' }, at);
    write.run(last);
  }
}

test('what was right is anchored at the end and at the start, in a file that only its user may write', async () => {
  const studio = await openStudio();
  expect(await checked(studio)).toMatchObject({ entries: 0, trouble: null, anchors: 0, anchoredSince: null });
  expect(existsSync(fileOf(studio))).toBe(false);
  await act(studio, 3);
  const [newest] = (await studio.api.get<{ items: AuditEntry[] }>('/audit')).items;
  const again = await studio.again();
  expect(linesOf(again)).toEqual([expect.stringMatching(new RegExp(`^\\d{4}-\\S+Z 3:${newest?.hash}$`))]);
  expect(statSync(fileOf(again)).mode & 0o777).toBe(0o600);
  expect(studio.lines.join()).toContain(`the audit log is anchored: 3:${newest?.hash}`);
  const [since] = linesOf(again)[0]?.split(' ') ?? [];
  expect(await checked(again)).toMatchObject({
    entries: 3,
    trouble: null,
    why: null,
    anchors: 1,
    anchoredSince: since,
  });
  // Nothing new, nothing to anchor.
  expect(linesOf(await again.again())).toHaveLength(1);
});

test.each<[string, string, (database: Sqlite.Database) => void]>([
  [
    'was cut off at its end',
    'it ends at entry 2, and entry 5 was noted: its end was cut off',
    (database) => database.exec('DELETE FROM audit WHERE position > 2'),
  ],
  ['was made anew as a whole', 'entry 5 is not the one that was noted: it, or one before it, was made anew', makeAnew],
  [
    'was emptied',
    'it ends at entry 0, and entry 5 was noted: its end was cut off',
    (database) => database.exec('DELETE FROM audit'),
  ],
  [
    'was changed inside',
    'entry 2 was changed',
    (database) => database.exec("UPDATE audit SET who = 'li' WHERE position = 2"),
  ],
])('a log that %s is found by the hub itself, which says so and anchors no more of it', async (_, why, work) => {
  const studio = await openStudio();
  await act(studio, 5);
  const anchored = await studio.again();
  const noted = linesOf(anchored);
  const tampered = await tamper(anchored, work);
  expect(await checked(tampered)).toMatchObject({ trouble: 'broken', why });
  expect(tampered.lines.filter((line) => line.includes(`the audit log is not to be trusted: ${why}`))).toHaveLength(1);
  // What people do is still written down.
  await act(tampered, 1);
  await tampered.close();
  expect(linesOf(tampered)).toEqual(noted);
  const { line, intact } = verifyAuditCommand([], join(tampered.folder, 'hub.db'));
  expect([intact, line]).toEqual([false, expect.stringMatching(/cut off|made anew|was changed/)]);
});

test('by the chain alone, a log that was cut off or made anew passes for a right one', async () => {
  const studio = await openStudio();
  await act(studio, 5);
  const tampered = await tamper(studio, makeAnew);
  await tampered.close();
  rmSync(fileOf(tampered));
  expect(verifyAudit(join(tampered.folder, 'hub.db')).fault).toBeNull();
  const { line } = verifyAuditCommand([], join(tampered.folder, 'hub.db'));
  expect(line).toContain('5 entries, no anchor to hold it against');
});

test('once the anchors of a log that a backup replaced are put away, it begins anew', async () => {
  const studio = await openStudio();
  await act(studio, 5);
  const restored = await tamper(await studio.again(), (database) =>
    database.exec('DELETE FROM audit WHERE position > 2'),
  );
  expect(await checked(restored)).toMatchObject({ trouble: 'broken' });
  await restored.close();
  renameSync(fileOf(restored), join(restored.folder, 'put-away.txt'));
  const again = await restored.again();
  expect(await checked(again)).toMatchObject({ trouble: null, entries: 2, anchors: 1 });
  expect(linesOf(again)).toHaveLength(1);
});

test('a log of many pages is checked to its end, while the hub goes on', async () => {
  const folder = temporaryFolder();
  const database = openDatabase(folder);
  const clock = { now: Date.now };
  const audit = openAudit(database, clock);
  const write = (count: number) => {
    for (let n = 0; n < count; n += 1) audit.record({ who: 'lee', what: 'recording.play', why: 'a complaint' });
  };
  database.sqlite.transaction(() => write(1_000))();
  const watch = watchAudit({ database, clock, folder, log: pino({ level: 'silent' }) });
  write(1);
  await watch.check();
  expect(watch.state()).toMatchObject({ entries: 1_001, trouble: null });
  write(500);
  await watch.close();
  expect(readAnchors(join(folder, 'audit-anchors.txt')).at(-1)?.position).toBe(1_501);
  await database.close();
  const copy = new Sqlite(join(folder, 'hub.db'));
  copy.exec("DROP TRIGGER audit_stays; UPDATE audit SET who = 'li' WHERE position = 1401");
  copy.close();
  expect(verifyAudit(join(folder, 'hub.db')).fault).toBe('entry 1401 was changed');
});

test('a file that cannot be read or written is told, and mended by itself once it can', async () => {
  const studio = await openStudio();
  await act(studio, 2);
  await studio.close();
  rmSync(fileOf(studio));
  mkdirSync(fileOf(studio));
  const blocked = await studio.again();
  const state = await checked(blocked);
  expect(state).toMatchObject({ trouble: 'unanchored', anchors: 0 });
  expect(state.why).toMatch(/EISDIR/);
  await blocked.close();
  rmSync(fileOf(studio), { recursive: true });
  expect(await checked(await blocked.again())).toMatchObject({ trouble: null, anchors: 1 });
});

test('a line that a power cut left half written says nothing, and the next one stands alone', async () => {
  const studio = await openStudio();
  await act(studio, 2);
  const again = await studio.again();
  await checked(again);
  await act(again, 1);
  await again.close();
  const whole = linesOf(again);
  expect(whole).toHaveLength(2);
  appendFileSync(fileOf(again), '2026-11-22T09:31:02.114Z 4:ab');
  const third = await again.again();
  await checked(third);
  await act(third, 1);
  await third.close();
  expect(linesOf(third)).toEqual([
    ...whole,
    '2026-11-22T09:31:02.114Z 4:ab',
    expect.stringMatching(/ 4:[0-9a-f]{64}$/),
  ]);
});
