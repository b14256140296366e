import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { openDoor } from './door.ts';

/** Sends bytes as they are; gives everything that comes back until the hub has hung up. */
function sendRaw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(bytes);
  return text(socket);
}

const head = (target: string, ...headers: string[]) =>
  [`GET ${target} HTTP/1.1`, 'Host: hub', ...headers, '', ''].join('\r\n');

test.for([
  ['headers beyond all measure', 431, head('/api/v1/me', `X-Long: ${'x'.repeat(40_000)}`)],
  ['an address beyond all measure', 431, head(`/api/v1/me?${'x'.repeat(40_000)}`)],
  ['what is no HTTP', 400, 'HELLO HUB\r\n\r\n'],
  ['a header that is none', 400, head('/api/v1/me', 'X Y: z')],
] as const)('%s is answered as a problem, like everything else', async ([, status, bytes]) => {
  const door = await openDoor();
  const answer = await sendRaw(door.url, bytes);
  const [headers = '', body = ''] = answer.split('\r\n\r\n');
  expect(headers).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(headers).toMatch(/^content-type: application\/problem\+json/im);
  expect(headers).toMatch(new RegExp(`^content-length: ${Buffer.byteLength(body)}$`, 'im'));
  expect(JSON.parse(body)).toEqual({
    type: 'about:blank',
    title: expect.any(String),
    status,
    detail: expect.any(String),
  });
  expect((await fetch(`${door.url}/healthz`)).status).toBe(200);
});
