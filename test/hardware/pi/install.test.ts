import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../../support/folder.ts';
import { copyOf, freshPi, type PiRoot } from './root.ts';
import { differences, treeOf } from './tree.ts';

const scripts = new URL('../../../firmware/pi/', import.meta.url).pathname;
const install = '/checkout/firmware/pi/install.sh';
const uninstall = '/checkout/firmware/pi/uninstall.sh';
const asInstalled = 'This is a terminal as install.sh makes it.\n';

let folder: string;
let fresh: PiRoot;
let pi: PiRoot;
beforeAll(() => {
  folder = makeFolder();
  fresh = freshPi();
  pi = copyOf(fresh, join(folder, 'root'));
});
afterAll(() => removeFolder(folder));

const read = (path: string) => readFileSync(join(pi.folder, path), 'utf8');
const differing = (output: string) => output.split('\n').flatMap((line) => /^differs: (.*)$/.exec(line)?.[1] ?? []);

it('is written as shellcheck likes it', () => {
  const files = ['install.sh', 'uninstall.sh', 'state.sh', 'program.sh'].map((name) => join(scripts, name));
  expect(execFileSync('shellcheck', files, { encoding: 'utf8' })).toBe('');
});

describe('the installer, on a clean root', { timeout: 600_000 }, () => {
  it('says what it would do, and does nothing', () => {
    const before = treeOf(pi.folder);
    const { status, output } = pi.sh(`${install} --check`);
    expect(status).toBe(1);
    expect(differing(output)).toContain('the user manyi');
    expect(differing(output)).toContain('the program in /opt/manyi');
    expect(differences(before, treeOf(pi.folder))).toEqual([]);
  });

  it('refuses what it does not understand, in one line', () => {
    for (const [options, line] of [
      ['--buttons onof', 'install.sh: --buttons is wrong: it says onof, but knows touch onoff gpiomon firmata\n'],
      ["--pins '17 27'", 'install.sh: --pins is wrong: numbers with commas between them, 17,27,22,23\n'],
      ["--code ''", 'install.sh: --code is wrong: it is empty\n'],
      ['--clerk-pin D11', 'install.sh: --clerk-pin is wrong: one number, or none\n'],
      ['--hub', 'install.sh: --hub needs a value (see --help)\n'],
      ['--frobnicate 1', 'install.sh: there is no option --frobnicate (see --help)\n'],
    ] as const) {
      expect(pi.sh(`${install} ${options}`)).toEqual({ status: 2, output: line });
    }
  });

  it('makes a terminal, and changes nothing when it is run again', () => {
    const options = '--hub http://hub:8080 --code - --buttons onoff --badge hid --ntp ntp.hall';
    const first = pi.sh(`echo ABCD-1234 | ${install} ${options}`);
    expect(first.status, first.output).toBe(0);
    expect(first.output).toContain('Start the Pi anew');
    const before = treeOf(pi.folder);
    const again = pi.sh(install);
    expect(again.output).toBe('Nothing had to be changed.\n');
    expect(pi.sh(`${install} ${options.replace('--code -', '--code ABCD-1234')}`).output).toBe(
      'Nothing had to be changed.\n',
    );
    expect(pi.sh(`${install} --check`)).toEqual({ status: 0, output: asInstalled });
    expect(differences(before, treeOf(pi.folder))).toEqual([]);
  });

  it('keeps the enrolment code from everybody else', () => {
    const { mode, uid } = statSync(join(pi.folder, 'etc/manyi/agent.env'));
    expect([(mode & 0o777).toString(8), uid]).toEqual(['600', 0]);
    expect(read('etc/manyi/agent.env')).toContain('MANYI_ENROLMENT_CODE=ABCD-1234\n');
    expect(pi.sh('setpriv --reuid manyi --regid manyi --init-groups cat /etc/manyi/agent.env').status).not.toBe(0);
  });

  it('writes what boot loader, udev and systemd understand', () => {
    expect(read('boot/firmware/config.txt')).toMatch(
      /otg_mode=1\n# manyi.*\n\[all\]\ndtparam=watchdog=on\ngpio=17,27,22,23=ip,pu\n# manyi: end\n$/,
    );
    expect(pi.sh('udevadm verify --no-summary /etc/udev/rules.d/*manyi*.rules')).toEqual({ status: 0, output: '' });
    expect(pi.sh('systemd-analyze verify /etc/systemd/system/manyi-agent.service')).toEqual({ status: 0, output: '' });
    expect(read('etc/systemd/timesyncd.conf.d/manyi.conf')).toBe('[Time]\nNTP=ntp.hall\n');
  });

  it('leaves an agent that runs as its own user, without the checkout', () => {
    const { output } =
      pi.sh(`umount /checkout; cd /opt/manyi && set -a && . /etc/manyi/agent.env && MANYI_SCREEN_PORT=0 && MANYI_ENROLMENT_CODE= &&
      timeout 20 setpriv --reuid manyi --regid manyi --init-groups node --import /opt/manyi/firmware/dist/pi/watchdog.js agent/dist/main.js &
      for n in $(seq 150); do [ ! -e /var/lib/manyi/terminal/outbox.db ] || break; sleep 0.1; done; sleep 3; kill %1; wait`);
    expect(output).toContain('Counter screen: http://127.0.0.1:');
    expect(output).toContain('panel: this kernel has no /sys/class/gpio');
    expect(output).toContain('badge-reader: no badge reader: plug it in');
  });

  it('finds whatever is broken, and mends that alone', () => {
    const before = treeOf(pi.folder);
    pi.sh(`chmod 644 /etc/manyi/agent.env
      echo '//' >> /opt/manyi/agent/dist/main.js
      sed -i 's/=ip,pu/=ip,pd/' /boot/firmware/config.txt
      sed -i s/60/6/ /etc/systemd/system/manyi-agent.service
      rm /etc/udev/rules.d/70-manyi-badge.rules
      gpasswd -d manyi gpio
      chown root /var/lib/manyi
      systemctl disable manyi-agent`);
    const { status, output } = pi.sh(`${install} --check`);
    expect(status).toBe(1);
    expect(differing(output).sort()).toEqual([
      "/etc/manyi/agent.env is root:root's, with mode 600",
      '/etc/systemd/system/manyi-agent.service',
      '/etc/udev/rules.d/70-manyi-badge.rules',
      "/var/lib/manyi is manyi:manyi's, with mode 750",
      'the boot lines in /boot/firmware/config.txt',
      'the program in /opt/manyi is whole',
      'the service manyi-agent.service is enabled',
      'the user manyi is in the group gpio',
    ]);
    expect(output).toContain('8 differ');
    expect(pi.sh(install).status).toBe(0);
    expect(pi.sh(`${install} --check`)).toEqual({ status: 0, output: asInstalled });
    expect(differences(before, treeOf(pi.folder))).toEqual([]);
  });

  it('makes another kind of terminal of it when asked to', () => {
    // While the system looks for updates of its own.
    const looking = `perl -e 'use Fcntl; open L, ">>", "/var/lib/apt/lists/lock"; $l = pack "s s l! l! i", F_WRLCK; fcntl L, F_SETLK, $l or die; $| = 1; print "has the lists\\n"; sleep 15'`;
    const { status, output } = pi.sh(`${looking} & sleep 2; ${install} --buttons firmata --badge serial --screen yes`);
    expect(output).toContain('has the lists');
    expect(status, output).toBe(0);
    expect(read('etc/manyi/agent.env')).toMatch(/^MANYI_PANEL_PORT=\/dev\/manyi-panel$/m);
    expect(read('boot/firmware/config.txt')).toContain('enable_uart=1\n');
    expect(read('boot/firmware/config.txt')).not.toContain('gpio=');
    expect(read('boot/firmware/cmdline.txt')).not.toContain('serial0');
    expect(pi.sh('udevadm verify --no-summary /etc/udev/rules.d/*manyi*.rules')).toEqual({ status: 0, output: '' });
    expect(pi.sh('systemd-analyze verify /etc/systemd/system/manyi-screen.service').output).toBe('');
    expect(pi.sh(`${install} --check`)).toEqual({ status: 0, output: asInstalled });
  });

  it('gives the console back when the reader leaves its line, and nothing else that was written there meanwhile', () => {
    const cmdline = join(pi.folder, 'boot/firmware/cmdline.txt');
    const before = read('boot/firmware/cmdline.txt');
    writeFileSync(cmdline, before.replace('rootwait', 'rootwait quiet'));
    expect(pi.sh(`${install} --badge hid`).status).toBe(0);
    expect(read('boot/firmware/cmdline.txt')).toMatch(/^console=serial0,115200 console=tty1 .* rootwait quiet\n$/);
    expect(pi.sh(`${install} --badge serial`).status).toBe(0);
    expect(read('boot/firmware/cmdline.txt')).toBe(before.replace('rootwait', 'rootwait quiet'));
    writeFileSync(cmdline, before);
  });

  it('forgets a choice when told to, and a pin that another kind of panel has no use for', () => {
    const chosen = () =>
      read('etc/manyi/agent.env')
        .match(/^MANYI_(CLERK_PIN|\w+_DEVICE)=.*$/gm)
        ?.sort() ?? [];
    const rules = () => read('etc/udev/rules.d/70-manyi-badge.rules');
    const options =
      '--buttons gpiomon --clerk-pin 24 --badge hid --badge-device FFFF:0035 --microphone-device plughw:CARD=Device,DEV=0 --speaker-device plughw:CARD=Device,DEV=0';
    expect(pi.sh(`${install} ${options}`).status).toBe(0);
    expect(chosen()).toEqual([
      'MANYI_BADGE_DEVICE=ffff:0035',
      'MANYI_CLERK_PIN=24',
      'MANYI_MICROPHONE_DEVICE=plughw:CARD=Device,DEV=0',
      'MANYI_SPEAKER_DEVICE=plughw:CARD=Device,DEV=0',
    ]);
    expect(rules()).toContain('\nENV{HID_ID}=="*:0000FFFF:00000035", ENV{MANYI_BADGE}="1"\n');
    expect(rules()).not.toContain('HID_NAME}==');
    expect(pi.sh('udevadm verify --no-summary /etc/udev/rules.d/*manyi*.rules')).toEqual({ status: 0, output: '' });
    const none = '--badge-device none --speaker-device none --ntp none';
    expect(pi.sh(`${install} --buttons firmata ${none}`).status).toBe(0);
    expect(chosen()).toEqual(['MANYI_MICROPHONE_DEVICE=plughw:CARD=Device,DEV=0']);
    expect(rules()).toContain('HID_NAME}==');
    expect(existsSync(join(pi.folder, 'etc/systemd/timesyncd.conf.d/manyi.conf'))).toBe(false);
    expect(pi.sh(`${install} --clerk-pin 11`).status).toBe(0);
    expect(pi.sh(`${install} --clerk-pin none --microphone-device none`).status).toBe(0);
    expect(chosen()).toEqual([]);
    expect(pi.sh(`${install} --check`)).toEqual({ status: 0, output: asInstalled });
  });

  it('is taken off again, but for data and settings, and then with them', () => {
    expect(pi.sh(uninstall).status).toBe(0);
    const left = differences(treeOf(fresh.folder), treeOf(pi.folder));
    expect(left.filter((path) => !/^\/(var\/lib\/manyi|etc\/manyi)(\/|$)/.test(path))).toEqual([]);
    expect(left).toContain('/var/lib/manyi/terminal/outbox.db');
    expect(left).toContain('/etc/manyi/agent.env');
    // The number that it had is another's when it comes back to what it kept.
    pi.sh('useradd --system --user-group another');
    expect(pi.sh(install).status).toBe(0);
    expect(pi.sh('find /var/lib/manyi ! -user manyi -o ! -group manyi')).toEqual({ status: 0, output: '' });
    expect(pi.sh(`${uninstall} --with-data && userdel another`).status).toBe(0);
    expect(differences(treeOf(fresh.folder), treeOf(pi.folder))).toEqual([]);
  });
});
