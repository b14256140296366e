import { expect, test } from 'vitest';
import { makeSite, openDoor } from './door.ts';

test('a list of a site that is not there is refused, to an administrator too', async () => {
  const door = await openDoor();
  const api = await door.admin();
  await makeSite(api);
  const lists = [
    'alerts',
    'cases',
    'clerks',
    'counters',
    'ratings',
    'recordings',
    'recordings/waiting',
    'scores',
    'terminals',
  ];
  const answers = async (site: string) => {
    const asked = lists.map((list) => door.ask('GET', `/${list}?site=${site}`, { token: api.token }));
    return Object.fromEntries((await Promise.all(asked)).map(({ status }, index) => [lists[index], status]));
  };
  expect(await answers('main-hall')).toEqual(Object.fromEntries(lists.map((list) => [list, 200])));
  expect(await answers('nowhere')).toEqual(Object.fromEntries(lists.map((list) => [list, 404])));
});
