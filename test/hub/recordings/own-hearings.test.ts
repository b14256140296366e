import { randomUUID } from 'node:crypto';
import type { Hearing, OwnHearing } from '@manyi/config/audit';
import { openAudit } from '@manyi/hub/audit/audit';
import { openDatabase } from '@manyi/hub/database/database';
import { expect, test } from 'vitest';
import { eventually } from '../../support/api.ts';
import { makeClip } from './clips.ts';
import { openStudio, type Studio, type Teller } from './studio.ts';

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

async function ownPage({ url }: Studio, { authorization }: Teller, query = ''): Promise<Page<OwnHearing>> {
  const answer = await fetch(`${url}/api/v1/audit/clerks/C0017/own?${query}`, { headers: { authorization } });
  return (await answer.json()) as Page<OwnHearing>;
}

async function ownHearings(studio: Studio, teller: Teller): Promise<readonly OwnHearing[]> {
  return (await ownPage(studio, teller)).items;
}

test('a clerk is told the next day who has played them, and only the day: by the minute they would know which customer was looked into', async () => {
  let now = Date.parse('2026-11-20T10:31:00+08:00');
  const studio = await openStudio({ now: () => now });
  const terminal = await studio.terminal();
  const startedAt = new Date(now - 60_000).toISOString();
  const duty = { duty: randomUUID(), clerk: 'C0017', counter: 'counter-1', startedAt };
  await terminal.publish('manyi.duty.started.v1', duty);
  const clip = makeClip();
  await terminal.tell(clip, { at: now - 60_000, level: 'dissatisfied' });
  await terminal.send(clip);
  await (await studio.hear(clip.recording)).arrayBuffer();

  const toSupervisors = await studio.api.get<Page<Hearing>>('/audit/clerks/C0017');
  expect(toSupervisors.items).toMatchObject([{ what: 'recording.play', who: 'admin' }]);
  expect(Date.parse(toSupervisors.items[0]?.time ?? '')).toBe(now);
  const own = () => ownHearings(studio, terminal);
  await eventually(own, (items) => items !== undefined);
  expect(await own()).toEqual([]);
  now = Date.parse('2026-11-20T23:59:59+08:00');
  expect(await own()).toEqual([]);
  now = Date.parse('2026-11-21T00:00:00+08:00');
  expect(await own()).toMatchObject([
    { what: 'recording.play', who: 'admin', why: 'complaint 17', time: '2026-11-20T00:00:00.000+08:00' },
  ]);
});

test('nor does its place among the listenings of the day say when a clerk was played', async () => {
  let now = Date.parse('2026-11-20T09:00:00+08:00');
  const studio = await openStudio({ now: () => now });
  const terminal = await studio.terminal();
  const startedAt = new Date(now).toISOString();
  await terminal.publish('manyi.duty.started.v1', {
    duty: randomUUID(),
    clerk: 'C0017',
    counter: 'counter-1',
    startedAt,
  });
  await studio.close();
  const database = openDatabase(studio.folder);
  const audit = openAudit(database, { now: () => now });
  for (const [time, what] of [
    ['2026-11-19T17:00:00+08:00', 'listening.start'],
    ['2026-11-20T10:20:00+08:00', 'listening.start'],
    ['2026-11-20T10:31:00+08:00', 'recording.play'],
    ['2026-11-20T10:40:00+08:00', 'listening.start'],
    ['2026-11-20T10:41:00+08:00', 'recording.download'],
    ['2026-11-21T08:20:00+08:00', 'listening.start'],
  ] as const) {
    now = Date.parse(time);
    audit.record({ who: 'admin', what, site: 'main-hall', counter: 'counter-1', clerk: 'C0017', why: 'complaint 17' });
  }
  await database.close();
  now = Date.parse('2026-11-21T09:00:00+08:00');
  const again = await studio.again();
  const told = await ownHearings(again, terminal);
  expect(told.map(({ time, what }) => [new Date(time).toISOString(), what])).toEqual([
    ['2026-11-21T00:20:00.000Z', 'listening.start'],
    ['2026-11-20T02:40:00.000Z', 'listening.start'],
    ['2026-11-20T02:20:00.000Z', 'listening.start'],
    ['2026-11-19T16:00:00.000Z', 'recording.download'],
    ['2026-11-19T16:00:00.000Z', 'recording.play'],
    ['2026-11-19T09:00:00.000Z', 'listening.start'],
  ]);
  // Nor does the end of a page.
  const newest = await ownPage(again, terminal, 'limit=2');
  expect(newest.items).toEqual(told.slice(0, 5));
  const older = await ownPage(again, terminal, `limit=2&cursor=${newest.next}`);
  expect(older).toEqual({ items: told.slice(5), next: null });
});
