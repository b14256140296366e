import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type AgentProgram, agentSettings, fetchedRoster } from '../support/agent-program.ts';
import { eventually } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { clerk, drained, openHall, site, tapIn } from '../support/hall.ts';
import { type Settings, startProgram } from '../support/process.ts';
import { allRatings, recordsOf } from '../support/records.ts';
import { stepUp } from '../support/screen.ts';

const nowhere = 'http://127.0.0.1:1';

/** A terminal that no hub knows. */
function startStranger(settings: Settings = {}) {
  return startProgram('agent/dist/main.js', { ...agentSettings(temporaryFolder(), nowhere), ...settings });
}

test('a badge, a call and a press become a rating at the hub, and the clerk is on the screen', async () => {
  const hall = await openHall();
  const agent = await hall.terminal(1);
  const counter = await agent.stepUp();
  await tapIn(counter);
  await counter.does({ type: 'next' });
  expect(await counter.does({ type: 'press', level: 'satisfied' })).toBe(true);
  const [rating] = await eventually(
    () => allRatings(hall.hub.api()),
    ({ length }) => length > 0,
  );
  expect(rating).toMatchObject({ clerk: clerk.id, level: 'satisfied', counter: 'counter-1', unprompted: false });
  counter.close();
  expect(await agent.stop()).toBe(0);
});

test('a command of the hub calls, invites and ends, as the clerk does', async () => {
  const hall = await openHall();
  const agent = await hall.terminal(1, { MANYI_INVITATION_SECONDS: '600' });
  const counter = await agent.stepUp();
  const command = (name: string, data = {}) =>
    hall.hub.api().post(`/terminals/${agent.terminal}/commands`, { name, data });
  await command('next', { ticket: 'A017' });
  await counter.shows(({ phase }) => phase === 'serving');
  await command('invite');
  await counter.shows(({ phase }) => phase === 'invitation');
  expect(await counter.does({ type: 'press', level: 'satisfied' })).toBe(true);
  await command('end');
  await counter.shows(({ phase }) => phase === 'no-clerk');
  await drained(agent);
  await hall.hub.stop();
  expect(recordsOf(hall.hub.database).map(({ type, data }) => [type, data['ticket'], data['outcome']])).toEqual([
    ['manyi.service.started.v1', 'A017', undefined],
    ['manyi.rating.given.v1', 'A017', undefined],
    ['manyi.service.ended.v1', 'A017', 'rated'],
  ]);
});

test('another profile of the site brings other faces, and its ratings count', async () => {
  const hall = await openHall({ mode: 'continuous' });
  const agent = await hall.terminal(1);
  const counter = await agent.stepUp();
  expect((await counter.shows(() => true)).levels).toHaveLength(4);
  await hall.hub.api().call('PATCH', `/sites/${site}`, { profile: 'five-level' });
  await counter.shows(({ levels }) => levels.length === 5);
  expect(await counter.does({ type: 'press', level: 'basically-satisfied' })).toBe(true);
  await drained(agent);
  expect(await allRatings(hall.hub.api())).toMatchObject([{ level: 'basically-satisfied' }]);
});

test('without enrolment nothing is taken, and the screen says why', async () => {
  const agent = startStranger();
  const [, address = ''] = await agent.writes(/Counter screen: (\S+)/);
  await agent.writes(/set MANYI_ENROLMENT_CODE/);
  const counter = await stepUp(address);
  await counter.shows((view) => view.notice === 'not-enrolled');
  expect(await counter.does({ type: 'press', level: 'satisfied' })).toBe(false);
});

test('broken files of its own are put aside and told to the hub, and the rest goes on', async () => {
  const hall = await openHall();
  const agent = await hall.terminal(1);
  const before = await agent.stepUp();
  await tapIn(before);
  await drained(agent);
  await agent.stop();
  const folder = join(agent.folder, 'terminal');
  const broken = { 'outbox.db': 'x'.repeat(10_000), 'identity.json': '{', 'roster.json': '{"version":7}' };
  for (const [name, text] of Object.entries(broken)) writeFileSync(join(folder, name), text);

  await agent.start();
  await agent.program().writes(fetchedRoster);
  const counter = await agent.stepUp();
  await tapIn(counter);
  await counter.does({ type: 'next' });
  expect(await counter.does({ type: 'press', level: 'satisfied' })).toBe(true);
  await drained(agent);
  for (const [name, text] of Object.entries(broken)) {
    expect(agent.program().output()).toContain(`${name}.broken-`);
    expect(asideOf(agent, name)).toEqual([text]);
  }
  await hall.hub.stop();
  const told = recordsOf(hall.hub.database, 'manyi.terminal.changed.v1').map(({ data }) => data);
  for (const name of Object.keys(broken)) {
    expect(told).toContainEqual(
      expect.objectContaining({ part: 'state', state: 'failed', detail: expect.stringContaining(`${name}.broken-`) }),
    );
  }
  expect(recordsOf(hall.hub.database, 'manyi.rating.given.v1').map(({ data }) => data['clerk'])).toEqual([clerk.id]);
});

/** What stands in the files that were put aside. */
function asideOf({ folder }: AgentProgram, name: string): string[] {
  return readdirSync(join(folder, 'terminal'))
    .filter((file) => file.startsWith(`${name}.broken-`))
    .map((file) => readFileSync(join(folder, 'terminal', file), 'utf8'));
}

test.each([
  ['a wrong setting', { MANYI_SCREEN_PORT: 'eighty' }, /^MANYI_SCREEN_PORT is wrong: [^\n]*\n$/],
  ['a misspelt setting', { MANYI_SCREN_PORT: '80' }, /^MANYI_SCREN_PORT is not a setting[^\n]*\n$/],
  [
    'a folder that cannot be written',
    { MANYI_DATA: '/proc/nowhere' },
    /^The data folder cannot be written[^\n]*MANYI_DATA[^\n]*\n$/,
  ],
])('%s stops the start with one line', async (_name, wrong, line) => {
  const agent = startStranger(wrong);
  expect(await agent.ended).toBe(1);
  expect(agent.output()).toMatch(line);
});

test('a port that is taken stops the start with one line', async () => {
  const [, port = ''] = await startStranger().writes(/Counter screen: \S+:(\d+)/);
  const second = startStranger({ MANYI_SCREEN_PORT: port });
  expect(await second.ended).toBe(1);
  expect(second.output()).toBe(`Port ${port} is taken: set MANYI_SCREEN_PORT to a free one\n`);
});

test('the folder of another terminal stops the start with one line', async () => {
  const hall = await openHall();
  const agent = await hall.terminal(1);
  await agent.stop();
  const other = startStranger({ MANYI_DATA: agent.folder, MANYI_TERMINAL: 'terminal-2' });
  expect(await other.ended).toBe(1);
  expect(other.output()).toMatch(
    /^MANYI_TERMINAL is wrong: it says terminal-2, but [^\n]* belongs to terminal-1[^\n]*\n$/,
  );
});

test('a second Ctrl-C within a second changes nothing', async () => {
  const agent = startStranger();
  await agent.writes(/Counter screen/);
  process.kill(agent.pid, 'SIGINT');
  process.kill(agent.pid, 'SIGINT');
  expect(await agent.ended).toBe(0);
});
