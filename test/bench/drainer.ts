import { randomUUID } from 'node:crypto';
import { rating } from '../support/events.ts';
import { connectTerminal } from '../support/mqtt-terminal.ts';

/* A terminal with a backlog, in a process of its own: `drainer.js <port> <terminal> <events>`. Writes the seconds it took. */
const [port = '', name = '', events = ''] = process.argv.slice(2);
const backlog = Number(events);
/** As an agent does, it has only a bounded part of the backlog in flight. */
const inFlight = 500;
const terminal = await connectTerminal(Number(port), name);
const outbox = randomUUID();
const start = performance.now();
let through = 0;
for (let sent = 0; through < backlog; ) {
  for (; sent < backlog && sent < through + inFlight; sent++) void terminal.send(rating(outbox, sent + 1));
  through = (await terminal.receipt(outbox, through + 1)).through;
}
console.log((performance.now() - start) / 1000);
await terminal.close();
