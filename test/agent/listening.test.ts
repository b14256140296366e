import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createCutter } from '@manyi/agent/listening/frames';
import { createTerminal, type Terminal } from '@manyi/agent/terminal';
import { type AudioFrame, readFrame } from '@manyi/config/listening';
import { agentSettings, readSettings } from '@manyi/config/settings';
import { terminalTopic } from '@manyi/config/topics';
import type { SimulatedLamps } from '@manyi/firmware/lamps/simulated';
import { bytesOf, samplesOf } from '@manyi/firmware/sound/format';
import mqtt from 'mqtt';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Counterpart, place, startCounterpart } from './counterpart.ts';
import { wavOf } from './recording/booth.ts';

interface Booth {
  readonly hub: Counterpart;
  readonly terminal: Terminal;
  readonly frames: AudioFrame[];
  readonly lines: string[];
  readonly lit: () => boolean;
  ask(name: 'listen' | 'stop-listening', data?: object, expires?: number): void;
}

/** A terminal with a tone at its microphone, and the little of a hub that asks it to be heard. */
async function openBooth(more: Record<string, string> = {}): Promise<Booth> {
  const hub = await startCounterpart();
  onTestFinished(() => hub.close());
  const frames: AudioFrame[] = [];
  const listener = await mqtt.connectAsync(`mqtt://127.0.0.1:${hub.port}`);
  onTestFinished(() => listener.endAsync(true));
  listener.on('message', (_topic, payload) => {
    const frame = readFrame(payload);
    if (frame !== null) frames.push(frame);
  });
  await listener.subscribeAsync(terminalTopic(place.site, place.terminal, 'audio'));
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'terminal'));
  const enrolled = { ...place, counter: 'counter-1', username: 'u', password: 'p', rosterKey: 'a2V5' };
  const identity = { asked: null, enrolled: { ...enrolled, broker: `mqtt://127.0.0.1:${hub.port}` }, settings: null };
  writeFileSync(join(folder, 'terminal', 'identity.json'), JSON.stringify(identity));
  const settings = readSettings(agentSettings, {
    MANYI_DATA: folder,
    MANYI_HUB_URL: await startClock(),
    MANYI_SCREEN_PORT: '0',
    MANYI_BUTTONS: 'simulated',
    MANYI_MICROPHONE: 'simulated',
    ...more,
  });
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const terminal = await createTerminal(settings, { log });
  onTestFinished(() => terminal.close());
  await hub.until(() => hub.statuses.some(({ state }) => state === 'online'));
  let id = 0;
  return {
    hub,
    terminal,
    frames,
    lines,
    lit: () => (terminal.hardware().lamps as SimulatedLamps).listening,
    ask: (name, data = {}, expires = Date.now() + 60_000) =>
      hub.say('commands', { id: String(++id), name, data, expires: new Date(expires).toISOString() }),
  };
}

/** The hub's time, which a terminal asks for. */
async function startClock(): Promise<string> {
  const server = createServer((_, response) => response.end(JSON.stringify({ time: new Date().toISOString() })));
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const until = (isSo: () => boolean) =>
  eventually(
    async () => isSo(),
    (so) => so,
  );

test('it is heard only while the hub has asked for it, and falls silent by itself when the hub does not ask again', async () => {
  const { ask, frames, lit, terminal } = await openBooth();
  await until(() => terminal.hardware().microphone.state() === 'recording');
  ask('listen', { seconds: 60 }, Date.now() - 1);
  ask('listen', { seconds: 1 });
  await until(lit);
  // The first of all that it ever sent: nothing was before the hub asked, nor for a command that came too late.
  await until(() => frames.length > 0);
  expect(frames[0]?.number).toBe(0);
  await until(() => !lit());
  const heard = frames.length;
  expect(heard).toBeLessThanOrEqual(9);

  ask('listen', { seconds: 1 });
  await until(lit);
  ask('listen', { seconds: 60 });
  await until(() => frames.length >= heard + 12);
  // It went on through the first second's end, counting on.
  expect(frames.slice(heard, heard + 12).map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  ask('stop-listening');
  await until(() => !lit());
});

test('it ends with the connection', async () => {
  const { ask, hub, lit, frames } = await openBooth();
  ask('listen', { seconds: 60 });
  await until(() => frames.length > 0);
  hub.cut();
  await until(() => !lit());
});

test('what is opened anew with another profile goes on to be heard, and shown', async () => {
  const { ask, hub, lit, frames, terminal } = await openBooth();
  ask('listen', { seconds: 60 });
  await until(() => frames.length > 0);
  const before = terminal.hardware();
  hub.say('settings', {
    site: { id: place.site, name: 'Main hall', timeZone: 'Asia/Shanghai', mode: 'continuous' },
    counter: { id: 'counter-1', name: 'Counter 1' },
    profile: 'five-level',
  });
  await until(() => terminal.hardware() !== before);
  expect(lit()).toBe(true);
  const heard = frames.length;
  await until(() => frames.length >= heard + 3);
});

test('an intercom is heard with both its lines, the clerk on the left', async () => {
  const left = Int16Array.from({ length: 32_000 }, (_, n) => (n % 2 === 0 ? 1_000 : 0));
  const { ask, frames } = await openBooth({
    MANYI_MICROPHONE_CHANNELS: '2',
    MANYI_MICROPHONE_DEVICE: wavOf(temporaryFolder(), bytesOf(left), 2),
  });
  ask('listen', { seconds: 60 });
  await until(() => frames.length > 1);
  for (const { channels, samples } of frames) {
    expect([channels, samples.length % 4]).toEqual([2, 0]);
    expect(samplesOf(samples).every((sample, n) => sample === (n % 2 === 0 ? 1_000 : 0))).toBe(true);
  }
});

test('a counter without a microphone shows nothing, for nothing is heard', async () => {
  const { ask, lines, lit } = await openBooth({ MANYI_MICROPHONE: 'none' });
  ask('listen', { seconds: 60 });
  await until(() => lines.some((line) => line.includes('there is no microphone: see MANYI_MICROPHONE')));
  expect(lit()).toBe(false);
});

test('frames are about a tenth of a second, however the recorder gives its sound', () => {
  const perMs = 32;
  const cutter = createCutter(1);
  const cut = (ms: number, at: number) =>
    cutter.cut(Buffer.alloc(ms * perMs), at).map(({ samples, heardAt }) => [samples.length / perMs, heardAt]);
  expect(cut(125, 1000)).toEqual([[125, 875]]);
  expect(cut(40, 1040)).toEqual([]);
  expect(cut(40, 1080)).toEqual([]);
  expect(cut(40, 1120)).toEqual([[120, 1000]]);
  expect(cut(450, 1650)).toEqual([
    [150, 1200],
    [150, 1350],
    [150, 1500],
  ]);
  expect(cut(60, 1760)).toEqual([]);
  cutter.clear();
  expect(cut(100, 3000)).toEqual([[100, 2900]]);
});
