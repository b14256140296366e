import type { Quarantined } from '@manyi/config/api';
import { expect, test } from 'vitest';
import { clerk, drained, openHall, tapIn } from '../support/hall.ts';
import { recordsOf } from '../support/records.ts';

test('a device that becomes another terminal ends what ran there under its old name, and begins with nobody on duty', {
  timeout: 60_000,
}, async () => {
  const hall = await openHall();
  const agent = await hall.terminal(1);
  const before = await agent.stepUp();
  await tapIn(before);
  await before.does({ type: 'next' });
  await before.shows(({ phase }) => phase === 'serving');
  await drained(agent);
  await agent.stop();

  const { post, get } = hall.hub.api();
  const place = { site: 'other-hall', counter: 'counter-9' };
  await post('/sites', { id: place.site, name: 'Other hall', timeZone: 'Asia/Shanghai', mode: 'continuous' });
  await post('/counters', { id: place.counter, site: place.site, name: 'Counter 9' });
  const { code } = await post<{ code: string }>('/enrolments', { ...place, terminal: 'terminal-9' });
  await agent.start({ MANYI_ENROLMENT_CODE: code });
  const after = await agent.stepUp();
  await after.shows(({ phase, counter, online }) => online && counter === 'Counter 9' && phase === 'no-clerk');
  expect(await after.does({ type: 'press', level: 'dissatisfied' })).toBe(true);
  await drained(agent);

  expect((await get<{ items: Quarantined[] }>('/quarantine')).items).toEqual([]);
  await hall.hub.stop();
  const told = recordsOf(hall.hub.database).map(({ terminal, type, data }) => [
    terminal,
    type.slice(6, -3),
    data['clerk'],
    data['counter'],
    data['level'] ?? data['outcome'] ?? data['endedBy'],
  ]);
  expect(told).toEqual([
    ['terminal-1', 'duty.started', clerk.id, 'counter-1', undefined],
    ['terminal-1', 'service.started', clerk.id, 'counter-1', undefined],
    ['terminal-1', 'service.ended', clerk.id, 'counter-1', 'interrupted'],
    ['terminal-1', 'duty.ended', clerk.id, 'counter-1', 'restart'],
    ['terminal-9', 'service.started', null, 'counter-9', undefined],
    ['terminal-9', 'rating.given', null, 'counter-9', 'dissatisfied'],
    ['terminal-9', 'service.ended', null, 'counter-9', 'rated'],
  ]);
});
