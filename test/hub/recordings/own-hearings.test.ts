import { randomUUID } from 'node:crypto';
import type { Hearing, OwnHearing } from '@manyi/config/audit';
import { expect, test } from 'vitest';
import { eventually } from '../../support/api.ts';
import { makeClip } from './clips.ts';
import { openStudio } from './studio.ts';

interface Page<T> {
  readonly items: readonly T[];
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
  const own = async () => {
    const headers = { authorization: terminal.authorization };
    const answer = await fetch(`${studio.url}/api/v1/audit/clerks/C0017/own`, { headers });
    return ((await answer.json()) as Page<OwnHearing>).items;
  };
  await eventually(own, (items) => items !== undefined);
  expect(await own()).toEqual([]);
  now = Date.parse('2026-11-20T23:59:59+08:00');
  expect(await own()).toEqual([]);
  now = Date.parse('2026-11-21T00:00:00+08:00');
  expect(await own()).toMatchObject([
    { what: 'recording.play', who: 'admin', why: 'complaint 17', time: '2026-11-20T00:00:00.000+08:00' },
  ]);
});
