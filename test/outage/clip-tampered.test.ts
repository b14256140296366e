import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recording } from '@manyi/config/recordings';
import { expect, test } from 'vitest';
import { grown, soundFile } from '../agent/recording/booth.ts';
import { browserOfFile } from '../agent/screen/browser.ts';
import { requireDashboard } from '../browser/dashboard.ts';
import { eventually } from '../support/api.ts';
import { openHall, site } from '../support/hall.ts';
import { allRatings } from '../support/records.ts';
import { itemOf, openFloor } from './floor.ts';

requireDashboard();
const browser = await browserOfFile();

function flipBit(file: string): void {
  const bytes = readFileSync(file);
  bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

test('a clip that is tampered with, at its terminal or where it is kept, is said in both languages and costs no other', {
  timeout: 120_000,
}, async () => {
  const hall = await openHall();
  const { api } = hall.hub;
  await api().call('PUT', `/sites/${site}/recording-policy`, { record: 'service', reason: 'a test' });
  const agent = await hall.terminal(1, { MANYI_MICROPHONE: 'simulated' });
  const serve = async (leastBytes = 1) => {
    const counter = await agent.stepUp();
    await counter.shows((view) => view.recording);
    await counter.does({ type: 'next' });
    await grown(agent.folder, leastBytes);
    expect(await counter.does({ type: 'press', level: 'satisfied' })).toBe(true);
    await counter.does({ type: 'end' });
    counter.close();
  };
  /** What the hub knows of clips, oldest first, once their states are these. */
  const clips = (...states: string[]) =>
    eventually(
      async () => (await api().get<{ items: Recording[] }>('/recordings')).items.toReversed(),
      (items) => items.map(({ state }) => state).join() === states.join(),
    );
  await serve();
  const [kept] = (await clips('stored')) as [Recording];
  await agent.stop();
  await agent.start({ MANYI_UPLOAD_KILOBYTES_PER_SECOND: '1' });
  // For some seconds on its way.
  await serve(6_000);
  const [, sent] = (await clips('stored', 'announced')) as [Recording, Recording];
  await agent.kill();
  flipBit(soundFile(agent.folder, sent));
  await agent.start();
  await clips('stored', 'lost');
  const sealed = join(hall.hub.folder, 'hub/recordings', kept.recording.slice(-2), `${kept.recording}.clip`);
  copyFileSync(sealed, `${sealed}.copy`);
  flipBit(sealed);
  await api().post(`/recordings/${kept.recording}/check`, {});

  const english = await openFloor(browser, hall, 'en-GB');
  const chinese = await openFloor(browser, hall, 'zh-CN');
  await itemOf(english, ['Counter 1: recording failed', /not what it was when it was made.*check the card/]).waitFor();
  await itemOf(chinese, ['Counter 1：录音故障', /已与录制时不同.*请检查存储卡/]).waitFor();
  await itemOf(english, ['1 recording reported lost today', /Its rating is safe/]).waitFor();
  await itemOf(chinese, ['今天报告丢失 1 段录音', /评价没有丢失/]).waitFor();
  await itemOf(english, ['1 stored recording is damaged', /Put it back/]).waitFor();
  await itemOf(chinese, ['1 段已保存的录音已损坏', /请从备份放回/]).waitFor();
  for (const [floor, words] of [
    [english, ['not what was told of', 'its sound was changed']],
    [chinese, ['与终端所报不符', '声音文件被改动']],
  ] as const) {
    await floor.goto(`${hall.hub.url}/recordings`);
    for (const fault of words) await floor.getByRole('row').getByText(fault).waitFor();
    await floor.goto(hall.hub.url);
  }

  renameSync(`${sealed}.copy`, sealed);
  await api().post(`/recordings/${kept.recording}/check`, {});
  await serve();
  await clips('stored', 'lost', 'stored');
  expect(await allRatings(api())).toHaveLength(3);
  // One that arrives says that the card is well.
  await itemOf(chinese, ['录音故障', /./]).waitFor({ state: 'detached' });
});
