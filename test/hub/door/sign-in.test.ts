import { afterEach, expect, test, vi } from 'vitest';
import { adminPassword } from '../../support/api.ts';
import { type Door, openDoor } from './door.ts';

const admin = { username: 'admin', password: adminPassword };
const halfDayMs = 12 * 60 * 60 * 1000;

function login(door: Door, username: string, password: string, headers: Record<string, string> = {}) {
  return door.ask('POST', '/login', { body: { username, password }, headers });
}

afterEach(() => vi.useRealTimers());

test('a right password opens, by token and by cookie', async () => {
  const door = await openDoor();
  const answer = await login(door, admin.username, admin.password);
  const { token } = answer.body as { token: string };
  const cookie = answer.headers.get('set-cookie') ?? '';

  expect(answer.status).toBe(200);
  expect(cookie).toMatch(/; HttpOnly/);
  expect(cookie).toMatch(/; SameSite=Strict/);
  expect((await door.ask('GET', '/me', { token })).body).toMatchObject({ username: 'admin', role: 'administrator' });
  const byCookie = await door.ask('GET', '/me', { headers: { cookie: cookie.split(';')[0] ?? '' } });
  expect(byCookie.body).toMatchObject({ username: 'admin' });
});

test('the cookie is for https only where the browser came by https', async () => {
  const door = await openDoor();
  const plain = await login(door, admin.username, admin.password);
  const secure = await login(door, admin.username, admin.password, { 'x-forwarded-proto': 'https' });
  expect(plain.headers.get('set-cookie')).not.toMatch(/; Secure/);
  expect(secure.headers.get('set-cookie')).toMatch(/; Secure/);
});

test('wrong password: the answer gives no hint which part was wrong, and the log has no secret', async () => {
  const door = await openDoor();
  const wrongPassword = await login(door, 'admin', 'not-the-password');
  const wrongName = await login(door, 'nobody', 'not-the-password');

  expect(wrongPassword.status).toBe(401);
  expect(wrongName.text).toBe(wrongPassword.text);
  expect([...wrongName.headers.keys()]).toEqual([...wrongPassword.headers.keys()]);
  expect(door.lines.filter((line) => line.includes('a sign-in failed'))).toHaveLength(2);
  expect(door.lines.join()).not.toContain('not-the-password');
});

test('failed logins are throttled, good ones are not, and nobody else is', async () => {
  const door = await openDoor();
  for (let attempt = 0; attempt < 8; attempt++) expect((await login(door, 'admin', admin.password)).status).toBe(200);
  const answers = await Promise.all(Array.from({ length: 8 }, () => login(door, 'admin', 'not-the-password')));
  const statuses = answers.map((answer) => answer.status).sort();

  expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
  const refused = answers.find((answer) => answer.status === 429);
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await login(door, 'nobody', 'not-the-password')).status).toBe(401);
});

test('a throttled name is forgiven after a while', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const door = await openDoor();
  for (let attempt = 0; attempt < 5; attempt++) await login(door, 'admin', 'not-the-password');
  const refused = await login(door, 'admin', admin.password);
  expect(refused.status).toBe(429);
  vi.setSystemTime(Date.now() + Number(refused.headers.get('retry-after')) * 1000);
  expect((await login(door, 'admin', admin.password)).status).toBe(200);
});

test('signing out ends the session on the hub', async () => {
  const door = await openDoor();
  const { token } = await door.admin();
  expect((await door.ask('POST', '/logout', { token })).status).toBe(204);
  expect((await door.ask('GET', '/me', { token })).status).toBe(401);
});

test('a session ends by itself after half a day', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const door = await openDoor();
  const { token } = await door.admin();
  vi.setSystemTime(Date.now() + halfDayMs - 1);
  expect((await door.ask('GET', '/me', { token })).status).toBe(200);
  vi.setSystemTime(Date.now() + 1);
  expect((await door.ask('GET', '/me', { token })).status).toBe(401);
});

test('a session outlives a restart of the hub', async () => {
  const door = await openDoor();
  const { token } = await door.admin();
  const again = await door.again();
  expect((await again.ask('GET', '/me', { token })).status).toBe(200);
});

test('a page of another site cannot act with the cookie', async () => {
  const door = await openDoor();
  const answer = await login(door, admin.username, admin.password);
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const add = (headers: Record<string, string>) =>
    door.ask('POST', '/sites', { body: { id: 'hall', name: 'Hall' }, headers: { cookie, ...headers } });

  expect((await add({ origin: 'https://elsewhere.example' })).status).toBe(403);
  expect((await add({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await add({ origin: 'null' })).status).toBe(403);
  expect((await add({ origin: door.url })).status).toBe(201);
});

test('a page of another site cannot sign the browser in', async () => {
  const door = await openDoor();
  const answer = await login(door, admin.username, admin.password, { origin: 'https://elsewhere.example' });
  expect(answer.status).toBe(403);
  expect(answer.headers.get('set-cookie')).toBeNull();
  expect(answer.text).not.toContain('token');
});

test('a page of another site is logged and throttled, and holds up nobody else', async () => {
  const door = await openDoor();
  const foreign = { origin: 'https://elsewhere.example' };
  const answers = [];
  for (let attempt = 0; attempt < 7; attempt++) answers.push(await login(door, 'admin', admin.password, foreign));
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 429, 429]);
  expect(door.lines.filter((line) => line.includes('a page of another site was refused'))).toHaveLength(5);
  expect((await login(door, 'admin', admin.password)).status).toBe(200);
});

test('a new password ends every session, and asks for the old one', async () => {
  const door = await openDoor();
  const { token } = await door.admin();
  const change = (password: string) =>
    door.ask('PUT', '/me/password', { token, body: { password, newPassword: 'a-new-long-password' } });

  expect((await change('not-the-password')).status).toBe(401);
  const changed = await change(admin.password);
  expect(changed.status).toBe(200);
  expect((await door.ask('GET', '/me', { token })).status).toBe(401);
  const fresh = (changed.body as { token: string }).token;
  expect((await door.ask('GET', '/me', { token: fresh })).status).toBe(200);
  expect((await login(door, 'admin', admin.password)).status).toBe(401);
});

test('a token for a program acts as its user, shows once, and can be taken away', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const door = await openDoor();
  const api = await door.admin();
  const { token } = await api.post<{ token: string }>('/tokens', { label: 'Queue machine' });
  vi.setSystemTime(Date.now() + 400 * 2 * halfDayMs);
  expect((await door.ask('GET', '/me', { token })).body).toMatchObject({ username: 'admin' });

  const list = await door.ask('GET', '/tokens', { token });
  const { items } = list.body as { items: { id: string; label: string }[] };
  expect(items.map((item) => item.label)).toEqual(['Queue machine']);
  expect(list.text).not.toContain(token);
  expect((await door.ask('DELETE', `/tokens/${items[0]?.id}`, { token })).status).toBe(204);
  expect((await door.ask('GET', '/me', { token })).status).toBe(401);
});
