import type { TerminalSettings } from '@manyi/config/terminal-settings';
import { terminalTopic } from '@manyi/config/topics';
import mqtt from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { makeClip } from './clips.ts';
import { openStudio, type Teller } from './studio.ts';

/** What a terminal was told last of the clips that are held there. */
async function heldAt({
  given: { broker, username, password, site, terminal },
}: Teller): Promise<() => readonly string[] | null> {
  let held: readonly string[] | null = null;
  const line = await mqtt.connectAsync(broker, { username, password, reconnectPeriod: 0 });
  onTestFinished(() => line.endAsync(true));
  line.on('message', (_topic, payload) => {
    ({ held } = JSON.parse(payload.toString()) as TerminalSettings);
  });
  await line.subscribeAsync(terminalTopic(site, terminal, 'settings'), { qos: 1 });
  return () => held;
}

test('a terminal hears which of its clips are held, until they have come or are let go', async () => {
  const studio = await openStudio();
  const [terminal, other] = [await studio.terminal(1), await studio.terminal(2)];
  const [coming, lost, free] = [makeClip(1), makeClip(1), makeClip(1)];
  for (const clip of [coming, lost, free]) await terminal.tell(clip);
  const [there, elsewhere] = [await heldAt(terminal), await heldAt(other)];
  await expect.poll(there).toEqual([]);
  const hold = (clip: { recording: string }, held: boolean) =>
    studio.api.call('PUT', `/recordings/${clip.recording}/hold`, { held, reason: 'court order 4' });
  for (const clip of [coming, lost, free]) await hold(clip, true);
  const sorted = () => there()?.toSorted();
  await expect.poll(sorted).toEqual([coming, lost, free].map(({ recording }) => recording).toSorted());
  expect(elsewhere()).toEqual([]);
  await hold(free, false);
  await expect.poll(sorted).toEqual([coming, lost].map(({ recording }) => recording).toSorted());
  await terminal.send(coming);
  await expect.poll(there).toEqual([lost.recording]);
  // It cannot be helped: the card failed. Nothing is left there to be held.
  await terminal.publish('manyi.recording.lost.v1', { clerk: 'C0017', recording: lost.recording, why: 'unreadable' });
  await expect.poll(there).toEqual([]);
});

test('a hub that was started anew tells them again', async () => {
  const studio = await openStudio();
  const terminal = await studio.terminal();
  const clip = makeClip(1);
  await terminal.tell(clip);
  await studio.api.call('PUT', `/recordings/${clip.recording}/hold`, { held: true, reason: 'court order 4' });
  const again = await studio.again();
  const there = await heldAt({ ...terminal, given: { ...terminal.given, broker: again.running.mqtt } });
  await expect.poll(there).toEqual([clip.recording]);
});
