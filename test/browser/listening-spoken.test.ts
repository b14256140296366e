/// <reference lib="dom" />
import { bytesOf, samplesPerSecond } from '@manyi/firmware/sound/format';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../agent/screen/browser.ts';
import { find } from '../firmware/likeness.ts';
import { type SoundServer, speak, startSoundServer } from '../firmware/sound-server.ts';
import { openRoom } from '../listening/room.ts';
import { adminPassword, eventually } from '../support/api.ts';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { openDashboard, requireDashboard, signInAs } from './dashboard.ts';

const folder = makeFolder();
const words = speak(folder, 'Good morning. How may I help you?');
let server: SoundServer;
let browser: Browser;
beforeAll(async () => {
  requireDashboard();
  server = await startSoundServer(['counter']);
  for (const [name, value] of Object.entries(server.environment)) process.env[name] = value;
  await server.plugIn('counter');
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.close();
  removeFolder(folder);
});

/** Keeps what goes to the loudspeakers. */
const keepTape = `
  const connect = AudioNode.prototype.connect;
  window.tape = [];
  AudioNode.prototype.connect = function (to, ...more) {
    if (to === this.context.destination && !window.recorder) {
      window.recorder = this.context.createScriptProcessor(4096, 1, 1);
      window.recorder.onaudioprocess = ({ inputBuffer }) => window.tape.push(...inputBuffer.getChannelData(0));
      connect.call(this, window.recorder);
      connect.call(window.recorder, this.context.destination);
    }
    return connect.call(this, to, ...more);
  };
`;

test('what is spoken at the counter, through a recorder of the system, is what the supervisor hears', async () => {
  const room = await openRoom();
  await room.terminal(1, { MANYI_MICROPHONE: 'arecord', MANYI_MICROPHONE_DEVICE: 'counter-heard' });
  const { page, errors } = await openDashboard(browser, `${room.url}/favicon.svg`);
  await page.addInitScript(keepTape);
  await page.goto(`${room.url}/?site=main-hall`);
  await signInAs(page, 'admin', adminPassword);
  await page.getByRole('button', { name: 'Listen in to 1 号窗口' }).click();
  await page.getByLabel('Why do you listen in?').fill('Help at the counter');
  await page.keyboard.press('Enter');
  await page.getByText('You hear the counter live').waitFor();
  const { ear } = await room.listen('counter-1', (await room.supervisor('chen', ['main-hall'])).token);

  const heard = await saidUntilHeard(page);
  ear.hangUp();
  const sent = Buffer.concat(ear.frames.map(({ samples }) => samples));
  expect(find(words.audio, sent).likeness).toBeGreaterThan(0.99);
  expect(heard).toBeGreaterThan(0.95);
  expect(errors).toEqual([]);
  await page.context().close();
});

/** A machine busy with other tests makes loudspeakers stutter: then it is said again. Answers how like the words are that came out. */
async function saidUntilHeard(page: Page): Promise<number> {
  let likeness = 0;
  for (let time = 0; time < 6 && likeness < 0.95; time++) {
    await page.evaluate('window.tape.length = 0');
    await server.play('counter', words.file);
    await eventually(
      () => page.evaluate<number>('window.tape.length'),
      (length) => length > words.audio.length / 2 + 2 * samplesPerSecond,
    );
    const played = await page.evaluate<number[]>('window.tape.map((sample) => Math.round(sample * 32767 / 0.8))');
    likeness = Math.max(likeness, find(words.audio, bytesOf(Int16Array.from(played))).likeness);
  }
  return likeness;
}
