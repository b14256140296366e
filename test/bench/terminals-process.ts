import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { terminalTopic } from '@manyi/config/topics';
import mqtt from 'mqtt';
import { rating } from '../support/events.ts';
import { instant, type TerminalLogin } from './terminals.ts';

/* Terminals that rate, until killed. Reads from stdin who they are and how often they rate; writes "connected" once all are. */
const input = JSON.parse(await text(process.stdin)) as { broker: string; logins: TerminalLogin[]; everyMs: number };

const terminals = await Promise.all(
  input.logins.map(async ({ site, terminal, counter, username, password }) => {
    const client = await mqtt.connectAsync(input.broker, { username, password, clientId: terminal });
    return { client, topic: terminalTopic(site, terminal, 'events'), counter, outbox: randomUUID(), seq: 0 };
  }),
);
console.log('connected');

for (const [index, terminal] of terminals.entries()) {
  const rate = () => {
    terminal.seq += 1;
    const data = { counter: terminal.counter, clerk: `C${index}`, sentAt: instant() };
    terminal.client.publish(terminal.topic, JSON.stringify(rating(terminal.outbox, terminal.seq, data)), { qos: 1 });
  };
  setTimeout(() => setInterval(rate, input.everyMs), (index * input.everyMs) / terminals.length);
}
