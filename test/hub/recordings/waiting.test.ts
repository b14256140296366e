import { expect, test } from 'vitest';
import { makeClip } from './clips.ts';
import { openStudio } from './studio.ts';

test('what each terminal still has is counted, for users of its site', async () => {
  const studio = await openStudio();
  const [first, second] = [await studio.terminal(1), await studio.terminal(2)];
  const [sent, kept, held, other] = [makeClip(1), makeClip(1), makeClip(1), makeClip(1)];
  for (const clip of [sent, kept, held]) await first.tell(clip);
  await second.tell(other);
  await first.send(sent);
  await studio.api.call('PUT', `/recordings/${held.recording}/hold`, { held: true, reason: 'court order 4' });
  const place = { site: 'main-hall' };
  const waiting = [
    { ...place, terminal: 'terminal-1', count: 2, held: 1 },
    { ...place, terminal: 'terminal-2', count: 1, held: 0 },
  ];
  for (const query of ['', '?site=main-hall']) {
    expect(await studio.api.get(`/recordings/waiting${query}`)).toEqual({ items: waiting, next: null });
  }
  await studio.api.post('/sites', { id: 'other', name: 'Other', timeZone: 'Asia/Shanghai', mode: 'called' });
  const user = { username: 'wang', name: 'Wang', role: 'supervisor', sites: ['other'], password: 'supervise-me' };
  await studio.api.post('/users', user);
  const { token } = await studio.api.post<{ token: string }>('/login', { username: 'wang', password: user.password });
  expect(await (await studio.ask('/recordings/waiting', {}, token)).json()).toEqual({ items: [], next: null });
  expect((await studio.ask('/recordings/waiting?site=main-hall', {}, token)).status).toBe(404);
  await second.send(other);
  expect(await studio.api.get('/recordings/waiting')).toEqual({ items: waiting.slice(0, 1), next: null });
});
