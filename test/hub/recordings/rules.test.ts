import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEntry } from '@manyi/config/audit';
import type { Recording, RecordingsState } from '@manyi/config/recordings';
import { expect, test } from 'vitest';
import { eventually } from '../../support/api.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type Clip, makeClip } from './clips.ts';
import { startStorage, startWarden } from './storage.ts';
import { openStudio, type Studio } from './studio.ts';

const dayMs = 24 * 60 * 60 * 1000;

async function states({ api }: Studio, clips: readonly Clip[]): Promise<string[]> {
  const found = clips.map(({ recording }) => api.get<Recording>(`/recordings/${recording}`));
  return (await Promise.all(found)).map(({ state }) => state);
}

function fileOf({ folder }: Studio, { recording }: Clip): string {
  return join(folder, 'recordings', recording.slice(-2), `${recording}.clip`);
}

test('clips are kept as long as the rule of their site and rating says, held ones for ever, and their end is in the audit log', async () => {
  const studio = await openStudio();
  const terminal = await studio.terminal();
  const days = { good: 2, neutral: 4, bad: 6, unrated: 3 };
  expect(await studio.api.get('/sites/main-hall/recording-retention')).toEqual({
    good: 30,
    neutral: 90,
    bad: 365,
    unrated: 30,
  });
  await studio.api.call('PUT', '/sites/main-hall/recording-retention', { ...days, reason: 'new law' });
  const clips: Clip[] = [];
  const bring = async (age: number, level?: string) => {
    const clip = makeClip(1);
    await terminal.tell(clip, { at: Date.now() - age * dayMs, ...(level === undefined ? {} : { level }) });
    await terminal.send(clip);
    clips.push(clip);
  };
  await bring(2.5, 'very-satisfied');
  await bring(2.5, 'average');
  await bring(5, 'average');
  await bring(5, 'dissatisfied');
  await bring(7, 'dissatisfied');
  await bring(2.5);
  await bring(3.5);
  await bring(9, 'satisfied');
  const held = clips[7]?.recording;
  await studio.api.call('PUT', `/recordings/${held}/hold`, { held: true, reason: 'court order 4' });
  await expect(studio.api.post(`/recordings/${held}/deletion`, { reason: 'because' })).rejects.toThrow(/409.*held/);

  const later = await studio.again();
  const expected = ['deleted', 'stored', 'deleted', 'stored', 'deleted', 'stored', 'deleted', 'stored'];
  await eventually(
    () => states(later, clips),
    (now) => now.join() === expected.join(),
  );
  expect(clips.map((clip) => existsSync(fileOf(later, clip)))).toEqual(expected.map((state) => state === 'stored'));
  const { items } = await later.api.get<{ items: AuditEntry[] }>('/audit');
  const deletions = items
    .filter(({ what }) => what === 'recording.delete')
    .map(({ who, why, recording }) => [who, why, recording]);
  expect(deletions).toHaveLength(4);
  expect(deletions).toContainEqual(['hub', "kept for 2 days, as the site's rule says", clips[0]?.recording]);
  expect(items.find(({ what }) => what === 'recording.hold')).toMatchObject({
    who: 'admin',
    why: 'court order 4',
    recording: held,
  });

  await later.api.call('PUT', `/recordings/${held}/hold`, { held: false, reason: 'case closed' });
  await later.api.post(`/recordings/${held}/deletion`, { reason: 'wish of the customer' });
  expect((await states(later, clips)).at(-1)).toBe('deleted');
  await expect(terminal.send(clips[7] as Clip, { through: later.url, retryDelays: null })).rejects.toThrow(/410/);
  await expect(later.api.post(`/recordings/${clips[1]?.recording}/deletion?reason=because`, {})).rejects.toThrow(/400/);
});

test('a rule that is changed while clips are deleted by it holds for the next one', async () => {
  const warden = await startWarden(await startStorage(temporaryFolder()));
  const studio = await openStudio({ settings: warden.settings });
  const terminal = await studio.terminal();
  const keep = (unrated: number) => ({ good: 30, neutral: 90, bad: 365, unrated, reason: `for ${unrated} days` });
  const clips = [makeClip(1), makeClip(1)];
  for (const clip of clips) {
    await terminal.tell(clip, { at: Date.now() - 20 * dayMs });
    await terminal.send(clip);
  }
  await studio.api.call('PUT', '/sites/main-hall/recording-retention', keep(10));
  const deleting = warden.keepBack('DELETE', '.clip');
  const later = await studio.again();
  const letThrough = await deleting;
  await later.api.call('PUT', '/sites/main-hall/recording-retention', keep(40));
  letThrough();
  const now = await eventually(
    () => states(later, clips),
    (all) => all.includes('deleted'),
  );
  expect(now.toSorted()).toEqual(['deleted', 'stored']);
});

test('a clock that is years ahead all at once deletes nothing for three days, so that somebody can set it', async () => {
  let ahead = 0;
  const studio = await openStudio({ now: () => Date.now() + ahead });
  const terminal = await studio.terminal();
  const clip = makeClip(1);
  await terminal.tell(clip);
  await terminal.send(clip);
  const afterStart = async (days: number) => {
    ahead = days * dayMs;
    const hub = await studio.again();
    // The sweep of the start has looked at all when the hub is closed in order.
    await hub.close();
    return hub.lines.filter((line) => line.includes('no recording is deleted for its age'));
  };
  expect(await afterStart(400)).toHaveLength(1);
  expect(await afterStart(402)).toEqual([]);
  // Another wrong one is no better for being nearer.
  expect(await afterStart(390)).toHaveLength(1);
  expect(await afterStart(0)).toEqual([]);
  expect(await afterStart(500)).toHaveLength(1);
  ahead = 504 * dayMs;
  const later = await studio.again();
  await eventually(
    () => states(later, [clip]),
    ([state]) => state === 'deleted',
  );
  const { items } = await later.api.get<{ items: AuditEntry[] }>('/audit?what=recording.delete');
  expect(items).toHaveLength(1);
});

test('a site stays as long as there are recordings of it, and so does the rule that ends them', async () => {
  const { api, ...studio } = await openStudio();
  const terminal = await studio.terminal();
  const clip = makeClip(1);
  await terminal.tell(clip);
  await terminal.send(clip);
  const parts = ['/terminals/terminal-1', '/clerks/C0017', '/sites/main-hall/counters/counter-1'];
  for (const path of [...parts, '/sites/main-hall/counters/counter-2']) await api.call('DELETE', path);
  await expect(api.call('DELETE', '/sites/main-hall')).rejects.toThrow(/409.*site-in-use/);
  await api.post(`/recordings/${clip.recording}/deletion`, { reason: 'wish of the customer' });
  await api.call('DELETE', '/sites/main-hall');
});

test('a clip of a terminal whose clock is years ahead began when the hub was told, so that it is not kept for years more', async () => {
  const studio = await openStudio();
  const terminal = await studio.terminal();
  const [made, lost, soon] = [makeClip(1), makeClip(1), makeClip(1)];
  const before = Date.now();
  const ahead = before + 800 * dayMs;
  await terminal.tell(made, { at: ahead });
  const startedAt = new Date(ahead).toISOString();
  const { recording } = lost;
  await terminal.publish('manyi.recording.lost.v1', {
    clerk: null,
    recording,
    startedAt,
    durationMs: 1000,
    why: 'no-room',
  });
  await terminal.tell(soon, { at: before + 60_000 });
  for (const clip of [made, lost]) {
    const row = await studio.api.get<Recording>(`/recordings/${clip.recording}`);
    expect(Date.parse(row.startedAt)).toBeLessThanOrEqual(Date.now());
    expect(Date.parse(row.startedAt)).toBeGreaterThanOrEqual(before);
  }
  const row = await studio.api.get<Recording>(`/recordings/${soon.recording}`);
  expect(Date.parse(row.startedAt)).toBe(before + 60_000);
});

test('how much is stored is told as clips come and go, and after a deletion that was refused', async () => {
  const studio = await openStudio();
  const terminal = await studio.terminal();
  const totals = async ({ api }: Studio) => {
    const { stored, bytes } = await api.get<RecordingsState>('/recordings/state');
    return { stored, bytes };
  };
  expect(await totals(studio)).toEqual({ stored: 0, bytes: 0 });
  const [first, second] = [makeClip(1), makeClip(2)];
  for (const clip of [first, second]) {
    await terminal.tell(clip);
    await terminal.send(clip);
  }
  const both = { stored: 2, bytes: first.bytes.length + second.bytes.length };
  expect(await totals(studio)).toEqual(both);
  await studio.api.call('PUT', `/recordings/${first.recording}/hold`, { held: true, reason: 'court order 4' });
  await expect(studio.api.post(`/recordings/${first.recording}/deletion`, { reason: 'because' })).rejects.toThrow(
    /409/,
  );
  expect(await totals(studio)).toEqual(both);
  await studio.api.post(`/recordings/${second.recording}/deletion`, { reason: 'because' });
  const left = { stored: 1, bytes: first.bytes.length };
  expect(await totals(studio)).toEqual(left);
  expect(await totals(await studio.again())).toEqual(left);
});

test('a clip that its terminal lost is told as lost, and is not waited for', async () => {
  const studio = await openStudio();
  const terminal = await studio.terminal();
  const clip = makeClip(1);
  await terminal.tell(clip);
  await terminal.publish('manyi.recording.lost.v1', { clerk: 'C0017', recording: clip.recording, why: 'no-room' });
  await eventually(
    () => states(studio, [clip]),
    ([state]) => state === 'lost',
  );
  await expect(terminal.send(clip, { retryDelays: null })).rejects.toThrow(/410/);
});

test('recordings are found by time, clerk, counter, level, length and state, in pages', async () => {
  const studio = await openStudio();
  const terminals = [await studio.terminal(1), await studio.terminal(2)];
  const start = Date.parse('2026-11-01T08:00:00+08:00');
  const levels = ['very-satisfied', 'dissatisfied', undefined];
  const short = makeClip(1);
  const told: { id: string; at: number; terminal: number; level: string | undefined; clerk: string | null }[] = [];
  for (let number = 0; number < 18; number++) {
    const id = crypto.randomUUID();
    const clip = { ...short, recording: id, durationMs: 1000 * (number + 1) };
    const level = levels[number % 3];
    const clerk = number % 4 === 0 ? null : 'C0017';
    const at = start + Math.floor(number / 2) * dayMs;
    const more = { at, clerk, ...(level === undefined ? {} : { level }) };
    await terminals[number % 2]?.tell(clip, more);
    told.push({ id, at, terminal: number % 2, level, clerk });
  }
  const newestFirst = (fits: (one: (typeof told)[number], index: number) => boolean) =>
    told
      .filter(fits)
      .sort((one, other) => other.at - one.at || (one.id < other.id ? 1 : -1))
      .map(({ id }) => id);
  const found = async (query: string) => {
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await studio.api.get<{ items: Recording[]; next: string | null }>(
        `/recordings?limit=4${query}${more}`,
      );
      expect(page.items.length).toBeLessThanOrEqual(4);
      ids.push(...page.items.map(({ recording }) => recording));
      cursor = page.next;
    }
    return ids;
  };
  expect(await found('')).toEqual(newestFirst(() => true));
  expect(await found('&site=main-hall')).toEqual(newestFirst(() => true));
  expect(await found('&clerk=C0017')).toEqual(newestFirst(({ clerk }) => clerk !== null));
  expect(await found('&counter=counter-2')).toEqual(newestFirst(({ terminal }) => terminal === 1));
  expect(await found('&level=dissatisfied')).toEqual(newestFirst(({ level }) => level === 'dissatisfied'));
  expect(await found('&leastMs=5000&mostMs=9000')).toEqual(newestFirst((_, index) => index >= 4 && index <= 8));
  expect(await found('&state=stored')).toEqual([]);
  const days = await found('&from=2026-11-03&to=2026-11-05');
  expect(days).toEqual(newestFirst((_, index) => index >= 4 && index < 8));
  expect(await found('&clerk=C0017&level=very-satisfied&from=2026-11-02')).toEqual(
    newestFirst(({ clerk, level }, index) => clerk !== null && level === 'very-satisfied' && index >= 2),
  );
  for (const wrong of ['cursor=x', 'from=yesterday', 'leastMs=-1', 'state=gone']) {
    await expect(studio.api.get(`/recordings?${wrong}`)).rejects.toThrow(/400/);
  }
});
