import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';
import { freePort, startUnder } from '../../support/process.ts';

const watchdog = new URL('../../../firmware/dist/pi/watchdog.js', import.meta.url).pathname;

it('is fed by the agent itself, and no longer once the agent stands still', async () => {
  const folder = temporaryFolder();
  const socket = join(folder, 'notify');
  // In the place of systemd: a socket that messages are sent to.
  const systemd = spawn('socat', ['-u', `UNIX-RECV:${socket}`, 'STDOUT'], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void systemd.kill());
  while (!existsSync(socket)) await passed(20);
  let fed = 0;
  systemd.stdout.on('data', (messages: Buffer) => {
    fed += messages.toString().split('WATCHDOG=1').length - 1;
  });

  const agent = startUnder([], 'agent/dist/main.js', {
    MANYI_DATA: folder,
    MANYI_SCREEN_PORT: String(await freePort()),
    NODE_OPTIONS: `--import=${watchdog}`,
    NOTIFY_SOCKET: socket,
    WATCHDOG_USEC: '2000000',
  });
  onTestFinished(() => agent.kill());
  await agent.writes(/Counter screen/);
  while (fed < 3) await once(systemd.stdout, 'data');

  process.kill(agent.pid, 'SIGSTOP');
  await passed(500);
  const before = fed;
  await passed(3_000);
  expect(fed).toBe(before);
  process.kill(agent.pid, 'SIGCONT');
  while (fed === before) await once(systemd.stdout, 'data');
});

const passed = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
