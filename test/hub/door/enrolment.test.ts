import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Enrolled, Terminal } from '@manyi/config/api';
import Sqlite from 'better-sqlite3';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { rating } from '../../support/events.ts';
import { type Door, makeSite, openDoor } from './door.ts';
import { closed, connect, enrol, makeCode } from './enrolled.ts';

const minuteMs = 60_000;

function tryCode(door: Door, code: string, nonce = 'a-nonce-of-its-own') {
  return door.ask('POST', '/enrol', { body: { code, nonce } });
}

async function open() {
  const door = await openDoor();
  const api = await door.admin();
  await makeSite(api);
  return { door, api };
}

afterEach(() => vi.useRealTimers());

test('a code becomes a credential that the broker and the roster know', async () => {
  const { door, api } = await open();
  const code = await makeCode(api);
  const given = await enrol(door, code.toLowerCase().replace('-', ' '));

  expect(code).toMatch(/^[2-9A-Z]{5}-[2-9A-Z]{5}$/);
  expect(given).toMatchObject({ site: 'main-hall', counter: 'counter-1', terminal: 'terminal-1' });
  expect(given.broker).toBe(door.running.mqtt);
  expect(Buffer.from(given.rosterKey, 'base64url')).toHaveLength(32);
  await connect(given);
  expect(await api.get('/terminals/terminal-1')).toMatchObject({ enrolled: true });
  const authorization = `Basic ${Buffer.from(`${given.username}:${given.password}`).toString('base64')}`;
  const roster = (site: string) => door.ask('GET', `/sites/${site}/roster`, { headers: { authorization } });
  expect((await roster('main-hall')).status).toBe(200);
  await makeSite(api, 'other-hall');
  expect((await roster('other-hall')).text).toBe((await roster('no-such-hall')).text);
  expect((await door.ask('GET', '/terminals', { headers: { authorization } })).status).toBe(401);
});

test('the same nonce gets the same answer for a quarter of an hour, also after a restart', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const { door, api } = await open();
  const code = await makeCode(api);
  const first = await tryCode(door, code);
  expect(first.status).toBe(200);
  expect((await tryCode(door, code)).body).toEqual(first.body);

  const again = await door.again();
  vi.setSystemTime(Date.now() + 15 * minuteMs - 1000);
  expect((await tryCode(again, code)).body).toEqual(first.body);
  vi.setSystemTime(Date.now() + 1000);
  expect((await tryCode(again, code)).status).toBe(403);
});

test('unknown, used and expired codes get one and the same answer, and a line in the log without the code', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const { door, api } = await open();
  const [used, expired] = [await makeCode(api), await makeCode(api, 'terminal-2')];
  await enrol(door, used);
  const answers = [await tryCode(door, used, 'another-nonce'), await tryCode(door, 'ABCDE-FGHJK')];
  vi.setSystemTime(Date.now() + 30 * minuteMs);
  answers.push(await tryCode(door, expired));

  for (const answer of answers) {
    expect(answer.status).toBe(403);
    expect(answer.text).toBe(answers[0]?.text);
  }
  expect(door.lines.filter((line) => line.includes('an enrolment was refused'))).toHaveLength(3);
  expect(door.lines.join()).not.toContain(used);
});

test('guessing codes is throttled', async () => {
  const { door } = await open();
  const answers = await Promise.all(Array.from({ length: 7 }, () => tryCode(door, 'ABCDE-FGHJK')));
  expect(answers.map((answer) => answer.status).sort()).toEqual([403, 403, 403, 403, 403, 429, 429]);
});

test('guessing a terminal’s password over HTTP is logged and throttled, and the right one is not held up', async () => {
  const { door, api } = await open();
  const given = await enrol(door, await makeCode(api));
  const roster = (username: string, password: string) => {
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    return door.ask('GET', '/sites/main-hall/roster', { headers: { authorization } });
  };
  const wrong = await roster(given.username, 'a-guess');
  expect((await roster('terminal-999', 'a-guess')).text).toBe(wrong.text);
  const answers = [wrong];
  for (let guess = 0; guess < 6; guess++) answers.push(await roster(given.username, `guess-${guess}`));
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429, 429]);
  expect(door.lines.filter((line) => line.includes('a wrong terminal name or password'))).toHaveLength(6);
  expect(door.lines.join()).not.toContain('guess-');
  expect((await roster(given.username, given.password)).status).toBe(200);
});

test('the first use of a new credential revokes the old one, and closes its connection', async () => {
  const { door, api } = await open();
  const old = await enrol(door, await makeCode(api));
  const oldLine = await connect(old);
  const fresh = await enrol(door, await makeCode(api));

  expect(oldLine.client.connected).toBe(true);
  const stillGood = await connect(old);
  const gone = [closed(oldLine), closed(stillGood)];
  await connect(fresh);
  await Promise.all(gone);
  await expect(connect(old)).rejects.toThrow();
  await connect(fresh);
});

test('the first use of a new credential may also be over HTTP', async () => {
  const { door, api } = await open();
  const old = await enrol(door, await makeCode(api));
  const gone = closed(await connect(old));
  const fresh = await enrol(door, await makeCode(api));
  const roster = ({ username, password }: Enrolled) => {
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    return door.ask('GET', '/sites/main-hall/roster', { headers: { authorization } });
  };

  expect((await roster(old)).status).toBe(200);
  expect((await roster(fresh)).status).toBe(200);
  expect((await roster(old)).status).toBe(401);
  await gone;
});

test('an answer that nobody may ask for again is kept no longer, because a credential stands in it', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const { door, api } = await open();
  await enrol(door, await makeCode(api));
  const kept = () => {
    const sqlite = new Sqlite(join(door.data, 'hub.db'), { readonly: true });
    onTestFinished(() => void sqlite.close());
    return sqlite.prepare('SELECT count(*) FROM enrolments').pluck().get();
  };
  const again = await door.again();
  expect(kept()).toBe(1);
  vi.setSystemTime(Date.now() + 15 * minuteMs);
  await again.again();
  expect(kept()).toBe(0);
});

test('a credential taken away closes the connection, and a new code opens again', async () => {
  const { door, api } = await open();
  const given = await enrol(door, await makeCode(api));
  const line = await connect(given);
  const gone = closed(line);
  await api.post('/terminals/terminal-1/revoke', {});
  await gone;
  await expect(connect(given)).rejects.toThrow();
  expect(await api.get('/terminals/terminal-1')).toMatchObject({ enrolled: false });
  await connect(await enrol(door, await makeCode(api)));
});

test('a removed terminal is gone, its open code too', async () => {
  const { door, api } = await open();
  const given = await enrol(door, await makeCode(api));
  const line = await connect(given);
  const code = await makeCode(api);
  const gone = closed(line);
  await api.call('DELETE', '/terminals/terminal-1');
  await gone;
  await expect(connect(given)).rejects.toThrow();
  expect((await tryCode(door, code)).status).toBe(403);
  expect((await door.ask('GET', '/terminals/terminal-1', { token: api.token })).status).toBe(404);
});

test('a code is for a counter that exists, and a terminal stays at its site', async () => {
  const { door, api } = await open();
  await makeSite(api, 'other-hall');
  await enrol(door, await makeCode(api));
  const issue = (site: string, counter: string) =>
    door.ask('POST', '/enrolments', { token: api.token, body: { site, counter, terminal: 'terminal-1' } });
  expect((await issue('main-hall', 'counter-9')).status).toBe(400);
  expect((await issue('other-hall', 'counter-1')).status).toBe(409);
});

test('what a terminal may not know, it does not get: wrong names and passwords are refused alike', async () => {
  const { door, api } = await open();
  const given = await enrol(door, await makeCode(api));
  const reason = async (change: object) => connect({ ...given, ...change }).catch((error: Error) => error.message);
  const wrongPassword = await reason({ password: 'wrong' });
  expect(wrongPassword).toMatch(/not authorized/i);
  expect(await reason({ username: 'terminal-9' })).toBe(wrongPassword);
});

test('the id of a terminal that has sent from one site is never another site’s, removed or not', async () => {
  const { door, api } = await open();
  await makeSite(api, 'other-hall');
  const elsewhere = { site: 'other-hall', counter: 'counter-1', terminal: 'terminal-1' };
  const line = await connect(await enrol(door, await makeCode(api)));
  await line.client.subscribeAsync('manyi/v1/main-hall/terminal-1/receipts');
  await line.publish('events', rating(randomUUID(), 1));
  await line.next('manyi/v1/main-hall/terminal-1/receipts');
  await api.call('DELETE', '/terminals/terminal-1');
  const refused = await door.ask('POST', '/enrolments', { body: elsewhere, token: api.token });
  expect(refused).toMatchObject({ status: 409, body: { type: 'urn:manyi:problem:other-site' } });
  expect(await enrol(door, await makeCode(api))).toMatchObject({ site: 'main-hall', terminal: 'terminal-1' });
});

test('of two codes for one id, made at two sites, the first that is used decides', async () => {
  const { door, api } = await open();
  await makeSite(api, 'other-hall');
  const elsewhere = { site: 'other-hall', counter: 'counter-1', terminal: 'terminal-1' };
  const { code } = await api.post<{ code: string }>('/enrolments', elsewhere);
  const own = await enrol(door, await makeCode(api));
  expect((await tryCode(door, code)).status).toBe(403);
  await connect(own);
  expect(await api.get<Terminal>('/terminals/terminal-1')).toMatchObject({ site: 'main-hall', enrolled: true });
});
