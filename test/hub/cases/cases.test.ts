import { join } from 'node:path';
import type { Case } from '@manyi/config/cases';
import type { Recording } from '@manyi/config/recordings';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { eventually } from '../../support/api.ts';
import { makeClip } from '../recordings/clips.ts';
import { openStudio, type Studio } from '../recordings/studio.ts';

const list = async ({ api }: Studio) => (await api.get<{ items: Case[] }>('/cases')).items;

test('a bad rating at a counter has its case at once, and recordings are found with a case or without', async () => {
  const studio = await openStudio();
  const terminal = await studio.terminal();
  const [good, bad, closed, unrated] = [makeClip(1), makeClip(1), makeClip(1), makeClip(1)];
  await terminal.tell(good, { level: 'satisfied' });
  await terminal.tell(bad, { level: 'dissatisfied' });
  await terminal.tell(closed, { level: 'dissatisfied' });
  await terminal.tell(unrated);
  const cases = await eventually(
    () => list(studio),
    ({ length }) => length === 2,
  );
  const last = cases[0]?.number;
  const closing = { cause: 'A long wait.', evidence: 'A second counter is open.', noAnswer: 'She cannot be reached.' };
  await studio.api.post(`/cases/${last}/close`, closing);

  const found = async (query: string) => {
    const { items } = await studio.api.get<{ items: Recording[] }>(`/recordings${query}`);
    return new Map(items.map((one) => [one.recording, one.case]));
  };
  const withOne = new Map([
    [bad.recording, { number: 1, state: 'open' }],
    [closed.recording, { number: 2, state: 'closed' }],
  ]);
  const without = new Map([good, unrated].map(({ recording }) => [recording, null]));
  expect(await found('?case=with')).toEqual(withOne);
  expect(await found('?case=without')).toEqual(without);
  expect(await found('')).toEqual(new Map([...withOne, ...without]));
  expect(await found('?case=with&level=satisfied')).toEqual(new Map());
  expect(await found('?case=without&clerk=C0017&site=main-hall')).toEqual(without);
  await expect(found('?case=perhaps')).rejects.toThrow(/400/);
  expect(await studio.api.get(`/recordings/${bad.recording}`)).toMatchObject({ case: { number: 1, state: 'open' } });
});

test('ratings that came just before the hub stopped are looked at after its next start', async () => {
  const studio = await openStudio();
  const terminal = await studio.terminal();
  await terminal.tell(makeClip(1), { level: 'dissatisfied' });
  const later = await studio.again();
  const [one] = await eventually(
    () => list(later),
    ({ length }) => length > 0,
  );
  await later.api.post(`/cases/${one?.number}/close`, {
    cause: 'None.',
    evidence: 'I listened.',
    answer: 'All is well.',
  });
  const again = await later.again();
  expect(await list(again)).toMatchObject([{ number: 1, state: 'closed' }]);
});

test('a hub of a version without cases opens none for the ratings that it has', async () => {
  const studio = await openStudio();
  const terminal = await studio.terminal();
  await terminal.tell(makeClip(1), { level: 'dissatisfied' });
  await studio.close();
  const older = new Sqlite(join(studio.folder, 'hub.db'));
  older.exec(
    "DROP TABLE cases; DELETE FROM hub_values WHERE name = 'cases-read'; DELETE FROM ledger WHERE type LIKE 'manyi.case.%'",
  );
  older.pragma('user_version = 10');
  older.close();

  const newer = await studio.again();
  const next = await newer.terminal(2);
  const bad = makeClip(1);
  await next.tell(bad, { level: 'dissatisfied' });
  const { service } = await newer.api.get<Recording>(`/recordings/${bad.recording}`);
  const cases = await eventually(
    () => list(newer),
    ({ length }) => length > 0,
  );
  expect(cases.map((one) => one.service)).toEqual([service]);
});
