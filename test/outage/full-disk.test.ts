import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { agentSettings } from '../support/agent-program.ts';
import { eventually } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { drained, enrol, openHall } from '../support/hall.ts';
import { hubSettings } from '../support/hub-program.ts';
import { startProgram, startUnder } from '../support/process.ts';
import { allRatings, expectTallies, recordsOf } from '../support/records.ts';
import { handMoves } from '../support/screen.ts';
import { startSender } from '../support/sender.ts';
import { fullDisk } from '../support/strace.ts';

const programs = [
  {
    name: 'hub',
    entry: 'hub/dist/main.js',
    settings: hubSettings,
    line: /^the disk of the data folder \S+ is full or failing [^\n]*: make room and start again\n$/,
    ready: /Terminals: mqtt/,
  },
  {
    name: 'terminal',
    entry: 'agent/dist/main.js',
    settings: (folder: string) => agentSettings(folder, 'http://127.0.0.1:1'),
    line: /^The data folder cannot be written [^\n]*: set MANYI_DATA to a folder that can, or make room\n$/,
    ready: /Counter screen/,
  },
];

describe.each(programs)('a full disk at the start of a $name', ({ entry, settings, line, ready }) => {
  // The first write, amid the making of the file, and at the end of it.
  test.each([1, 8, 32])(
    '(from its write %i on) is one line, and nothing half-written hinders the next start',
    async (first) => {
      const folder = temporaryFolder();
      const program = startUnder(fullDisk(`${first}+`), entry, settings(folder));
      onTestFinished(program.kill);
      expect(await program.ended).toBe(1);
      expect(program.output()).toMatch(line);
      const again = startProgram(entry, settings(folder));
      await again.writes(ready);
      expect(await again.stop()).toBe(0);
      expect(readdirSync(folder, { recursive: true }).filter((name) => String(name).includes('broken'))).toEqual([]);
    },
  );
});

test('a full disk takes no press and thanks nobody, and with room it goes on', async () => {
  const hall = await openHall({ mode: 'continuous' });
  const agent = await hall.terminal(1);
  const counter = await agent.stepUp();
  // A limit on the size of files is to a program what a full disk is: the next write fails.
  const limit = (bytes: string) => execFileSync('prlimit', [`--pid=${agent.program().pid}`, `--fsize=${bytes}:`]);
  limit('0');
  expect(await counter.does({ type: 'press', level: 'satisfied' })).toBe(false);
  expect((await counter.shows((view) => view.notice === 'storage-failed')).phase).not.toBe('thanks');
  await agent.program().writes(/the disk does not take it/);
  limit('unlimited');
  await handMoves();
  expect(await counter.does({ type: 'press', level: 'average' })).toBe(true);
  await counter.shows((view) => view.notice === null);
  await drained(agent);
  expect(await allRatings(hall.hub.api())).toMatchObject([{ level: 'average' }]);
});

test('a hub whose disk fills up receipts nothing that it has not kept, and with room it goes on', async () => {
  const hall = await openHall();
  const credential = await enrol(hall, 1);
  await hall.hub.stop();
  // After a write that fails the hub tries one each second.
  await hall.hub.start(fullDisk('300..302'));
  const sender = startSender(credential);
  await hall.hub.program().writes(/cannot be written/);
  const before = sender.receipted();
  await eventually(
    async () => sender.receipted(),
    (now) => now > before,
  );
  const sent = await sender.finish();
  await hall.hub.stop();
  expect(recordsOf(hall.hub.database).map(({ id }) => id)).toEqual(sent.map(({ id }) => id));
  expectTallies(join(hall.folder, 'hub'));
});
