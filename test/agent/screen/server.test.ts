import { get } from 'node:http';
import { connect } from 'node:net';
import { createScreen, type Screen } from '@manyi/agent/screen/server';
import type { ScreenMessage } from '@manyi/agent/screen/view';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { idle, openCounter } from './counter.ts';

const portOf = (screen: Screen) => Number(new URL(screen.address).port);

/** How the screen answers somebody who claims to come from there. */
function knock(screen: Screen, headers: Record<string, string>): Promise<'opened' | number> {
  const socket = new WebSocket(`${screen.address.replace('http', 'ws')}/screen`, { headers });
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve('opened'));
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', reject);
  });
}

/** The status of a request for a path, with a Host of one's choice. */
function ask(screen: Screen, path: string, host = `127.0.0.1:${portOf(screen)}`): Promise<number> {
  return new Promise((resolve, reject) => {
    get(`${screen.address}${path}`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    }).on('error', reject);
  });
}

/** A page of the screen, spoken to without a browser. */
async function openSocket(screen: Screen): Promise<{ socket: WebSocket; next: () => Promise<ScreenMessage> }> {
  const socket = new WebSocket(`${screen.address.replace('http', 'ws')}/screen`, { origin: screen.address });
  const messages: ScreenMessage[] = [];
  let wake = () => {};
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)));
    wake();
  });
  const next = async () => {
    while (messages.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return messages.shift() as ScreenMessage;
  };
  return { socket, next };
}

it('opens its socket to its own page only', async () => {
  const counter = await openCounter(idle);
  const { screen } = counter;
  const port = portOf(screen);
  expect(await knock(screen, { origin: screen.address })).toBe('opened');
  expect(await knock(screen, { origin: `http://localhost:${port}`, host: `localhost:${port}` })).toBe('opened');
  expect(await knock(screen, { origin: 'http://example.com' })).toBe(401);
  expect(await knock(screen, { origin: `http://127.0.0.1:${port + 1}` })).toBe(401);
  expect(await knock(screen, { origin: `https://127.0.0.1:${port}` })).toBe(401);
  expect(await knock(screen, { origin: 'null' })).toBe(401);
  expect(await knock(screen, {})).toBe(401);
  expect(await knock(screen, { origin: `http://evil.example:${port}`, host: `evil.example:${port}` })).toBe(401);
  expect(counter.inputs).toEqual([]);
});

it('answers only requests that were meant for it', async () => {
  const counter = await openCounter(idle);
  expect(await ask(counter.screen, '/')).toBe(200);
  expect(await ask(counter.screen, '/', `evil.example:${portOf(counter.screen)}`)).toBe(421);
  const posted = await fetch(counter.screen.address, { method: 'POST', body: '{}' });
  expect(posted.status).toBe(405);
});

it('serves its page and nothing beyond it', async () => {
  const counter = await openCounter(idle);
  for (const path of ['/../server.ts', '/..%2f..%2fpackage.json', '/%2e%2e/server.js', '/package.json', '/nothing']) {
    expect(await ask(counter.screen, path), path).toBe(404);
  }
});

it('listens on loopback only', async () => {
  const counter = await openCounter(idle);
  const outside = connect({ host: '127.0.0.2', port: portOf(counter.screen) });
  const outcome = await new Promise((resolve) => {
    outside.on('connect', () => resolve('connected'));
    outside.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
  expect(outcome).toBe('ECONNREFUSED');
});

it('shows the view at once, after every update, and says which input was carried out', async () => {
  const counter = await openCounter(idle);
  const { socket, next } = await openSocket(counter.screen);
  expect(await next()).toMatchObject({ view: { phase: 'idle' }, heard: 0, kept: true });
  counter.show({ phase: 'serving' });
  expect(await next()).toMatchObject({ view: { phase: 'serving' }, heard: 0 });
  socket.send(JSON.stringify({ number: 1, input: { type: 'press', level: 'average' } }));
  expect(await next()).toMatchObject({ heard: 1, kept: true });
  expect(counter.inputs).toEqual([{ type: 'press', level: 'average' }]);
});

it('says so when an input could not be kept', async () => {
  const counter = await openCounter(idle, {
    onInput: () => {
      throw new Error('the disk is full');
    },
  });
  const { socket, next } = await openSocket(counter.screen);
  await next();
  socket.send(JSON.stringify({ number: 1, input: { type: 'press', level: 'average' } }));
  const message = await next();
  expect(message).toMatchObject({ heard: 1, kept: false });
  expect(JSON.stringify(message)).not.toContain('disk');
});

it.each([
  ['no JSON', '{'],
  ['no input', '{"number":1,"input":{"type":"format-disk"}}'],
  ['a badge that no reader types', '{"number":1,"input":{"type":"badge","code":"<b>"}}'],
  ['too much', JSON.stringify({ number: 1, input: { type: 'press', level: 'x'.repeat(5000) } })],
])('hangs up on %s', async (_what, text) => {
  const counter = await openCounter(idle);
  const { socket } = await openSocket(counter.screen);
  await new Promise((resolve) => socket.on('open', resolve));
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.send(text);
  await closed;
  expect(counter.inputs).toEqual([]);
});

it('shows the photo of the clerk on duty, when it is one', async () => {
  const pictures: Record<string, Buffer> = {
    C0017: Buffer.from('89504e470d0a1a0a', 'hex'),
    C0018: Buffer.from('<svg onload="alert(1)"/>'),
  };
  const counter = await openCounter(idle, { photo: (clerk) => pictures[clerk] ?? null });
  const photo = () => fetch(`${counter.screen.address}/photo?x`);
  const response = await photo();
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/png']);
  expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin');
  counter.show({ clerk: { id: 'C0018', name: 'x', number: '18', stars: null, photo: '/x' } });
  expect((await photo()).status).toBe(404);
  counter.show({ clerk: null });
  expect((await photo()).status).toBe(404);
});

it('names the setting when its port is taken', async () => {
  const counter = await openCounter(idle);
  const port = portOf(counter.screen);
  await expect(createScreen({ port, view: () => idle, onInput: () => {} })).rejects.toThrow(
    `Port ${port} is taken: set MANYI_SCREEN_PORT to a free one`,
  );
});

it('lets go of its port and of its pages', async () => {
  const counter = await openCounter(idle);
  const { socket, next } = await openSocket(counter.screen);
  await next();
  const closed = new Promise((resolve) => socket.on('close', resolve));
  await counter.screen.close();
  await closed;
  const again = await createScreen({ port: portOf(counter.screen), view: () => idle, onInput: () => {} });
  await again.close();
});
