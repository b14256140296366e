import { execFileSync } from 'node:child_process';
import type { AuditEntry } from '@manyi/config/audit';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/api.ts';
import { openHall, site } from '../support/hall.ts';
import { askToListen, isLive, joinListening } from './ear.ts';

const hubEntry = new URL('../../hub/dist/main.js', import.meta.url).pathname;

test('a hub that is killed while somebody listens: the counter falls silent by itself, and the log has the end at the next start', async () => {
  const hall = await openHall({ counters: 1 });
  onTestFinished(() => hall.close());
  const agent = await hall.terminal(1, { MANYI_MICROPHONE: 'simulated' });
  const screen = await agent.stepUp();
  onTestFinished(() => screen.close());
  const { token } = hall.hub.api();
  const begun = await askToListen(hall.hub.url, token, { site, counter: 'counter-1', purpose: '服务抽查' });
  const ear = await joinListening(hall.hub.url, begun.listening, token);
  await ear.until(isLive);
  await screen.shows(({ listening }) => listening);

  await hall.hub.kill();
  await screen.shows(({ listening }) => !listening);
  expect(await ear.closed).toBe(1006);

  await hall.hub.start();
  await screen.shows(({ online }) => online);
  const { items } = await hall.hub.api().get<{ items: AuditEntry[] }>('/audit');
  const [start, end] = items.reverse();
  expect(start).toMatchObject({ what: 'listening.start', who: 'admin', why: '服务抽查' });
  expect(end).toMatchObject({ what: 'listening.end', who: 'admin', detail: 'hub-failed', about: start?.position });
  expect(end?.lastedMs).toBeGreaterThanOrEqual(0);
  expect(items).toHaveLength(2);
  // It was the hub that listened: nobody does now, and whoever wants to begins anew.
  expect(await hall.hub.api().get('/listenings')).toEqual({ items: [], next: null });
  await eventually(
    () => joinListening(hall.hub.url, begun.listening, token).then(() => 'joined', String),
    (answer) => answer === 'Error: 404',
  );
  expect(await screen.shows(() => true)).toMatchObject({ listening: false });
  const verified = execFileSync(process.execPath, [hubEntry, '--verify-audit'], {
    env: { ...process.env, MANYI_DATA: hall.folder },
    encoding: 'utf8',
  });
  expect(verified).toMatch(/2 entries/);
});
