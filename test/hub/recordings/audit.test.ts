import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEntry } from '@manyi/config/audit';
import { verifyAudit } from '@manyi/hub/audit/verify';
import Sqlite from 'better-sqlite3';
import { beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';
import { openStudio, type Studio, studioOfFile } from './studio.ts';

const program = new URL('../../../hub/dist/main.js', import.meta.url).pathname;
const entries = 12;

const studio = await studioOfFile();
beforeAll(async () => {
  for (let days = 1; days <= entries; days++) {
    await studio.api.call('PUT', '/sites/main-hall/recording-retention', {
      good: days,
      neutral: 90,
      bad: 365,
      unrated: 30,
      reason: `第 ${days} 次 "rule" `,
    });
  }
});

function list(more = ''): Promise<{ items: AuditEntry[]; next: string | null }> {
  return studio.api.get(`/audit?limit=5${more}`);
}

/** A copy of the running hub's database that somebody with access to the file has worked on. */
function tampered(work: (copy: Sqlite.Database) => void): string {
  const file = join(temporaryFolder(), 'copy.db');
  for (const ending of ['', '-wal', '-shm']) cpSync(join(studio.folder, `hub.db${ending}`), `${file}${ending}`);
  const copy = new Sqlite(file);
  copy.exec('DROP TRIGGER audit_stays; DROP TRIGGER audit_remains');
  work(copy);
  copy.close();
  return file;
}

test('the log comes in pages, newest first, each entry sealing the one before as RFC 8785 and SHA-256 say', async () => {
  const read: AuditEntry[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { items, next } = await list(cursor === '' ? '' : `&cursor=${cursor}`);
    read.push(...items);
    cursor = next;
  }
  expect(read.map(({ position }) => position)).toEqual(Array.from({ length: entries }, (_, index) => entries - index));
  let previous = '0'.repeat(64);
  for (const { hash, ...rest } of read.reverse()) {
    expect(rest.previous).toBe(previous);
    const sorted = Object.fromEntries(Object.entries(rest).sort(([one], [other]) => (one < other ? -1 : 1)));
    expect(createHash('sha256').update(JSON.stringify(sorted)).digest('hex')).toBe(hash);
    previous = hash;
  }
});

test('a reason that no file can hold as it was sent does not make the log a broken one', async () => {
  const { api, folder } = await openStudio();
  const days = { good: 1, neutral: 90, bad: 365, unrated: 30 };
  const sent = ['half a sign: \ud83d', 'two: \udc00\ud800', 'a whole one: 👂', 'nothing\u0000seen'];
  for (const reason of sent) await api.call('PUT', '/sites/main-hall/recording-retention', { ...days, reason });
  const { items } = await api.get<{ items: AuditEntry[] }>('/audit');
  expect(items.map(({ why }) => why).reverse()).toEqual(['half a sign: \ufffd', 'two: \ufffd\ufffd', ...sent.slice(2)]);
  expect(verifyAudit(join(folder, 'hub.db'))).toMatchObject({ entries: sent.length, fault: null });
});

test('an entry that somebody put before the first keeps nobody from reading the log', async () => {
  const studio = await openStudio();
  const read = async ({ api }: Pick<Studio, 'api'>) => (await api.get<{ items: AuditEntry[] }>('/audit')).items;
  const before = await read(studio);
  await studio.close();
  const file = new Sqlite(join(studio.folder, 'hub.db'));
  file.exec(`INSERT INTO audit (position, at, who, what, clerk, why, previous, hash)
    VALUES (-1, 0, 'li', 'recording.play', 'C0017', 'curious', '', '')`);
  file.close();
  const again = await studio.again();
  expect(await read(again)).toEqual(before);
});

test('the acts of one kind are found among others', async () => {
  const of = async (what: string) => (await studio.api.get<{ items: AuditEntry[] }>(`/audit?what=${what}`)).items;
  expect(await of('retention.change')).toHaveLength(entries);
  expect(await of('recording.delete')).toEqual([]);
  await expect(of('recording.change')).rejects.toThrow(/400/);
});

test('nothing in the product changes or removes an entry', async () => {
  for (const method of ['PUT', 'PATCH', 'DELETE', 'POST']) {
    await expect(studio.api.call(method, '/audit/1')).rejects.toThrow(/404/);
    await expect(studio.api.call(method, '/audit')).rejects.toThrow(/404/);
  }
  const database = new Sqlite(join(studio.folder, 'hub.db'));
  try {
    expect(() => database.exec("UPDATE audit SET who = 'nobody'")).toThrow('the audit log is only added to');
    expect(() => database.exec('DELETE FROM audit WHERE position = 3')).toThrow('the audit log is only added to');
  } finally {
    database.close();
  }
});

test('a copy that is whole verifies, by the command that an administrator runs', async () => {
  const [newest] = (await list()).items;
  const file = tampered(() => {});
  const head = `${newest?.position}:${newest?.hash}`;
  const verify = (...more: string[]) => execFileSync(process.execPath, [program, '--verify-audit', file, ...more]);
  const intact = `the audit log of ${file} is intact: ${entries} entries`;
  expect(verify().toString()).toBe(`${intact}, no anchor to hold it against, head ${head}\n`);
  expect(verify('--anchor', head).toString()).toBe(`${intact}, anchors that agree: 1, head ${head}\n`);
  expect(verify('--anchor', String(newest?.hash)).toString()).toBe(`${intact}, anchors that agree: 1, head ${head}\n`);
});

const forge = (copy: Sqlite.Database, position: number) => {
  const row = copy.prepare('SELECT * FROM audit WHERE position = ?').get(position) as Record<string, unknown>;
  const { hash: _, lasted_ms: lastedMs, ...rest } = row;
  const entry = { ...rest, lastedMs };
  const sorted = Object.fromEntries(Object.entries(entry).sort(([one], [other]) => (one < other ? -1 : 1)));
  copy
    .prepare('UPDATE audit SET hash = ? WHERE position = ?')
    .run(createHash('sha256').update(JSON.stringify(sorted)).digest('hex'), position);
};

test.each<[string, string, (copy: Sqlite.Database) => void]>([
  ['a changed word', 'entry 5 was changed', (copy) => copy.exec("UPDATE audit SET who = 'li' WHERE position = 5")],
  ['a changed time', 'entry 1 was changed', (copy) => copy.exec('UPDATE audit SET at = at + 1 WHERE position = 1')],
  ['a missing entry', 'entry 7 is missing', (copy) => copy.exec('DELETE FROM audit WHERE position = 7')],
  [
    'an entry before the first',
    'entry -1 has no place in the log: the first is 1',
    (copy) =>
      copy.exec(`INSERT INTO audit (position, at, who, what, clerk, why, previous, hash)
        VALUES (-1, 0, 'li', 'recording.play', 'C0017', 'curious', '', '')`),
  ],
  ['a missing beginning', 'entry 1 is missing', (copy) => copy.exec('DELETE FROM audit WHERE position < 4')],
  [
    'two entries in each other’s place',
    'entry 4 does not follow the one before it: that one, or its hash, was changed',
    (copy) =>
      copy.exec('UPDATE audit SET position = 100 WHERE position = 4; UPDATE audit SET position = 4 WHERE position = 5'),
  ],
  [
    'an entry changed together with its own hash',
    'entry 6 does not follow the one before it: that one, or its hash, was changed',
    (copy) => {
      copy.exec("UPDATE audit SET why = 'nothing' WHERE position = 5");
      forge(copy, 5);
    },
  ],
])('%s is found, and the first bad entry is named', (_, fault, work) => {
  const file = tampered(work);
  expect(verifyAudit(file).fault).toBe(fault);
});

test('an end that was cut off, or a chain made anew, shows against a head that was noted', async () => {
  const [newest] = (await list()).items;
  const head = { position: newest?.position ?? 0, hash: String(newest?.hash) };
  const bare = { ...head, position: null };
  const cut = tampered((copy) => copy.exec('DELETE FROM audit WHERE position > 9'));
  expect(verifyAudit(cut).fault).toBeNull();
  expect(verifyAudit(cut, [head]).fault).toBe('it ends at entry 9, and entry 12 was noted: its end was cut off');
  const unknown = `no entry has the hash that was noted (${head.hash}): it was cut off or made anew`;
  expect(verifyAudit(cut, [bare]).fault).toBe(unknown);
  const anew = tampered((copy) => {
    copy.exec(`UPDATE audit SET why = 'nothing' WHERE position = ${entries}`);
    forge(copy, entries);
  });
  expect(verifyAudit(anew).fault).toBeNull();
  expect(verifyAudit(anew, [head]).fault).toBe(
    `entry ${entries} is not the one that was noted: it, or one before it, was made anew`,
  );
  expect(verifyAudit(anew, [bare]).fault).toBe(unknown);
});

test.each([
  [['--anchor'], '--anchor needs the head that was noted: position:hash'],
  [
    ['--anchor', '12'],
    '12 is no head of an audit log: write position:hash as an earlier check, or the page, showed it',
  ],
  [['1.db', '2.db'], '--verify-audit takes one file, and --anchor position:hash: not 2.db'],
])('what the command cannot read (%j) is told in one line', (given, line) => {
  const { status, stderr } = spawnSync(process.execPath, [program, '--verify-audit', ...given]);
  expect([status, stderr.toString()]).toEqual([1, `${line}\n`]);
});

test('the command names the first bad entry, and fails', () => {
  const file = tampered((copy) => copy.exec("UPDATE audit SET who = 'li' WHERE position = 5"));
  const { status, stdout } = spawnSync(process.execPath, [program, '--verify-audit', file]);
  expect(stdout.toString()).toMatch(/is not to be trusted: entry 5 was changed \(right up to there: head 4:/);
  expect(status).toBe(1);
});

test('a file that is no database of the hub is told in one line', () => {
  const { status, stderr } = spawnSync(process.execPath, [program, '--verify-audit', '/nowhere/hub.db']);
  expect([status, stderr.toString().trim().split('\n').length]).toEqual([1, 1]);
});
