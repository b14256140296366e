import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { writeFrame } from '@manyi/config/listening';
import { terminalTopic } from '@manyi/config/topics';
import mqtt from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { adminPassword, eventually } from '../support/api.ts';
import { askToListen, isLive, joinListening } from './ear.ts';
import { openRoom, purpose, type Room, type Supervisor } from './room.ts';

let room: Room;
let foreign: Supervisor;
const ends: (() => Promise<void> | void)[] = [];
beforeAll(async () => {
  room = await openRoom({ onEnd: (end) => ends.unshift(end) });
  await room.terminal(1);
  foreign = await room.supervisor('foreign', ['other-hall']);
});
afterAll(async () => {
  for (const end of ends) await end();
});

const site = 'main-hall';
const refusal = (body: object, token = room.api.token) =>
  askToListen(room.url, token, body).then(
    () => 'allowed',
    (error: Error) => error.message,
  );

test('nobody listens without saying why', async () => {
  for (const why of [undefined, '', ' ', 'x', '\u200b\u200b', '...', 'because'.repeat(30)]) {
    expect(await refusal({ site, counter: 'counter-1', purpose: why })).toMatch(/^400 .*"purpose"/);
  }
  expect(await room.log()).toEqual([]);
});

test('nor where they may not, nor where there is nothing to hear', async () => {
  const at = (counter: string, more: object = { site }) => ({ counter, purpose, ...more });
  expect(await refusal(at('counter-1'), foreign.token)).toMatch(/^404 /);
  expect(await refusal(at('counter-1', { terminal: 'terminal-1' }), foreign.token)).toMatch(/^404 /);
  expect(await refusal(at('counter-1'), 'nobody')).toMatch(/^401 /);
  expect(await refusal(at('counter-9'))).toMatch(/^404 /);
  expect(await refusal(at('counter-1', { terminal: 'terminal-9' }))).toMatch(/^404 /);
  expect(await refusal(at('counter-2', { terminal: 'terminal-1' }))).toMatch(/^400 .*counter-1/);
  expect(await refusal(at('counter-1', {}))).toMatch(/^400 .*name the site/);
  expect(await refusal(at('counter-2'))).toMatch(/^409 .*no-terminal/);
  const deaf = await room.terminal(2, { MANYI_MICROPHONE: 'none' });
  expect(await refusal(at('counter-2'))).toMatch(/^409 .*no-microphone.*MANYI_MICROPHONE/);
  await deaf.close();
  await eventually(
    () => refusal(at('counter-2')),
    (answer) => answer.startsWith('409 ') && answer.includes('terminal-offline'),
  );
  const broken = await room.terminal(2, { MANYI_MICROPHONE_DEVICE: '/there/is/none.wav' });
  await eventually(
    () => refusal(at('counter-2')),
    (answer) => answer.startsWith('409 ') && answer.includes('microphone-failed'),
  );
  await broken.close();
  expect(await room.log()).toEqual([]);
});

test('only who began it joins, signed in, and from a page of the hub', async () => {
  const { listening } = await room.ask(room.api.token);
  const join = (token: string | null, headers: Record<string, string> = {}, id = listening) =>
    joinListening(room.url, id, token, { headers }).then(
      (ear) => {
        ear.hangUp();
        return 'joined';
      },
      (error: Error) => error.message,
    );
  const cookie = `manyi_session=${room.api.token}`;
  expect(await join(foreign.token)).toBe('404');
  expect(await join(null)).toBe('401');
  expect(await join(room.api.token, {}, randomUUID())).toBe('404');
  expect(await join(null, { cookie, origin: 'https://elsewhere.example' })).toBe('403');
  expect(await join(null, { cookie, origin: 'null' })).toBe('403');
  const answer = await fetch(`${room.url}/api/v1/listenings/${listening}/audio`, { headers: { cookie } });
  expect(answer.status).toBe(404);
  expect(await join(null, { cookie, origin: room.url })).toBe('joined');
  await eventually(
    () => room.log(),
    (log) => log.at(-1)?.detail === 'left',
  );
});

test('a client that would rather speak HTTP/2 is answered all the same', async () => {
  const body = JSON.stringify({ username: 'admin', password: adminPassword });
  const { hostname, port } = new URL(room.url);
  const socket = connectSocket(Number(port), hostname);
  socket.write(
    `POST /api/v1/login HTTP/1.1\r\nhost: ${hostname}:${port}\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\n` +
      `http2-settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\ncontent-type: application/json\r\n` +
      `content-length: ${body.length}\r\n\r\n${body}`,
  );
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1.1 200 /);
  socket.destroy();
});

test('sound that nobody asked for, or that no terminal of ours sends, is dropped and counted, and its terminal goes on', async () => {
  const place = { site, counter: 'counter-2', terminal: 'terminal-3' };
  const { code } = await room.api.post<{ code: string }>('/enrolments', place);
  const { username, password, broker } = await room.api.post<Record<'username' | 'password' | 'broker', string>>(
    '/enrol',
    { code, nonce: randomUUID() },
  );
  const device = await mqtt.connectAsync(broker, { username, password, reconnectPeriod: 0 });
  let closed = false;
  device.on('close', () => {
    closed = true;
  });
  const topic = (channel: 'audio' | 'status' | 'commands') => terminalTopic(site, 'terminal-3', channel);
  const health = { parts: { microphone: true } };
  const online = {
    state: 'online',
    connection: randomUUID(),
    outbox: randomUUID(),
    first: 1,
    next: 1,
    agent: '1',
    health,
  };
  await device.publishAsync(topic('status'), JSON.stringify(online), { qos: 1, retain: true });
  const frame = (number: number, bytes = 3200) =>
    Buffer.from(writeFrame({ channels: 1, number, heardAt: Date.now(), samples: new Uint8Array(bytes) }));
  const dropped = async (why: string) =>
    Number(
      new RegExp(`manyi_audio_frames_dropped\\{why="${why}"\\} (\\d+)`).exec(
        await (await fetch(`${room.url}/metrics`)).text(),
      )?.[1] ?? 0,
    );
  await device.publishAsync(topic('audio'), frame(0));
  await eventually(
    () => dropped('unasked'),
    (count) => count === 1,
  );

  const commands: string[] = [];
  device.on('message', (_topic, payload) => commands.push(JSON.parse(payload.toString()).name));
  await device.subscribeAsync(topic('commands'), { qos: 1 });
  await eventually(
    async () => room.running.terminals.presences.of('terminal-3').state,
    (state) => state === 'online',
  );
  const { ear } = await room.listen('counter-2');
  await eventually(
    async () => commands.join(),
    (asked) => asked === 'listen',
  );
  await device.publishAsync(topic('audio'), frame(0));
  await ear.until(isLive);
  await device.publishAsync(topic('audio'), 'no frame');
  await device.publishAsync(topic('audio'), frame(1, 100_000));
  for (let number = 2; number < 200; number++) device.publish(topic('audio'), frame(number));
  await eventually(
    () => dropped('too-many'),
    (count) => count > 100,
  );
  expect(await dropped('malformed')).toBe(1);
  expect(await dropped('too-large')).toBe(1);
  expect(ear.frames.length).toBeLessThan(60);
  expect(closed).toBe(false);
  ear.hangUp();
  await eventually(
    async () => commands.at(-1),
    (last) => last === 'stop-listening',
  );
  await device.endAsync(true);
});
