import type { Clerk, ImportReport } from '@manyi/config/api';
import { expect, test } from 'vitest';
import type { Api } from '../../support/api.ts';
import { type Door, makeSite, openDoor } from './door.ts';

const csv = { 'content-type': 'text/csv' };

async function open(): Promise<{ door: Door; api: Api }> {
  const door = await openDoor();
  const api = await door.admin();
  await makeSite(api);
  return { door, api };
}

async function take(door: Door, api: Api, table: string | Buffer, query = ''): Promise<ImportReport> {
  const answer = await door.ask('POST', `/clerks/import${query}`, { token: api.token, body: table, headers: csv });
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
  return answer.body as ImportReport;
}

async function clerks(api: Api): Promise<Clerk[]> {
  return (await api.get<{ items: Clerk[] }>('/clerks')).items;
}

test('a bad line refuses that line only, and says which and why', async () => {
  const { door, api } = await open();
  const table = [
    'id,name,number,stars,badge',
    'C1,张三,1001,5,0011112222',
    'C2,,1002,3,0011112223',
    'C 3,王五,1003,,',
    'C4,赵六,1004,9,',
    'C5,"钱, 七",1005,,12',
    'C6,孙八,1006,,0011112222',
    '',
    'C7,周九,1007,,0011112224',
    'C1,张三,1001,5,',
  ].join('\r\n');
  const report = await take(door, api, table);

  expect(report.added).toBe(2);
  expect(report.changed).toBe(0);
  expect(report.refused.map((refusal) => refusal.line)).toEqual([3, 4, 5, 6, 7, 10]);
  expect(report.refused[0]?.reason).toMatch(/^name: /);
  expect(report.refused[3]?.reason).toMatch(/^badge: /);
  expect(report.refused[4]?.reason).toBe('the badge stands in the table twice');
  expect((await clerks(api)).map((clerk) => [clerk.id, clerk.name, clerk.stars])).toEqual([
    ['C1', '张三', 5],
    ['C7', '周九', null],
  ]);
  const badges = await api.get<{ items: { clerk: string; ending: string }[] }>('/badges');
  expect(badges.items.map((badge) => `${badge.clerk} ${badge.ending}`).sort()).toEqual(['C1 2222', 'C7 2224']);
});

test('the same table again changes nothing, another one only what differs', async () => {
  const { door, api } = await open();
  const table = 'id,name,number,stars,badge\nC1,One,1,3,0011112222\nC2,Two,2,,\n';
  expect(await take(door, api, table)).toEqual({ added: 2, changed: 0, refused: [] });
  expect(await take(door, api, table)).toEqual({ added: 0, changed: 0, refused: [] });
  expect(await take(door, api, 'id,name,number,badge\nC1,One,1,\nC2,Zwei,2,0011112223\n')).toMatchObject({
    changed: 1,
  });
  expect((await clerks(api)).map((clerk) => [clerk.name, clerk.stars])).toEqual([
    ['One', 3],
    ['Zwei', null],
  ]);
});

test('a dry run reports alike and does nothing', async () => {
  const { door, api } = await open();
  const table = 'id,name,number,badge\nC1,One,1,0011112222\nC2,Two,2,0011112222\n';
  const dry = await take(door, api, table, '?dryRun=true');
  expect(dry).toMatchObject({ added: 1, changed: 0, refused: [{ line: 3 }] });
  expect(await clerks(api)).toEqual([]);
  expect(await take(door, api, table)).toEqual(dry);
});

test.each([
  ['UTF-8 with a byte order mark', Buffer.from('\ufeffid,name,number\nC1,张三,1\n')],
  [
    'GB18030, as Excel writes it in China',
    Buffer.from('69642c6e616d652c6e756d6265720d0a43312cd5c5c8fd2c310d0a', 'hex'),
  ],
  ['semicolons and tabs', Buffer.from('ID;Name;Number\nC1;张三;1\n')],
])('a table in %s is read', async (_name, table) => {
  const { door, api } = await open();
  expect(await take(door, api, table)).toMatchObject({ added: 1, refused: [] });
  expect((await clerks(api))[0]?.name).toBe('张三');
});

test('a table without its columns, or that is none, is refused whole', async () => {
  const { door, api } = await open();
  const ask = (body: string, headers: Record<string, string> = csv) =>
    door.ask('POST', '/clerks/import', { token: api.token, body, headers });
  const noColumn = await ask('id,name\nC1,One\n');
  expect(noColumn.status).toBe(400);
  expect(noColumn.text).toContain('number');
  expect((await ask('id,name,number\n"C1,One,1\n')).status).toBe(400);
  expect((await ask('{}', { 'content-type': 'application/json' })).status).toBe(415);
});

test('with several sites every line must say where it belongs', async () => {
  const { door, api } = await open();
  await makeSite(api, 'other-hall');
  const table = 'id,name,number,site\nC1,One,1,other-hall\nC2,Two,2,\nC3,Three,3,nowhere\n';
  expect(await take(door, api, table)).toMatchObject({
    added: 1,
    refused: [
      { line: 3, kind: 'no-site' },
      { line: 4, kind: 'unknown-site' },
    ],
  });
  const asked = await take(door, api, 'id,name,number\nC2,Two,2\nC1,One,1\n', '?site=main-hall');
  expect(asked).toMatchObject({ added: 1, refused: [{ line: 3, reason: expect.stringContaining('other-hall') }] });
});

test('counters come from a table too', async () => {
  const { door, api } = await open();
  const table = 'id,name\ncounter-1,综合窗口\ncounter-2,Counter 2\nCounter 3,x\n';
  const answer = await door.ask('POST', '/counters/import', { token: api.token, body: table, headers: csv });
  expect(answer.body).toMatchObject({ added: 1, changed: 1, refused: [{ line: 4, columns: ['id'] }] });
});
