import { randomUUID } from 'node:crypto';
import { setTimeout as pass } from 'node:timers/promises';
import { profiles } from '@manyi/config/profiles';
import { expect, onTestFinished, test } from 'vitest';
import type { AgentProgram } from '../support/agent-program.ts';
import { eventually } from '../support/api.ts';
import { type Hall, openHall, site } from '../support/hall.ts';
import { recordsOf, talliesAndRebuilt } from '../support/records.ts';
import { type Credential, startSender } from '../support/sender.ts';

const kills = 8;
const levels = profiles['four-key'].levels.map((level) => level.name);

test('a hub killed many times under load holds every thanked press and every receipted event exactly once', async () => {
  const hall = await openHall();
  onTestFinished(() => hall.close());
  const agents = await Promise.all([1, 2].map((number) => hall.terminal(number)));
  const sender = startSender(await enrol(hall, 3));

  let over = false;
  const thanked = agents.map((agent) => pressUntil(agent, () => over));
  for (let kill = 0; kill < kills; kill++) {
    const before = sender.receipted();
    await eventually(
      async () => sender.receipted(),
      (now) => now > before,
    );
    await pass(Math.random() * 700);
    await hall.hub.kill();
    await hall.hub.start();
  }
  over = true;

  const pressed = await Promise.all(thanked);
  const sent = await sender.finish();
  await Promise.all(agents.map((agent) => drained(hall, agent)));
  await hall.hub.stop();

  const ratings = recordsOf(hall.hub.database, 'manyi.rating.given.v1');
  const of = (terminal: string) => ratings.filter((rating) => rating.terminal === terminal);
  expect(of('terminal-3').map((one) => [one.seq, one.id])).toEqual(sent.map((one) => [one.data.seq, one.id]));
  for (const [index, agent] of agents.entries()) {
    expect(pressed[index]?.length).toBeGreaterThan(kills);
    expect(of(agent.terminal).map((one) => one.data['level'])).toEqual(pressed[index]);
  }
  const { kept, rebuilt } = talliesAndRebuilt(`${hall.folder}/hub`);
  expect(kept).toEqual(rebuilt);
});

/** Serves one customer after the other, each pressing some face; gives the levels that were thanked for. */
async function pressUntil(agent: AgentProgram, over: () => boolean): Promise<string[]> {
  const screen = await agent.stepUp();
  const thanked: string[] = [];
  while (!over()) {
    const level = levels[Math.floor(Math.random() * levels.length)] as string;
    await screen.does({ type: 'next' });
    await screen.shows(({ phase }) => phase === 'serving');
    if (!(await screen.does({ type: 'press', level }))) throw new Error('a press was not kept');
    thanked.push(level);
  }
  await screen.does({ type: 'end' });
  screen.close();
  return thanked;
}

/** Waits until the hub has heard everything that the terminal holds. */
async function drained(hall: Hall, agent: AgentProgram): Promise<void> {
  const terminal = () =>
    hall.hub.api().get<{ presence: { state: string; unsent: number | null } }>(`/terminals/${agent.terminal}`);
  await eventually(terminal, ({ presence }) => presence.state === 'online' && presence.unsent === 0);
}

/** A terminal of another make. */
async function enrol({ hub }: Hall, number: number): Promise<Credential> {
  const place = { site, counter: `counter-${number}`, terminal: `terminal-${number}` };
  const { code } = await hub.api().post<{ code: string }>('/enrolments', place);
  return hub.api().post<Credential>('/enrol', { code, nonce: randomUUID() });
}
