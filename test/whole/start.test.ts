import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { freePort } from '../support/process.ts';

const root = new URL('../..', import.meta.url).pathname;

test('npm start ends by Ctrl-C, which every process hears and npm passes on once more: nothing runs on, all is closed', async () => {
  const folder = temporaryFolder();
  const ports = {
    MANYI_HTTP_PORT: await freePort(),
    MANYI_MQTT_PORT: await freePort(),
    MANYI_SCREEN_PORT: await freePort(),
  };
  const settings = Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)]));
  const { PATH = '', HOME = '' } = process.env;
  const npm = spawn('npm', ['start', '--ignore-scripts'], {
    cwd: root,
    env: { PATH, HOME, MANYI_DATA: folder, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, as a shell gives to what is typed into it.
    detached: true,
  });
  const group = -(npm.pid ?? Number.NaN);
  onTestFinished(() => void signal(group, 'SIGKILL'));
  let said = '';
  for (const output of [npm.stdout, npm.stderr]) output.on('data', (text) => (said += text));
  await eventually(
    async () => said,
    (text) => /Counter screen: http[\s\S]*connected to/.test(text),
  );

  signal(group, 'SIGINT');
  await once(npm, 'close');
  await eventually(
    async () => signal(group, 0),
    (runs) => !runs,
  );
  expect(said).not.toMatch(/unexpectedly|Error/);
  // SQLite removes its journal when the last who uses a database closes it.
  const files = readdirSync(folder, { recursive: true }).map(String);
  expect(files).toEqual(expect.arrayContaining(['hub/hub.db', 'terminal/outbox.db']));
  expect(files.filter((name) => name.endsWith('-wal'))).toEqual([]);
});

/** Whether there was anybody to hear it. */
function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(group, name);
  } catch {
    return false;
  }
}
