import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import mqtt, { type IClientOptions } from 'mqtt';
import { expect, test } from 'vitest';
import { startCore } from '../../support/core.ts';
import { rating } from '../../support/events.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { closed } from '../../support/mqtt-terminal.ts';
import { startPublisher } from '../../support/publisher.ts';
import { eventIds, hall, join } from './hall.ts';

const own = 'manyi/v1/main-hall/terminal-1';
const foreign = 'manyi/v1/main-hall/terminal-2';

/** The refusals that have been written when the hub has closed. */
async function refusalsAfter(act: (port: number) => Promise<void>): Promise<unknown[]> {
  const folder = temporaryFolder();
  const core = await startCore({ folder, terminals: 2 });
  await act(core.port);
  await core.close();
  const again = await hall({ folder });
  return again.database.sqlite.prepare('SELECT terminal, why, count FROM refusals').all();
}

async function client(port: number, options: IClientOptions = {}) {
  const more = { username: 'terminal-1', password: 'terminal-1', reconnectPeriod: 0, ...options };
  const made = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, more);
  made.on('error', () => {});
  return made;
}

test('only an enrolled terminal with its password comes in', async () => {
  const core = await hall();
  for (const password of ['wrong', '', 'terminal-2']) {
    const refused = client(core.port, { password });
    await expect(refused, password).rejects.toThrow(/Not authorized/);
  }
  await expect(client(core.port, { username: 'terminal-nine' })).rejects.toThrow(/Not authorized/);
  await (await client(core.port)).endAsync(true);
  const warned = core.lines.filter((line) => line.includes('wrong terminal name or password'));
  expect(warned).toHaveLength(1);
  expect(core.lines.join('')).not.toContain('"password"');
});

test.for([`${foreign}/events`, `${foreign}/status`, `${own}/receipts`, 'elsewhere', `${own}/events/more`])(
  'publishing on %s closes the connection and is counted',
  async (topic) => {
    const counts = await refusalsAfter(async (port) => {
      const terminal = await client(port);
      terminal.publish(topic, 'x', { qos: 1 });
      await closed(terminal);
    });
    expect(counts).toEqual([{ terminal: 'terminal-1', why: 'foreign-topic', count: 1 }]);
  },
);

test.for([`${foreign}/receipts`, '#', 'manyi/v1/+/+/events', 'manyi/v1/other-hall/roster', `${own}/events`])(
  'subscribing to %s closes the connection and is counted',
  async (filter) => {
    const counts = await refusalsAfter(async (port) => {
      const terminal = await client(port);
      terminal.subscribe(filter, () => {});
      await closed(terminal);
    });
    expect(counts).toEqual([{ terminal: 'terminal-1', why: 'foreign-subscription', count: 1 }]);
  },
);

test('a foreign last will is refused at the door', async () => {
  const counts = await refusalsAfter(async (port) => {
    const will = { topic: `${foreign}/status`, payload: Buffer.from('{}'), qos: 1 as const, retain: true };
    await expect(client(port, { will })).rejects.toThrow();
  });
  expect(counts).toEqual([{ terminal: 'terminal-1', why: 'foreign-will', count: 1 }]);
});

test('a terminal hears its own receipts, commands and settings, and the roster, retained ones at once', async () => {
  const core = await hall();
  await core.broker.publish(`${own}/settings`, 'settings', { retain: true, qos: 1 });
  await core.broker.publish(`${foreign}/settings`, 'not for us', { retain: true, qos: 1 });
  await core.broker.publish('manyi/v1/main-hall/roster', 'roster', { retain: true, qos: 1 });
  const terminal = await client(core.port);
  const heard: string[] = [];
  const all = new Promise<void>((resolve) => {
    terminal.on('message', (topic) => {
      heard.push(topic);
      if (heard.length === 3) resolve();
    });
  });
  await terminal.subscribeAsync([`${own}/#`, 'manyi/v1/main-hall/roster'], { qos: 1 });
  await core.broker.publish(`${own}/commands`, 'command', { retain: false, qos: 1 });
  await all;
  expect(heard.sort()).toEqual(['manyi/v1/main-hall/roster', `${own}/commands`, `${own}/settings`]);
  await terminal.endAsync(true);
});

test('what a terminal last said of itself is retained for those who hold its credential, its last will too', async () => {
  const core = await hall();
  const topic = `${own}/status`;
  const will = { topic, payload: Buffer.from('gone'), qos: 1 as const, retain: true };
  const terminal = await client(core.port, { will });
  await terminal.publishAsync(topic, 'here', { qos: 1, retain: true });
  const watcher = await client(core.port);
  const heard: string[] = [];
  const hears = (expected: string) => expect.poll(() => heard, { message: expected }).toContain(expected);
  watcher.on('message', (from, payload, { retain }) => heard.push(`${from} ${payload} ${retain}`));
  await watcher.subscribeAsync(topic, { qos: 1 });
  await hears(`${topic} here true`);
  terminal.stream.destroy();
  await hears(`${topic} gone false`);
  await watcher.unsubscribeAsync(topic);
  await watcher.subscribeAsync(topic, { qos: 1 });
  await hears(`${topic} gone true`);

  const other = await client(core.port, { username: 'terminal-2', password: 'terminal-2' });
  other.subscribe(topic, () => {});
  await closed(other);
  await watcher.endAsync(true);
});

test('the last will of a terminal that falls silent reaches the hub', async () => {
  const core = await hall();
  const connection = randomUUID();
  const payload = Buffer.from(JSON.stringify({ state: 'offline', connection }));
  const terminal = await client(core.port, { will: { topic: `${own}/status`, payload, qos: 1, retain: true } });
  terminal.stream.destroy();
  await expect.poll(() => core.statuses.map(({ status }) => status)).toEqual([{ state: 'offline', connection }]);
});

test('a message of 100 MiB is cut off by its announced length; others go on and memory stays flat', async () => {
  const core = await hall();
  const other = await join(core, 'terminal-2');
  const outbox = randomUUID();
  const sender = await startPublisher(core.port, 'terminal-1');
  const before = process.memoryUsage().rss;
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  const { socket } = sender;
  const cutOff = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  sender.sendHead(`${own}/events`, 100 * chunk.length);
  for (let sent = 0; sent < 100 && !socket.destroyed; sent++) {
    const drained = new Promise<void>((resolve) => socket.once('drain', resolve));
    if (!socket.write(chunk)) await Promise.race([drained, cutOff]);
  }
  await cutOff;
  expect(process.memoryUsage().rss - before).toBeLessThan(32 * 1024 * 1024);
  const one = rating(outbox, 1);
  await other.send(one);
  await other.receipt(outbox, 1);
  expect(eventIds(core)).toEqual([one.id]);
  expect(core.lines.filter((line) => line.includes('a packet over'))).toHaveLength(1);
});

test('a packet of the largest size passes, one byte more does not', async () => {
  const core = await hall();
  const terminal = await join(core);
  const head = Buffer.byteLength(`${own}/events`) + 2 + 2;
  await terminal.send(Buffer.alloc(256 * 1024 - head, 'x'));
  terminal.client.publish(`${own}/events`, Buffer.alloc(256 * 1024 - head + 1, 'x'), { qos: 1 });
  await closed(terminal.client);
  const bytes = core.database.sqlite.prepare('SELECT bytes FROM quarantine').pluck();
  await expect.poll(() => bytes.all()).toEqual([256 * 1024 - head]);
});

test('bytes that are not MQTT close the connection and nothing else', async () => {
  const core = await hall();
  const stranger = connect(core.port, '127.0.0.1');
  stranger.on('error', () => {});
  stranger.write('GET / HTTP/1.1\r\n\r\n');
  await once(stranger, 'close');
  await join(core);
});

test('while the hub takes nothing in, nobody is let in, and afterwards all are', async () => {
  const core = await hall();
  const terminal = await join(core);
  core.broker.setAvailable(false);
  await closed(terminal.client);
  await expect(client(core.port)).rejects.toThrow(/Server unavailable/);
  core.broker.setAvailable(true);
  await join(core);
});

test('disconnecting a terminal leaves the others', async () => {
  const core = await hall();
  const [first, second] = [await join(core, 'terminal-1'), await join(core, 'terminal-2')];
  core.broker.disconnect('terminal-1');
  await closed(first.client);
  const outbox = randomUUID();
  await second.send(rating(outbox, 1));
  await second.receipt(outbox, 1);
});

test('a port that is taken is one clear line', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const folder = temporaryFolder();
  await expect(startCore({ folder, port, terminals: 1 })).rejects.toThrow(
    `port ${port} on 127.0.0.1 is taken by another program: stop it, or set MANYI_MQTT_PORT to a free port`,
  );
  server.close();
});
