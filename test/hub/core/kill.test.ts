import { randomUUID } from 'node:crypto';
import { systemClock } from '@manyi/hub/clock';
import { openDatabase } from '@manyi/hub/database/database';
import { openLedger } from '@manyi/hub/ledger/ledger';
import { rebuild } from '@manyi/hub/tallies/rebuild';
import { openTallies } from '@manyi/hub/tallies/store';
import { expect, onTestFinished, test } from 'vitest';
import { rating, type TestEvent } from '../../support/events.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { connectTerminal, type MqttTerminal } from '../../support/mqtt-terminal.ts';
import { freePort, type Program, startProgram } from '../../support/process.ts';

const terminals = 4;
const each = 3000;
const kills = 6;
const inFlight = 400;

/** An outbox that sends until everything is receipted, over as many connections as that takes. */
async function sendAll(port: number, name: string, progress: () => void): Promise<TestEvent[]> {
  const outbox = randomUUID();
  const events = Array.from({ length: each }, (_, index) => rating(outbox, index + 1));
  let through = 0;
  while (through < each) {
    const terminal = await connectTerminal(port, name, { connectTimeout: 5000 }).catch(() => null);
    if (terminal !== null) through = await sendOver(terminal, outbox, events, through, progress);
  }
  return events;
}

/** Sends what is not receipted until all is, or the connection ends; gives how far the receipts go. */
async function sendOver(
  terminal: MqttTerminal,
  outbox: string,
  events: readonly TestEvent[],
  start: number,
  progress: () => void,
): Promise<number> {
  let through = start;
  let sent = start;
  await new Promise<void>((resolve) => {
    const more = () => {
      through = Math.max(through, terminal.receipts.at(-1)?.through ?? 0);
      for (; sent < events.length && sent < through + inFlight; sent++)
        terminal.send(events[sent] as TestEvent).catch(() => {});
      progress();
      if (through === events.length) resolve();
    };
    terminal.client.on('message', more);
    terminal.client.once('close', resolve);
    const status = {
      state: 'online',
      connection: randomUUID(),
      outbox,
      first: start + 1,
      next: each + 1,
      agent: 'test',
    };
    terminal.status(status).catch(() => {});
    more();
  });
  await terminal.close();
  return through;
}

test('killed again and again under load: every event is in the ledger exactly once, in its order', async () => {
  const folder = temporaryFolder();
  const port = await freePort();
  const start = () => startProgram('test/dist/support/core-process.js', {}, folder, String(port), String(terminals));
  let core: Program = start();
  onTestFinished(() => core.kill());
  await core.writes(/listening/);

  let receipts = 0;
  let killed = 0;
  let restarting: Promise<unknown> = Promise.resolve();
  const progress = () => {
    receipts += 1;
    if (killed === kills || receipts < 15) return;
    receipts = 0;
    killed += 1;
    restarting = restarting.then(async () => {
      await core.kill();
      core = start();
      await core.writes(/listening/);
    });
  };
  const names = Array.from({ length: terminals }, (_, index) => `terminal-${index + 1}`);
  const sent = await Promise.all(names.map((name) => sendAll(port, name, progress)));
  await restarting;
  await core.kill();
  expect(killed).toBe(kills);

  const database = openDatabase(folder);
  onTestFinished(() => database.close());
  const ids = database.sqlite.prepare(
    'SELECT id FROM ledger WHERE terminal = ? AND outbox_key IS NOT NULL ORDER BY position',
  );
  names.forEach((name, index) => {
    expect(ids.pluck().all(name)).toEqual(sent[index]?.map(({ id }) => id));
  });
  expect(database.sqlite.prepare('SELECT count(*) FROM quarantine').pluck().get()).toBe(0);
  const tallies = () => database.sqlite.prepare('SELECT * FROM tallies ORDER BY 1, 2, 3, 4, 5').all();
  const before = tallies();
  const ledger = openLedger(database, systemClock, () => {});
  rebuild(database, ledger, openTallies(database), () => 'Asia/Shanghai');
  expect(tallies()).toEqual(before);
});
