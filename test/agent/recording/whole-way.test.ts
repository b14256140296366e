import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identity } from '@manyi/agent/identity';
import type { Recording } from '@manyi/config/recordings';
import { expect, test } from 'vitest';
import type { AgentProgram } from '../../support/agent-program.ts';
import { eventually } from '../../support/api.ts';
import { startCuttingProxy } from '../../support/cutting-proxy.ts';
import { type Hall, openHall, site, tapIn } from '../../support/hall.ts';
import { allRatings, recordsOf } from '../../support/records.ts';

/** What the hub knows of clips, oldest first, once it is as expected. */
function recordings({ hub }: Hall, expected: (known: Recording[]) => boolean): Promise<Recording[]> {
  return eventually(
    async () => (await hub.api().get<{ items: Recording[] }>('/recordings')).items.toReversed(),
    expected,
  );
}

/** How much of a clip has come to the hub. */
function come({ hub }: Hall, { recording }: Recording): number {
  const file = join(hub.folder, 'hub', 'incoming', `${recording}.part`);
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function soundFolder({ folder }: AgentProgram): string {
  return join(folder, 'terminal', 'recordings');
}

/** The clips that the terminal knows to be held. */
function heldAt({ folder }: AgentProgram): string[] {
  const { settings } = identity.parse(JSON.parse(readFileSync(join(folder, 'terminal', 'identity.json'), 'utf8')));
  return settings?.held ?? [];
}

/** Resolves when something that is said now has been written. */
async function spoken(agent: AgentProgram): Promise<void> {
  const files = () => readdirSync(soundFolder(agent)).filter((name) => name.endsWith('.opus'));
  const sizeOf = (name: string) => statSync(join(soundFolder(agent), name), { throwIfNoEntry: false })?.size ?? 0;
  await eventually(
    async () => files().map(sizeOf),
    (sizes) => sizes.some((size) => size > 0),
  );
}

test('a clip on its way lets ratings pass, goes on after a kill where it was, and one tampered with is told as lost', async () => {
  const hall = await openHall();
  const { hub } = hall;
  await hub.api().call('PUT', `/sites/${site}/recording-policy`, { record: 'service', reason: 'a test' });
  const proxy = await startCuttingProxy(hub.url, () => null);
  const slow = { MANYI_HUB_URL: proxy.url, MANYI_MICROPHONE: 'simulated', MANYI_UPLOAD_KILOBYTES_PER_SECOND: '1' };
  const agent = await hall.terminal(1, slow);
  const counter = await agent.stepUp();
  await tapIn(counter);
  const serve = async (level: string) => {
    await counter.does({ type: 'next' });
    await spoken(agent);
    expect(await counter.does({ type: 'press', level })).toBe(true);
    await counter.does({ type: 'end' });
  };
  await serve('dissatisfied');
  const [first] = (await recordings(hall, (known) => known.length === 1)) as [Recording];

  await serve('satisfied');
  const [, second] = (await recordings(hall, (known) => known.length === 2)) as [Recording, Recording];
  expect(await allRatings(hub.api())).toHaveLength(2);
  // Somebody holds the second, which is still here.
  await hub.api().call('PUT', `/recordings/${second.recording}/hold`, { held: true, reason: 'a complaint' });
  await eventually(
    async () => heldAt(agent),
    (held) => held.join() === second.recording,
  );
  await eventually(
    async () => come(hall, first),
    (bytes) => bytes > 3000,
  );
  await agent.kill();
  counter.close();
  const [before, held] = [proxy.sentUp(), come(hall, first)];
  const all = Number(first.bytes);
  expect(held).toBeLessThan(all);

  const file = join(soundFolder(agent), `${second.recording}.opus`);
  const bytes = readFileSync(file);
  bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  await agent.start({ MANYI_UPLOAD_KILOBYTES_PER_SECOND: '1000' });
  await recordings(hall, (known) => known.map(({ state }) => state).join() === 'stored,lost');
  // Twice the second clip, as it is tried twice, and some heads.
  expect(proxy.sentUp() - before).toBeLessThan(all - held + 2 * bytes.length + 4000);
  await agent.program().writes(/check the card/);
  const told = recordsOf(hub.database).filter(({ type }) => /recording.lost|terminal.changed/.test(type));
  expect(told.map(({ type, data }) => [type, data['why'], data['part']])).toEqual([
    ['manyi.terminal.changed.v1', undefined, 'recording'],
    ['manyi.recording.lost.v1', 'refused', undefined],
  ]);
});
