import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { causes } from '@manyi/config/causes';
import { terminalTopic } from '@manyi/config/topics';
import mqtt, { type MqttClient } from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { browserOfFile } from '../agent/screen/browser.ts';
import { makeClip } from '../hub/recordings/clips.ts';
import type { Teller } from '../hub/recordings/studio.ts';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { requireDashboard } from './dashboard.ts';
import { bring, hallOfTest, openListener } from './recorded.ts';

requireDashboard();
const browser = await browserOfFile();

/** The terminal's own line to the hub. */
async function lineOf({ given: { broker, username, password } }: Teller): Promise<MqttClient> {
  const line = await mqtt.connectAsync(broker, { username, password, reconnectPeriod: 0 });
  onTestFinished(() => line.endAsync(true));
  return line;
}

test('what is recorded and for how long is decided on the page with a reason; a terminal hears of it', async () => {
  const { terminals, open } = await hallOfTest(browser);
  const [terminal] = terminals;
  const told: { recording: unknown }[] = [];
  const line = await lineOf(terminal);
  line.on('message', (_topic, payload) => told.push(JSON.parse(payload.toString())));
  await line.subscribeAsync(terminalTopic('main-hall', terminal.given.terminal, 'settings'));
  const { page } = await open('/recordings/rules');
  await page.getByText('Customers see no notice, for nothing is recorded.').waitFor();
  await page.getByRole('button', { name: 'Change what is recorded' }).click();
  const form = page.getByRole('dialog');
  await form.getByText('Nothing is kept. Sound leaves the terminal only while somebody listens in.').waitFor();
  await form.getByRole('radio', { name: /^Around each rating/ }).check();
  await form.getByLabel('Before the rating').fill('90');
  await form.getByRole('radio', { name: /^Only those whose rating was not good/ }).check();
  await form.getByText('Customers read on the counter screen').waitFor();
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText('Say why, in a few words.').waitFor();
  await form.getByLabel('Reason').fill('decided by the works council');
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByText('From 90 s before a rating to 15 s after it').waitFor();
  const policy = { record: 'around-rating', beforeSeconds: 90, afterSeconds: 15, keep: 'not-good' };
  await expect.poll(() => told.at(-1)?.recording).toEqual(policy);

  await page.getByRole('button', { name: 'Change the days' }).click();
  await form.getByLabel('Dissatisfied').fill('400');
  await form.getByLabel('Reason').fill('new law');
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByText('400 days').waitFor();
  await page.getByRole('link', { name: 'Audit log' }).click();
  await page.getByRole('row', { name: /admin changed how long recordings are kept Main hall new law/ }).waitFor();
  const changed = page.getByRole('row', { name: /admin changed what is recorded/ });
  await changed.getByText('before and after').click();
  await changed.getByText('"not-good"').waitFor();
});

test('a key file that is missing is told wherever recordings are, with what to do', async () => {
  const folder = makeFolder();
  onTestFinished(() => removeFolder(folder));
  const keyFile = join(folder, 'key');
  writeFileSync(keyFile, '7'.repeat(64), { mode: 0o600 });
  const { studio, terminals } = await hallOfTest(browser, { settings: { keyFile, bucket: null } });
  await bring(terminals[0], { level: 'dissatisfied' }, makeClip(1));
  rmSync(keyFile);
  const again = await studio.again();
  onTestFinished(again.close);
  const { page } = await openListener(browser, `${again.url}/recordings`);
  const banner = page.getByRole('alert').filter({ hasText: 'Recordings can be neither taken in nor played now' });
  await banner.getByText(`the key file ${keyFile} is missing: put it back`).waitFor();
  await banner.getByText('Put it back where it was. Then restart the hub.').waitFor();
  await page.locator('tbody .ant-table-row a').first().click();
  await banner.waitFor();
  await page.getByLabel('Why do you want to listen?').fill('complaint 17');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page
    .getByRole('alert')
    .filter({ hasText: 'The hub failed (503)' })
    .getByText('is missing: put it back')
    .waitFor();
  await page.getByRole('button', { name: 'Play', exact: true }).and(page.locator(':focus')).waitFor();
  await page.goto(again.url);
  const attention = page.getByRole('complementary', { name: /Needs attention/ });
  await attention.getByRole('listitem').filter({ hasText: 'Dissatisfied' }).waitFor();
  await attention.getByRole('listitem').first().getByText('The key file is missing.').waitFor();
});

test('a microphone that failed and a recording that was lost call for somebody, with the cause', async () => {
  const { studio, terminals, open } = await hallOfTest(browser);
  const [terminal] = terminals;
  const { site, terminal: id } = terminal.given;
  const line = await lineOf(terminal);
  const online = {
    ...{ state: 'online', connection: crypto.randomUUID(), outbox: crypto.randomUUID(), first: 1, next: 1 },
    ...{ agent: '1.0.0', health: { parts: { panel: true, microphone: false } } },
  };
  const detail = causes['microphone-silent'];
  const changed = { counter: 'counter-1', part: 'microphone', state: 'failed', detail };
  await terminal.publish('manyi.terminal.changed.v1', { ...changed, startedAt: new Date().toISOString() });
  const clip = makeClip(1);
  await terminal.tell(clip);
  await terminal.publish('manyi.recording.lost.v1', { clerk: 'C0017', recording: clip.recording, why: 'no-room' });
  await line.publishAsync(terminalTopic(site, id, 'status'), JSON.stringify(online), { qos: 1, retain: true });
  const { page, errors } = await open('/');
  const attention = page.getByRole('complementary', { name: /Needs attention · 2/ });
  await attention.getByText('Counter 1: microphone failed').waitFor();
  await attention.getByText(detail).waitFor();
  await attention.getByText('1 recording reported lost today').waitFor();
  await attention.getByRole('link', { name: 'Recordings' }).click();
  await page.getByRole('row', { name: /Counter 1 .*lost/ }).waitFor();
  await page.goto(`${studio.url}/terminals`);
  const failed = page.getByRole('row', { name: /terminal-1.*microphone failed/ });
  await failed.getByText(detail).waitFor();
  await page.getByRole('button', { name: 'Switch to Chinese: 中文' }).click();
  await page.getByText('麦克风只有静音：检查是否插好并已打开').waitFor();
  expect(errors).toEqual([]);
});
