import type { AuditEntry } from '@manyi/config/audit';
import type { RecordingPolicy } from '@manyi/config/recordings';
import type { TerminalSettings } from '@manyi/config/terminal-settings';
import { expect, test } from 'vitest';
import type { Api } from '../../support/api.ts';
import { makeSite, makeSupervisor, openDoor } from '../door/door.ts';
import { connect, enrol, makeCode } from '../door/enrolled.ts';

const settings = 'manyi/v1/main-hall/terminal-1/settings';
const policyPath = '/sites/main-hall/recording-policy';
const off: RecordingPolicy = { record: 'off', beforeSeconds: 60, afterSeconds: 15, keep: 'all' };
const around: RecordingPolicy = { record: 'around-rating', beforeSeconds: 30, afterSeconds: 5, keep: 'not-good' };

async function open() {
  const door = await openDoor();
  const api = await door.admin();
  await makeSite(api);
  return { door, api, put: (body: object, token = api.token) => door.ask('PUT', policyPath, { token, body }) };
}

async function changes(api: Api): Promise<AuditEntry[]> {
  const { items } = await api.get<{ items: AuditEntry[] }>('/audit');
  return items.filter(({ what }) => what === 'recording-policy.change');
}

const recordingOf = (message: unknown) => (message as TerminalSettings).recording;

test('what is decided for a site reaches its terminals, those that are there and those that come later', async () => {
  const { door, api, put } = await open();
  await makeSite(api, 'side-hall');
  const given = await enrol(door, await makeCode(api));
  const line = await connect(given);
  await line.client.subscribeAsync(settings, { qos: 1 });
  expect(recordingOf(await line.next(settings))).toEqual(off);
  expect(await api.get(policyPath)).toEqual(off);

  const answer = await put({ ...around, reason: 'complaints at the counters' });
  expect(answer).toMatchObject({ status: 200, body: around });
  const decided = (message: unknown) => recordingOf(message).record === 'around-rating';
  expect(recordingOf(await line.next(settings, decided))).toEqual(around);
  await put({ record: 'service', reason: 'trial month' });
  const whole = (message: unknown) => recordingOf(message).record === 'service';
  expect(recordingOf(await line.next(settings, whole))).toEqual({ ...off, record: 'service' });
  expect(await api.get('/sites/side-hall/recording-policy')).toEqual(off);

  const again = await door.again();
  const later = await connect({ ...given, broker: again.running.mqtt });
  await later.client.subscribeAsync(settings, { qos: 1 });
  expect(recordingOf(await later.next(settings))).toEqual({ ...off, record: 'service' });
});

test('every change stands in the audit log, with what held before and why', async () => {
  const { api, put } = await open();
  await put({ ...around, reason: 'complaints at the counters' });
  await put({ ...off, reason: 'the trial is over' });
  const [second, first] = await changes(api);
  expect(first).toMatchObject({ who: 'admin', site: 'main-hall', why: 'complaints at the counters' });
  expect(JSON.parse(first?.detail ?? '')).toEqual({ before: off, after: around });
  expect(second).toMatchObject({ why: 'the trial is over' });
  expect(JSON.parse(second?.detail ?? '')).toEqual({ before: around, after: off });
});

test.each([
  ['no reason', { record: 'service' }, 'reason'],
  ['a policy that is none', { record: 'everything', reason: 'because' }, 'record'],
  ['no policy at all', { reason: 'because' }, 'record'],
  ['more than five minutes', { ...around, beforeSeconds: 301, reason: 'because' }, 'beforeSeconds'],
  ['less than nothing', { ...around, afterSeconds: -1, reason: 'because' }, 'afterSeconds'],
  ['clips of good ratings only', { ...around, keep: 'good', reason: 'because' }, 'keep'],
])('%s is refused, and what held still holds', async (_name, body, path) => {
  const { api, put } = await open();
  const answer = await put(body);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ errors: [{ path }] });
  expect(await api.get(policyPath)).toEqual(off);
  expect(await changes(api)).toEqual([]);
});

test('only administrators decide, supervisors see what holds at their own sites, and unknown sites are told', async () => {
  const { door, api, put } = await open();
  await makeSite(api, 'side-hall');
  const supervisor = await makeSupervisor(door, api, ['side-hall']);
  const decision = { ...around, reason: 'I want to hear them' };
  const at = (site: string, token: string, method = 'GET', body?: object) =>
    door.ask(method, `/sites/${site}/recording-policy`, { token, body });
  expect((await put(decision, supervisor)).status).toBe(403);
  expect((await at('side-hall', supervisor, 'PUT', decision)).status).toBe(403);
  expect(await at('side-hall', supervisor)).toMatchObject({ status: 200, body: off });
  expect((await at('main-hall', supervisor)).text).toBe((await at('nowhere', supervisor)).text);
  expect((await at('main-hall', supervisor)).status).toBe(404);
  expect((await at('nowhere', api.token)).status).toBe(404);
  expect((await at('nowhere', api.token, 'PUT', decision)).status).toBe(404);
  expect((await door.ask('PUT', policyPath, { body: decision })).status).toBe(401);
  expect(await changes(api)).toEqual([]);
});
