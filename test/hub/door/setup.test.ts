import { expect, test } from 'vitest';
import { adminPassword } from '../../support/api.ts';
import { type Door, openDoor } from './door.ts';

const password = 'chosen-by-the-administrator';

function codeOf(door: Door): string {
  return new URL(door.running.setupLink ?? '').searchParams.get('code') ?? '';
}

function setUp(door: Door, code: string, chosen = password) {
  return door.ask('POST', '/setup', { body: { code, password: chosen } });
}

test('the set-up link makes the first administrator, once', async () => {
  const door = await openDoor(null);
  expect((await door.ask('GET', '/setup')).body).toEqual({ needed: true });

  const made = await setUp(door, codeOf(door));
  const { token } = made.body as { token: string };
  expect((await door.ask('GET', '/me', { token })).body).toMatchObject({ username: 'admin', role: 'administrator' });
  expect((await door.ask('GET', '/setup')).body).toEqual({ needed: false });

  const used = await setUp(door, codeOf(door), 'another-long-password');
  expect(used.status).toBe(401);
  expect((await door.ask('POST', '/login', { body: { username: 'admin', password } })).status).toBe(200);
  expect((await door.again()).running.setupLink).toBeNull();
});

test('two who use the link at once do not both become the administrator', async () => {
  const door = await openDoor(null);
  const answers = await Promise.all([setUp(door, codeOf(door)), setUp(door, codeOf(door), 'another-long-password')]);
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 401]);
});

test('a wrong code is refused like a used one, and a short password by its rule', async () => {
  const door = await openDoor(null);
  const wrong = await setUp(door, 'guessed');
  const short = await setUp(door, codeOf(door), 'short');
  await setUp(door, codeOf(door));
  const used = await setUp(door, codeOf(door));

  expect(wrong.status).toBe(401);
  expect(used.text).toBe(wrong.text);
  expect(short.status).toBe(400);
  expect(short.body).toMatchObject({ errors: [{ path: 'password' }] });
});

test('a link that was not used is another one after a restart', async () => {
  const door = await openDoor(null);
  const old = codeOf(door);
  const again = await door.again();
  expect((await setUp(again, old)).status).toBe(401);
  expect((await setUp(again, codeOf(again))).status).toBe(200);
});

test('a password of the settings makes the administrator, and never changes one', async () => {
  const door = await openDoor();
  expect(door.running.setupLink).toBeNull();
  const api = await door.admin();
  await api.call('PATCH', '/users/admin', { password });
  const again = await door.again();
  const login = (secret: string) => again.ask('POST', '/login', { body: { username: 'admin', password: secret } });
  expect((await login(adminPassword)).status).toBe(401);
  expect((await login(password)).status).toBe(200);
});

test('no page of the hub and no line of its log gives the code away', async () => {
  const door = await openDoor(null);
  const page = await fetch(`${door.url}/setup?code=${codeOf(door)}`, { headers: { accept: 'text/html' } });
  expect(page.headers.get('referrer-policy')).toBe('no-referrer');
  expect(door.lines.join()).not.toContain(codeOf(door));
});
