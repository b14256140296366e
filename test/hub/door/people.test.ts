import type { Clerk } from '@manyi/config/api';
import { expect, test } from 'vitest';
import { type Answer, type Door, makeSite, makeSupervisor, openDoor } from './door.ts';

function problem({ body, headers, status }: Answer, type = 'about:blank') {
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({ type, status });
  return body as { title: string; detail: string; errors?: { path: string; message: string }[] };
}

async function statusOf(door: Door, token: string, method: string, path: string, body?: unknown): Promise<number> {
  return (await door.ask(method, path, { token, body })).status;
}

test('every refusal is a problem of RFC 9457', async () => {
  const door = await openDoor();
  const api = await door.admin();
  const { token } = api;
  await makeSite(api);
  const post = (path: string, body: unknown) => door.ask('POST', path, { token, body });

  const invalid = problem(await post('/clerks', { id: 'ünknown', site: 'main-hall', name: ' ', stars: 6 }));
  expect(invalid.errors?.map((error) => error.path).sort()).toEqual(['id', 'name', 'number', 'stars']);
  const notJson = await door.ask('POST', '/sites', {
    token,
    body: '{',
    headers: { 'content-type': 'application/json' },
  });
  expect(notJson.status).toBe(400);
  problem(notJson);
  const wrongQuery = await door.ask('GET', '/sites?limit=0', { token });
  expect(wrongQuery.status).toBe(400);
  expect(problem(wrongQuery).errors?.[0]?.path).toBe('querystring.limit');
  const duplicate = await post('/sites', { id: 'main-hall', name: 'Twice' });
  expect(duplicate.status).toBe(409);
  problem(duplicate, 'urn:manyi:problem:exists');
  const unknown = await door.ask('PATCH', '/clerks/nobody', { token, body: { name: 'X' } });
  expect(unknown.status).toBe(404);
  problem(unknown);
  const noRoute = await door.ask('GET', '/nothing-here', { token });
  expect(noRoute.status).toBe(404);
  problem(noRoute);
  const signedOut = await door.ask('GET', '/sites');
  expect(signedOut.status).toBe(401);
  problem(signedOut);
  const notAnAddress = await door.ask('GET', '/services/%E0%A4%A', { token });
  expect(notAnAddress.status).toBe(400);
  problem(notAnAddress);
  const large = await post('/sites', { id: 'large', name: 'x'.repeat(300 * 1024) });
  expect(large.status).toBe(413);
  problem(large);
});

test('a request without a body may still call itself JSON', async () => {
  const door = await openDoor();
  const { token, post } = await door.admin();
  await post('/sites', { id: 'short-lived', name: 'Short' });
  const headers = { 'content-type': 'application/json' };
  expect((await door.ask('DELETE', '/sites/short-lived', { token, headers })).status).toBe(204);
  const empty = await door.ask('POST', '/sites', { token, headers });
  expect(empty.status).toBe(400);
  problem(empty);
  expect((await door.ask('POST', '/logout', { token, headers })).status).toBe(204);
});

test('a user is of sites that exist', async () => {
  const door = await openDoor();
  const api = await door.admin();
  await makeSite(api);
  const account = { username: 'chief', name: 'Chief', role: 'supervisor', password: 'long-enough-for-all' };
  const refused = await door.ask('POST', '/users', { token: api.token, body: { ...account, sites: ['main-hal'] } });
  expect(refused.status).toBe(400);
  expect(problem(refused).errors).toEqual([{ path: 'sites', message: 'there is no site main-hal' }]);
  await api.post('/users', { ...account, sites: ['main-hall'] });
  expect(await statusOf(door, api.token, 'PATCH', '/users/chief', { sites: ['elsewhere'] })).toBe(400);
  expect(await statusOf(door, api.token, 'PATCH', '/users/chief', { sites: null })).toBe(200);
});

test('a supervisor sees its own sites only: a foreign one is like one that does not exist', async () => {
  const door = await openDoor();
  const api = await door.admin();
  for (const site of ['own-hall', 'other-hall']) {
    await makeSite(api, site);
    await api.post('/clerks', { id: `C-${site}`, site, name: 'Clerk', number: '1' });
    await api.post('/badges', { badge: site.replace('-', ''), clerk: `C-${site}` });
  }
  const token = await makeSupervisor(door, api, ['own-hall']);
  const ids = async (path: string) => {
    const { body } = await door.ask('GET', path, { token });
    return (body as { items: { id: string; clerk?: string; site?: string }[] }).items;
  };

  expect((await ids('/sites')).map((item) => item.id)).toEqual(['own-hall']);
  expect((await ids('/counters')).map((item) => item.site)).toEqual(['own-hall']);
  expect((await ids('/clerks')).map((item) => item.id)).toEqual(['C-own-hall']);
  expect((await ids('/badges')).map((item) => item.clerk)).toEqual(['C-own-hall']);
  for (const path of ['/clerks?site=', '/counters?site=', '/terminals?site=', '/floor?site=', '/ratings?site=']) {
    const foreign = await door.ask('GET', `${path}other-hall`, { token });
    const missing = await door.ask('GET', `${path}no-such-hall`, { token });
    expect([path, foreign.status]).toEqual([path, 404]);
    expect(foreign.text).toBe(missing.text);
  }
  const foreign = await door.ask('GET', '/clerks/C-other-hall', { token });
  expect(foreign.status).toBe(404);
  expect(foreign.text).toBe((await door.ask('GET', '/clerks/C-missing', { token })).text);
});

test('who asks again and again for another site is logged and slowed, and learns nothing by it', async () => {
  const door = await openDoor();
  const api = await door.admin();
  for (const site of ['own-hall', 'other-hall']) await makeSite(api, site);
  const token = await makeSupervisor(door, api, ['own-hall']);
  const answers = [];
  for (let attempt = 0; attempt < 24; attempt++)
    answers.push(await door.ask('GET', '/scores?site=other-hall', { token }));
  const missing = await door.ask('GET', '/scores?site=no-such-hall', { token });

  expect(answers.map(({ status }) => status)).toEqual([...Array(20).fill(404), ...Array(4).fill(429)]);
  expect(missing.status).toBe(429);
  expect(Number(missing.headers.get('retry-after'))).toBeGreaterThan(0);
  problem(missing);
  const told = door.lines.filter((line) => line.includes('of another site, or not there'));
  expect(told).toHaveLength(20);
  expect(told[0]).toContain('"user":"supervisor"');
  expect(await statusOf(door, token, 'GET', '/scores?site=own-hall')).toBe(200);
  expect(await statusOf(door, api.token, 'GET', '/scores?site=no-such-hall')).toBe(404);
});

test('a supervisor reads people and changes nobody', async () => {
  const door = await openDoor();
  const api = await door.admin();
  await makeSite(api);
  await api.post('/clerks', { id: 'C1', site: 'main-hall', name: 'Clerk', number: '1' });
  const token = await makeSupervisor(door, api, ['main-hall']);
  const attempts: [string, string, unknown?][] = [
    ['POST', '/sites', { id: 'x', name: 'X' }],
    ['PATCH', '/sites/main-hall', { name: 'X' }],
    ['DELETE', '/sites/main-hall'],
    ['POST', '/counters', { id: 'x', site: 'main-hall', name: 'X' }],
    ['POST', '/clerks', { id: 'X', site: 'main-hall', name: 'X', number: '2' }],
    ['PATCH', '/clerks/C1', { name: 'X' }],
    ['DELETE', '/clerks/C1'],
    ['POST', '/badges', { badge: '00112233', clerk: 'C1' }],
    ['POST', '/clerks/import', 'id,name,number\nX,X,1'],
    ['GET', '/users'],
    ['POST', '/users', {}],
    ['POST', '/enrolments', { site: 'main-hall', counter: 'counter-1', terminal: 't' }],
    ['DELETE', '/terminals/t'],
    ['GET', '/sites/main-hall/roster'],
  ];
  for (const [method, path, body] of attempts) {
    expect([method, path, await statusOf(door, token, method, path, body)]).toEqual([method, path, 403]);
  }
  expect(await statusOf(door, token, 'GET', '/clerks/C1')).toBe(200);
});

test('lists come in pages that leave nothing out', async () => {
  const door = await openDoor();
  const api = await door.admin();
  for (const site of ['hall-a', 'hall-b']) {
    await makeSite(api, site);
    await api.post('/counters', { id: 'counter-2', site, name: 'Counter 2' });
  }
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const from: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const got: { items: { site: string; id: string }[]; next: string | null } = await api.get(
      `/counters?limit=1${from}`,
    );
    seen.push(...got.items.map((item) => `${item.site} ${item.id}`));
    cursor = got.next;
  } while (cursor !== null);
  expect(seen).toEqual(['hall-a counter-1', 'hall-a counter-2', 'hall-b counter-1', 'hall-b counter-2']);
});

test('a site: its zone must exist, and what stands in it keeps it', async () => {
  const door = await openDoor();
  const api = await door.admin();
  await makeSite(api);
  const { token } = api;
  expect(await statusOf(door, token, 'POST', '/sites', { id: 'x', name: 'X', timeZone: 'Mars/Base' })).toBe(400);
  expect(await statusOf(door, token, 'PATCH', '/sites/main-hall', { timeZone: 'Asia/Urumqi' })).toBe(200);
  expect(await statusOf(door, token, 'DELETE', '/sites/main-hall')).toBe(409);
  expect(await statusOf(door, token, 'DELETE', '/sites/main-hall/counters/counter-1')).toBe(204);
  expect(await statusOf(door, token, 'DELETE', '/sites/main-hall')).toBe(204);
});

test('a clerk and a badge: given once, taken away, gone with the clerk', async () => {
  const door = await openDoor();
  const api = await door.admin();
  const { token } = api;
  await makeSite(api);
  await api.post('/clerks', { id: 'C1', site: 'main-hall', name: 'One', number: '1' });
  await api.post('/clerks', { id: 'C2', site: 'main-hall', name: 'Two', number: '2', stars: 4 });
  const badge = await api.post<{ id: string; ending: string }>('/badges', { badge: '0012345678', clerk: 'C1' });

  expect(badge.ending).toBe('5678');
  expect((await door.ask('GET', '/badges', { token })).text).not.toContain('0012345678');
  expect(await statusOf(door, token, 'POST', '/badges', { badge: '0012345678', clerk: 'C2' })).toBe(409);
  expect(await statusOf(door, token, 'POST', '/badges', { badge: '0012345679', clerk: 'C3' })).toBe(404);
  expect(await statusOf(door, token, 'DELETE', `/badges/${badge.id}`)).toBe(204);
  await api.post('/badges', { badge: '0012345678', clerk: 'C2' });
  expect(await statusOf(door, token, 'DELETE', '/clerks/C2')).toBe(204);
  expect((await api.get<{ items: unknown[] }>('/badges')).items).toEqual([]);
});

test('a short badge does not stand readable in its ending', async () => {
  const door = await openDoor();
  const api = await door.admin();
  await makeSite(api);
  await api.post('/clerks', { id: 'C1', site: 'main-hall', name: 'One', number: '1' });
  expect(await api.post('/badges', { badge: '1234', clerk: 'C1' })).toMatchObject({ ending: '34' });
});

test('a picture is taken for what it is, not for what it says', async () => {
  const door = await openDoor();
  const api = await door.admin();
  const { token } = api;
  await makeSite(api);
  await api.post('/clerks', { id: 'C1', site: 'main-hall', name: 'One', number: '1' });
  const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(100, 1)]);
  const put = (body: Buffer, type: string) =>
    door.ask('PUT', '/clerks/C1/photo', { token, body, headers: { 'content-type': type } });

  expect((await put(Buffer.from('<svg onload="alert(1)"/>'), 'image/png')).status).toBe(415);
  expect((await put(Buffer.from('GIF89a'), 'image/gif')).status).toBe(415);
  expect((await put(Buffer.concat([png, Buffer.alloc(512 * 1024)]), 'image/png')).status).toBe(413);
  expect((await door.ask('GET', '/clerks/C1/photo', { token })).status).toBe(404);

  const clerk = (await put(png, 'image/jpeg')).body as Clerk;
  const shown = await fetch(`${door.url}${clerk.photo}`, { headers: { authorization: `Bearer ${token}` } });
  expect(shown.headers.get('content-type')).toBe('image/png');
  expect(Buffer.from(await shown.arrayBuffer()).equals(png)).toBe(true);
  const other = (await put(Buffer.concat([png, Buffer.from('2')]), 'image/png')).body as Clerk;
  expect(other.photo).not.toBe(clerk.photo);
  expect((await fetch(`${door.url}${clerk.photo}`)).status).toBe(401);
});

test('the last administrator stays', async () => {
  const door = await openDoor();
  const api = await door.admin();
  const { token } = api;
  expect(await statusOf(door, token, 'DELETE', '/users/admin')).toBe(409);
  expect(await statusOf(door, token, 'PATCH', '/users/admin', { role: 'supervisor' })).toBe(409);
  await api.post('/users', { username: 'second', name: 'Second', role: 'administrator', password: 'a-long-password' });
  expect(await statusOf(door, token, 'DELETE', '/users/admin')).toBe(204);
  expect(await statusOf(door, token, 'GET', '/me')).toBe(401);
});

test('every change is a fact of the ledger, and no secret is in one', async () => {
  const door = await openDoor();
  const api = await door.admin();
  await makeSite(api);
  await api.post('/clerks', { id: 'C1', site: 'main-hall', name: 'One', number: '1' });
  await api.post('/badges', { badge: '0012345678', clerk: 'C1' });
  await makeSupervisor(door, api, ['main-hall']);
  const live = await fetch(`${door.url}/api/v1/live?after=0`, { headers: { authorization: `Bearer ${api.token}` } });
  let text = '';
  for await (const chunk of live.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.split('manyi.user.changed.v1').length > 2) break;
  }
  for (const noun of ['site', 'counter', 'clerk', 'badge']) expect(text).toContain(`manyi.${noun}.changed.v1`);
  for (const secret of ['0012345678', 'long-enough-for-all', 'scrypt']) expect(text).not.toContain(secret);
});
