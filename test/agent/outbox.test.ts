import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change, Outbox } from '@manyi/agent/outbox/outbox';
import { readState } from '@manyi/agent/service/state';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { bootedAt, fill, noShift, outboxIn } from './outbox-parts.ts';

const asStored = (stored: unknown) => stored;

/** Changes the stored file as a failing card would. */
function damage(folder: string, sql: string): void {
  const sqlite = new Sqlite(join(folder, 'outbox.db'));
  sqlite.exec(sql);
  sqlite.close();
}

describe('a change that may still be taken back', () => {
  const pressed = (outbox: Outbox, n: number, how?: Change['how']) =>
    outbox.commit({ state: { n }, events: [{ type: 'manyi.rating.given.v1', data: { n } }], now: bootedAt + n, how });
  const sendable = (outbox: Outbox) => outbox.read(0, 9, noShift).map(({ seq, data }) => [seq, data['n']]);

  test('is on the disk, and nobody sends it before it stands', () => {
    const folder = temporaryFolder();
    const outbox = outboxIn(folder);
    fill(outbox, 1);
    pressed(outbox, 2, 'provisional');
    expect(outbox.status()).toMatchObject({ first: 1, next: 2 });
    expect(sendable(outbox)).toEqual([[1, 1]]);
    outbox.stand();
    expect(outbox.status()).toMatchObject({ first: 1, next: 3 });
    expect(sendable(outbox)).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  test('stands when the power fails', () => {
    const folder = temporaryFolder();
    const outbox = outboxIn(folder);
    pressed(outbox, 1, 'provisional');
    outbox.close();
    const again = outboxIn(folder);
    expect(again.isProvisional()).toBe(false);
    expect(sendable(again)).toEqual([[1, 1]]);
    expect(again.state(asStored)).toEqual({ n: 1 });
  });

  test('gives its numbers to what takes it back', () => {
    const outbox = outboxIn(temporaryFolder());
    fill(outbox, 1);
    pressed(outbox, 2, 'provisional');
    pressed(outbox, 3, 'takes-back');
    expect(outbox.isProvisional()).toBe(false);
    expect(sendable(outbox)).toEqual([
      [1, 1],
      [2, 3],
    ]);
    expect(outbox.state(asStored)).toEqual({ n: 3 });
  });

  test('can be taken back under another number in another outbox too', () => {
    const outbox = outboxIn(temporaryFolder());
    fill(outbox, 2);
    outbox.receipt({ outbox: outbox.status().outbox, through: sendable(outbox).length - 1 });
    pressed(outbox, 3, 'provisional');
    outbox.renew();
    expect(outbox.status()).toMatchObject({ first: 1, next: 2 });
    pressed(outbox, 4, 'takes-back');
    expect(sendable(outbox)).toEqual([
      [1, 2],
      [2, 4],
    ]);
  });

  test('is not forgotten by a receipt, for it was never sent', () => {
    const outbox = outboxIn(temporaryFolder());
    const { outbox: name } = outbox.status();
    outbox.commit({
      state: {},
      events: [{ type: 'manyi.rating.given.v1', data: { n: 1 } }],
      now: bootedAt,
      leaving: noShift,
      how: 'provisional',
    });
    expect(outbox.receipt({ outbox: name, through: 1 })).toBe('renamed');
    outbox.stand();
    expect(sendable(outbox)).toEqual([[1, 1]]);
  });
});

describe('numbers and state', () => {
  test('count 1, 2, 3 … across restarts, with the state of the last commit', () => {
    const folder = temporaryFolder();
    const first = outboxIn(folder);
    fill(first, 2);
    const { outbox } = first.status();
    first.close();
    const again = outboxIn(folder);
    fill(again, 1, 3);
    expect(again.status()).toEqual({ outbox, first: 1, next: 4 });
    expect(again.read(0, 10, noShift).map(({ seq, data }) => [seq, data['n']])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(again.state(asStored)).toEqual({ n: 3 });
    expect(again.lastKnown).toBe(bootedAt + 2);
  });

  test('an event that cannot be stored leaves the state as it was', () => {
    const outbox = outboxIn(temporaryFolder());
    fill(outbox, 1);
    const events = [
      { type: 'a', data: {} },
      { type: 'b', data: { never: 1n } },
    ];
    expect(() => outbox.commit({ state: { n: 2 }, events, now: bootedAt })).toThrow();
    expect(outbox.state(asStored)).toEqual({ n: 1 });
    expect(outbox.status().next).toBe(2);
  });

  test('a command is known after a restart, until it has expired', () => {
    const folder = temporaryFolder();
    const first = outboxIn(folder);
    first.commit({ events: [], now: bootedAt, command: { id: 'call-7', expires: bootedAt + 50 } });
    first.close();
    const again = outboxIn(folder);
    expect(again.hasCommand('call-7')).toBe(true);
    again.beat(bootedAt + 100, bootedAt + 100);
    expect(again.hasCommand('call-7')).toBe(false);
  });
});

describe('receipts', () => {
  test('forget what is safe, and nothing of a foreign outbox', () => {
    const outbox = outboxIn(temporaryFolder());
    fill(outbox, 3);
    outbox.read(0, 3, noShift);
    expect(outbox.receipt({ outbox: '00000000-0000-4000-8000-00000000ffff', through: 3 })).toBe('foreign');
    expect(outbox.status().first).toBe(1);
    expect(outbox.receipt({ outbox: outbox.status().outbox, through: 2 })).toBe('forgotten');
    expect(outbox.status()).toMatchObject({ first: 3, next: 4 });
  });

  test('at or beyond the next number open a new outbox, and everything held is numbered anew', () => {
    const outbox = outboxIn(temporaryFolder());
    fill(outbox, 3);
    outbox.read(0, 3, noShift);
    const before = outbox.status().outbox;
    outbox.receipt({ outbox: before, through: 1 });
    const ids = outbox.read(1, 9, noShift).map((event) => event.id);
    expect(outbox.receipt({ outbox: before, through: 4 })).toBe('renamed');
    expect(outbox.status()).toMatchObject({ first: 1, next: 3 });
    expect(outbox.status().outbox).not.toBe(before);
    expect(outbox.read(0, 9, noShift).map(({ seq, id }) => [seq, id])).toEqual([
      [1, ids[0]],
      [2, ids[1]],
    ]);
  });

  test('for a number that was never sent mean an old image put back, and open a new outbox', () => {
    const outbox = outboxIn(temporaryFolder());
    fill(outbox, 3);
    outbox.read(0, 2, noShift);
    expect(outbox.receipt({ outbox: outbox.status().outbox, through: 3 })).toBe('renamed');
    expect(outbox.status()).toMatchObject({ first: 1, next: 4 });
  });

  test('on another machine a copied outbox is a new one', () => {
    const folder = temporaryFolder();
    const original = outboxIn(folder);
    fill(original, 2);
    const { outbox } = original.status();
    original.close();
    const copy = outboxIn(folder, { fingerprint: 'another machine' });
    expect(copy.status()).toMatchObject({ first: 1, next: 3 });
    expect(copy.status().outbox).not.toBe(outbox);
    expect(copy.state(asStored)).toEqual({ n: 2 });
  });
});

describe('what cannot be read back', () => {
  test.each([
    ['a flipped bit', "UPDATE events SET body = replace(CAST(body AS TEXT), 'duty', 'dutz') WHERE seq = 2"],
    ['other bytes', "UPDATE events SET body = x'00ff10' WHERE seq = 2"],
  ])('%s is voided under its number, with its bytes', (_name, sql) => {
    const folder = temporaryFolder();
    const outbox = outboxIn(folder);
    fill(outbox, 3);
    outbox.close();
    damage(
      folder,
      sql.replace(
        "replace(CAST(body AS TEXT), 'duty', 'dutz')",
        "CAST(replace(CAST(body AS TEXT), 'duty', 'dutz') AS BLOB)",
      ),
    );
    const again = outboxIn(folder);
    const [one, two, three] = again.read(0, 10, noShift);
    expect([one?.data['n'], three?.data['n']]).toEqual([1, 3]);
    expect(two).toMatchObject({ seq: 2, type: 'manyi.outbox.voided.v1', data: { why: 'unreadable' } });
    expect(String(two?.data['bytes'])).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(again.read(1, 1, noShift)[0]?.id).toBe(two?.id);
  });

  test('a number that is not there is voided without bytes', () => {
    const folder = temporaryFolder();
    const outbox = outboxIn(folder);
    fill(outbox, 4);
    outbox.close();
    damage(folder, 'DELETE FROM events WHERE seq IN (2, 4)');
    const read = outboxIn(folder).read(0, 10, noShift);
    expect(read.map((event) => event.seq)).toEqual([1, 2, 3, 4]);
    expect(read[1]).toMatchObject({ data: { why: 'unreadable', bytes: null } });
  });

  test('a number that is not there is voided also where more than a page waits behind it', () => {
    const folder = temporaryFolder();
    const outbox = outboxIn(folder);
    fill(outbox, 9);
    outbox.close();
    damage(folder, 'DELETE FROM events WHERE seq IN (2, 4)');
    const again = outboxIn(folder);
    const read = [...again.read(0, 4, noShift), ...again.read(4, 4, noShift)];
    expect(read.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(read.map((event) => event.data['why'] ?? event.data['n'])).toEqual([
      1,
      'unreadable',
      3,
      'unreadable',
      ...[5, 6, 7, 8],
    ]);
  });

  test('what the hub never receipts is voided with its bytes', () => {
    const outbox = outboxIn(temporaryFolder());
    fill(outbox, 1);
    outbox.voidUnreceipted(1);
    const [event] = outbox.read(0, 1, noShift);
    expect(event).toMatchObject({ seq: 1, data: { why: 'unreceipted' } });
    expect(JSON.parse(Buffer.from(String(event?.data['bytes']), 'base64').toString())).toMatchObject({
      data: { n: 1 },
    });
  });

  test.each(['{half', '{"shape":99}'])('a state that is not understood (%s) is put aside and told', (text) => {
    const folder = temporaryFolder();
    const outbox = outboxIn(folder);
    fill(outbox, 2);
    outbox.close();
    damage(folder, `UPDATE terminal SET state = '${text}'`);
    const said: string[] = [];
    const again = outboxIn(folder, { onBroken: (what) => said.push(what) });
    expect(again.state(readState)).toBeNull();
    expect(said).toHaveLength(1);
    const [aside = ''] = readdirSync(folder).filter((name) => name.startsWith('state.json.broken-'));
    expect(said[0]).toContain(aside);
    expect(readFileSync(join(folder, aside), 'utf8')).toBe(text);
    expect(again.read(0, 9, noShift)).toHaveLength(2);
  });

  test('a file that is no database is put aside under a name that says so, and a new outbox begins', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'outbox.db'), Buffer.alloc(8192, 'garbage '));
    const said: string[] = [];
    const outbox = outboxIn(folder, { onBroken: (what) => said.push(what) });
    fill(outbox, 1);
    expect(outbox.status()).toMatchObject({ first: 1, next: 2 });
    expect(said[0]).toContain('outbox.db.broken-');
    expect(readdirSync(folder).filter((name) => name.startsWith('outbox.db.broken-'))).toHaveLength(1);
  });

  test('of a database with broken pages everything readable is saved into a new outbox', () => {
    const folder = temporaryFolder();
    const outbox = outboxIn(folder);
    fill(outbox, 400);
    const before = outbox.status().outbox;
    outbox.close();
    const file = new Sqlite(join(folder, 'outbox.db'));
    file.pragma('wal_checkpoint(TRUNCATE)');
    const pages = Number(file.pragma('page_count', { simple: true }));
    file.close();
    overwritePage(join(folder, 'outbox.db'), pages - 2);
    const said: string[] = [];
    const again = outboxIn(folder, { onBroken: (what) => said.push(what) });
    const saved = again.read(0, 500, noShift);
    expect(said).toHaveLength(1);
    expect(again.status().outbox).not.toBe(before);
    expect(saved.length).toBeGreaterThan(300);
    expect(saved[0]?.data['n']).toBe(1);
    expect(saved.at(-1)?.data['n']).toBe(400);
    expect(again.state(asStored)).toEqual({ n: 400 });
  });
});

function overwritePage(path: string, page: number): void {
  const bytes = readFileSync(path);
  bytes.fill(0xa5, (page - 1) * 4096, page * 4096);
  writeFileSync(path, bytes);
}
