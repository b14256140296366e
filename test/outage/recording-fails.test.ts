import { execFileSync } from 'node:child_process';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Alert } from '@manyi/config/api';
import type { Recording } from '@manyi/config/recordings';
import { expect, onTestFinished, test } from 'vitest';
import { grown } from '../agent/recording/booth.ts';
import { browserOfFile } from '../agent/screen/browser.ts';
import { requireDashboard } from '../browser/dashboard.ts';
import { type SoundServer, startSoundServer } from '../firmware/sound-server.ts';
import type { AgentProgram } from '../support/agent-program.ts';
import { eventually } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Hall, openHall, site } from '../support/hall.ts';
import { allRatings } from '../support/records.ts';
import type { Counter } from '../support/screen.ts';
import { itemOf, openFloor, type Said } from './floor.ts';

requireDashboard();
const browser = await browserOfFile();

/** What keeps a counter from being recorded: what the floor says of it, in both languages, and how it is mended. */
interface Trouble {
  readonly agent: AgentProgram;
  readonly english: Said;
  readonly chinese: Said;
  mend(): Promise<void> | void;
}

const pathOf = (program: string) => execFileSync('which', [program], { encoding: 'utf8' }).trim();

/** A folder of programs that a terminal finds, and finds no others. */
function onlyPrograms(...names: string[]): string {
  const folder = temporaryFolder();
  for (const name of names) addProgram(folder, name);
  return folder;
}

function addProgram(folder: string, name: string): void {
  rmSync(join(folder, name), { force: true });
  symlinkSync(pathOf(name), join(folder, name));
}

/** A sound server with a card, for the running test. */
async function openSoundServer(): Promise<SoundServer> {
  const server = await startSoundServer(['counter']);
  onTestFinished(server.close);
  await server.plugIn('counter');
  return server;
}

/** A hall that records every service, at each of its counters something else in the way of that. */
async function openTroubles(): Promise<{ readonly hall: Hall; readonly troubles: readonly Trouble[] }> {
  const server = await openSoundServer();
  // One of its own: a server that has another card gives whoever records from the one that has gone that other.
  const other = await openSoundServer();
  const hall = await openHall({ counters: 4 });
  await hall.hub.api().call('PUT', `/sites/${site}/recording-policy`, { record: 'service', reason: 'a test' });
  const recorder = { ...server.environment, MANYI_MICROPHONE: 'arecord', MANYI_MICROPHONE_DEVICE: 'counter-heard' };

  const withoutRecorder = onlyPrograms('opusenc');
  const missing = await hall.terminal(1, { ...recorder, PATH: withoutRecorder });
  const misnamed = await hall.terminal(2, { ...recorder, MANYI_MICROPHONE_DEVICE: 'no-such-card' });
  const unplugged = await hall.terminal(3, { ...recorder, ...other.environment });
  await (await unplugged.stepUp()).shows((view) => view.recording);
  await other.unplug('counter');
  // A limit on the size of files is to a program what a full disk is: the next write fails.
  const full = onlyPrograms('arecord');
  const coder = `#!/bin/sh\nexec ${pathOf('prlimit')} --fsize=0 ${pathOf('opusenc')} "$@"\n`;
  writeFileSync(join(full, 'opusenc'), coder, { mode: 0o755 });
  const crowded = await hall.terminal(4, { ...recorder, PATH: full });

  const troubles: Trouble[] = [
    {
      agent: missing,
      english: ['Counter 1: microphone failed', /arecord is not installed: sudo apt install alsa-utils/],
      chinese: ['Counter 1：麦克风故障', /未安装 arecord：sudo apt install alsa-utils/],
      mend: () => addProgram(withoutRecorder, 'arecord'),
    },
    {
      agent: misnamed,
      english: ['Counter 2: microphone failed', /there is no microphone no-such-card: plug it in/],
      chinese: ['Counter 2：麦克风故障', /没有麦克风 no-such-card：请插上/],
      async mend() {
        await misnamed.stop();
        await misnamed.start({ MANYI_MICROPHONE_DEVICE: 'counter-heard' });
      },
    },
    {
      agent: unplugged,
      english: ['Counter 3: microphone failed', /plug it in/],
      chinese: ['Counter 3：麦克风故障', /插上/],
      mend: () => other.plugIn('counter'),
    },
    {
      agent: crowded,
      english: ['Counter 4: recording failed', /opusenc ended with .*disk/],
      chinese: ['Counter 4：录音故障', /opusenc 以 .*磁盘/],
      mend: () => addProgram(full, 'opusenc'),
    },
  ];
  return { hall, troubles };
}

test('whatever keeps a counter from being recorded is said on the floor in both languages; ratings go on, and once it is mended so do recordings', {
  timeout: 180_000,
}, async () => {
  const { hall, troubles } = await openTroubles();
  const { api } = hall.hub;
  const [english, chinese] = [await openFloor(browser, hall, 'en-GB'), await openFloor(browser, hall, 'zh-CN')];
  const serve = async (counter: Counter) => {
    expect(await counter.does({ type: 'next' })).toBe(true);
    expect(await counter.does({ type: 'press', level: 'satisfied' })).toBe(true);
  };
  const counters = await Promise.all(troubles.map(({ agent }) => agent.stepUp()));
  for (const counter of counters) await serve(counter);
  for (const trouble of troubles) {
    await itemOf(english, trouble.english).waitFor();
    await itemOf(chinese, trouble.chinese).waitFor();
  }
  const rated = await eventually(
    () => allRatings(api()),
    (ratings) => ratings.length === troubles.length,
  );
  expect(rated.map(({ level }) => level)).toEqual(troubles.map(() => 'satisfied'));
  const { items: alerts } = await api().get<{ items: Alert[] }>('/alerts');
  expect(alerts.map(({ kind, terminal, data }) => `${kind} ${terminal} ${data['part']}`)).toEqual(
    expect.arrayContaining([
      ...[1, 2, 3].map((number) => `part-failed terminal-${number} microphone`),
      'part-failed terminal-4 recording',
    ]),
  );

  for (const { mend } of troubles) await mend();
  for (const trouble of troubles) {
    await itemOf(english, trouble.english).waitFor({ state: 'detached', timeout: 60_000 });
    await itemOf(chinese, trouble.chinese).waitFor({ state: 'detached' });
  }
  for (const { agent } of troubles) {
    const counter = await agent.stepUp();
    await counter.shows((view) => view.recording);
    await serve(counter);
    await grown(agent.folder, 1);
    await counter.does({ type: 'end' });
  }
  const served = await eventually(
    () => allRatings(api()),
    (ratings) => ratings.length === 2 * troubles.length,
  );
  // Also of the services that were under way, and all that the full disk had kept from being coded.
  await eventually(
    async () => (await api().get<{ items: Recording[] }>('/recordings')).items,
    (clips) =>
      clips.every(({ state }) => state === 'stored') &&
      served.every(({ service }) => clips.some((clip) => clip.service === service)),
  );
});
