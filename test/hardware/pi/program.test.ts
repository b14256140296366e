import { appendFileSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../../support/folder.ts';
import { run } from '../kept.ts';
import { copyOf, freshPi, type PiRoot, withCheckout } from './root.ts';

const repository = new URL('../../../', import.meta.url).pathname;
const install = '/checkout/firmware/pi/install.sh';
const outOfDate = 'differs: the program in /opt/manyi is that of /checkout\n1 differ: run install.sh to mend them.\n';

let folder: string;
let checkout: string;
let pi: PiRoot;
beforeAll(() => {
  folder = makeFolder();
  checkout = join(folder, 'clone');
  run('/', 'git', 'clone', '--quiet', repository, checkout);
  pi = withCheckout(copyOf(freshPi(), join(folder, 'root')), checkout);
});
afterAll(() => removeFolder(folder));

it('a clone becomes a program, fetched and compiled as whoever it belongs to', { timeout: 1_800_000 }, () => {
  pi.sh('useradd --create-home pi && chown -R pi:pi /checkout');
  const { status, output } = pi.sh(`${install} --buttons onoff --badge hid`);
  expect(status, output).toBe(0);
  expect(statSync(join(checkout, 'agent/dist/main.js')).uid).toBe(statSync(checkout).uid);
  const loads = pi.sh(`umount /checkout; cd /opt/manyi && node -e "require('onoff'); require('node-hid')"`);
  expect(loads).toEqual({ status: 0, output: '' });
});

it('what is pulled later is told by --check, compiled, and put in the place of the old', { timeout: 600_000 }, () => {
  appendFileSync(join(checkout, 'agent/main.ts'), "\nconsole.log('as pulled');\n");
  expect(pi.sh(`${install} --check`)).toEqual({ status: 1, output: outOfDate });
  const { status, output } = pi.sh(install);
  expect(status, output).toBe(0);
  expect(readFileSync(join(pi.folder, 'opt/manyi/agent/dist/main.js'), 'utf8')).toContain('as pulled');
  expect(pi.sh(`${install} --check`).status).toBe(0);
});

it('a driver that could not be compiled does not go missing quietly', { timeout: 600_000 }, () => {
  rmSync(join(checkout, 'node_modules/epoll'), { recursive: true });
  expect(pi.sh(`${install} --check`)).toEqual({ status: 1, output: outOfDate });
  const { status, output } = pi.sh(`npm_config_ignore_scripts=true ${install}`);
  expect(status).toBe(2);
  expect(output).toContain(
    'install.sh: npm could not make onoff: to see why, run npm ci --foreground-scripts in /checkout\n',
  );
});
