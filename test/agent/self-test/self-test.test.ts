import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { badgeLampPin, faceLampPins } from '@manyi/firmware/panel/wiring';
import { expect, onTestFinished, test } from 'vitest';
import { speak } from '../../firmware/sound-server.ts';
import { eventually } from '../../support/api.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { freePort } from '../../support/process.ts';
import { usbPanel } from '../usb-panel.ts';

/** A technician at the compiled program. */
function technician(settings: Record<string, string>, language = 'en_GB.UTF-8') {
  const entry = new URL('../../../agent/dist/main.js', import.meta.url).pathname;
  const env = {
    PATH: process.env['PATH'],
    LANG: language,
    MANYI_DATA: temporaryFolder(),
    MANYI_SCREEN_PORT: '0',
    ...settings,
  };
  const child: ChildProcess = spawn(process.execPath, [entry, '--self-test'], { env, stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [text, seen] = ['', 0];
  const looking = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk;
      for (const look of looking) look();
    });
  }
  return {
    text: () => text,
    /** Waits until it says that, after what was waited for last. */
    reads: (words: string) =>
      new Promise<void>((resolve) => {
        const look = () => {
          const at = text.indexOf(words, seen);
          if (at < 0) return;
          seen = at + words.length;
          looking.delete(look);
          resolve();
        };
        looking.add(look);
        look();
      }),
    types: (line: string) => void child.stdin?.write(`${line}\n`),
    leaves: () => void child.stdin?.end(),
    ended: new Promise<number | null>((resolve) => child.on('close', resolve)),
  };
}

/** libgpiod's programs, in whose place the test presses keys. */
function panel() {
  const folder = temporaryFolder();
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const script = (name: string, body: string) =>
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  script('gpiodetect', 'echo "gpiochip0 [pinctrl-bcm2711] (58 lines)"');
  script('gpioget', 'echo 1');
  script('gpiomon', `exec 3<>${pipe}; echo Monitoring; while read line <&3; do echo "$line"; done`);
  const said = openSync(pipe, 'r+');
  onTestFinished(() => closeSync(said));
  const edge = (pin: number, type: 1 | 2) =>
    writeSync(said, `${pin} ${type} ${(Number(process.hrtime.bigint()) / 1e9).toFixed(9)}\n`);
  return {
    settings: {
      PATH: `${folder}:${process.env['PATH']}`,
      MANYI_BUTTONS: 'gpiomon',
      MANYI_BUTTON_PINS: '17,27,22,23',
    },
    async press(pin: number) {
      edge(pin, 2);
      await new Promise((resolve) => setTimeout(resolve, 30));
      edge(pin, 1);
    },
  };
}

/** A speaker that is done soon. */
function shortVoice() {
  const folder = temporaryFolder();
  renameSync(speak(folder, 'Please.').file, join(folder, 'invitation.en.wav'));
  return { MANYI_SPEAKER_LANGUAGES: 'en', MANYI_SPEAKER_SOUNDS: folder };
}

/** The table's rows: part, result and remark. */
const rows = (text: string) =>
  text
    .slice(text.indexOf('-----'))
    .split('\n')
    .slice(1)
    .map((row) => row.split(/ {2,}/))
    .filter((row) => row.length === 3);

test('walks through keys, badge, microphone and speaker, and ends well', async () => {
  const keys = panel();
  const clerkPin = 5;
  const { file } = speak(temporaryFolder(), 'One, two, three, four, five, six, seven, eight, nine.');
  const person = technician({
    ...keys.settings,
    MANYI_CLERK_PIN: String(clerkPin),
    MANYI_MICROPHONE: 'simulated',
    MANYI_MICROPHONE_DEVICE: file,
    MANYI_SPEAKER: 'simulated',
    ...shortVoice(),
  });
  for (const [key, pin] of [
    ['Very satisfied', 17],
    ['Satisfied', 27],
    ['Average', 22],
    ['Dissatisfied', 23],
    ['Clerk', clerkPin],
  ] as const) {
    await person.reads(`Press the key: ${key}`);
    await keys.press(pin);
  }
  await person.reads('Show a badge');
  person.types('0012345678');
  await person.reads('Speak to the microphone now');
  await person.reads('Did you hear yourself? [y/n]');
  person.types('perhaps');
  await person.reads('Did you hear yourself? [y/n]');
  person.types('y');
  await person.reads('Did you hear it? [y/n]');
  person.types('Y');
  expect(await person.ended).toBe(0);
  expect(rows(person.text())).toEqual([
    ['Key Very satisfied', 'works', 'it was heard'],
    ['Key Satisfied', 'works', 'it was heard'],
    ['Key Average', 'works', 'it was heard'],
    ['Key Dissatisfied', 'works', 'it was heard'],
    ['Key Clerk', 'works', 'it was heard'],
    ['Lamps', 'none', 'such keys have none (MANYI_BUTTONS=gpiomon)'],
    ['Badge reader', 'works', 'a badge ending in 5678'],
    ['Microphone', 'works', expect.stringMatching(/^-\d\d dB, speech in \d\d % of the time$/)],
    ['Speaker', 'works', 'heard'],
  ]);
  expect(person.text()).toMatch(/Everything that this terminal has works\.\n$/);
});

test('用中文说明故障：接错的按键、静音的麦克风、没有人回答', async () => {
  const keys = panel();
  const silence = join(temporaryFolder(), 'silence.wav');
  execFileSync('sox', ['-n', '-r', '16000', '-b', '16', '-c', '1', silence, 'trim', '0', '1']);
  const person = technician(
    {
      ...keys.settings,
      MANYI_CLERK_PIN: '5',
      MANYI_MICROPHONE: 'simulated',
      MANYI_MICROPHONE_DEVICE: silence,
      MANYI_SPEAKER: 'simulated',
      ...shortVoice(),
    },
    'zh_CN.UTF-8',
  );
  for (const [key, pin] of [
    ['非常满意', 17],
    ['满意', 22],
    ['一般', 27],
    ['不满意', 5],
    ['窗口人员', 23],
  ] as const) {
    await person.reads(`请按「${key}」键`);
    await keys.press(pin);
  }
  await person.reads('请刷卡');
  person.types('?');
  await person.reads('请对着麦克风说话');
  person.leaves();
  expect(await person.ended).toBe(1);
  expect(rows(person.text())).toEqual([
    ['按键 非常满意', '正常', '已收到'],
    ['按键 满意', '故障', '收到的是「一般」：请检查 MANYI_BUTTON_PINS 的顺序或接线'],
    ['按键 一般', '故障', '收到的是「满意」：请检查 MANYI_BUTTON_PINS 的顺序或接线'],
    ['按键 不满意', '故障', '收到的是「窗口人员」：请检查 MANYI_BUTTON_PINS 的顺序或接线'],
    ['按键 窗口人员', '故障', '收到的是「不满意」：请检查 MANYI_BUTTON_PINS 的顺序或接线'],
    ['指示灯', '未配置', '此按键方式没有指示灯（MANYI_BUTTONS=gpiomon）'],
    ['读卡器', '故障', '读到的不是卡号：?'],
    ['麦克风', '故障', '只有静音：请用 alsamixer 检查是否被静音'],
    ['扬声器', '故障', '没有得到回答'],
  ]);
  expect(person.text()).toMatch(/有 7 项故障，见上表。\n$/);
});

test('walks through the keys and lamps of a USB panel: one lamp is dark', async () => {
  const { port, press, lit } = await usbPanel();
  const person = technician({ MANYI_BUTTONS: 'firmata', MANYI_PANEL_PORT: port });
  await person.reads('Press the key: Very satisfied');
  // Somebody presses before the panel is open, and again.
  await eventually(
    async () => {
      await press(2);
      return person.text();
    },
    (text) => text.includes('Press the key: Satisfied'),
  );
  for (const [key, pin] of [
    ['Satisfied', 3],
    ['Average', 4],
    ['Dissatisfied', 5],
  ] as const) {
    await person.reads(`Press the key: ${key}`);
    await press(pin);
  }
  await person.reads('Are the lamps of all faces lit, and the badge lamp? [y/n]');
  await eventually(
    async () => lit(),
    (pins) => pins.join() === [...faceLampPins, badgeLampPin].join(),
  );
  person.types('y');
  await person.reads('Is only the badge lamp lit now? [y/n]');
  await eventually(
    async () => lit(),
    (pins) => pins.join() === String(badgeLampPin),
  );
  person.types('n');
  await person.reads('Show a badge');
  person.types('0012345678');
  expect(await person.ended).toBe(1);
  expect(rows(person.text()).slice(0, 5)).toEqual([
    ['Key Very satisfied', 'works', 'it was heard'],
    ['Key Satisfied', 'works', 'it was heard'],
    ['Key Average', 'works', 'it was heard'],
    ['Key Dissatisfied', 'works', 'it was heard'],
    ['Lamps', 'FAILED', 'a lamp does not go out: check its wires'],
  ]);
});

test('says of every part what is missing, without a wait', async () => {
  const person = technician({
    PATH: temporaryFolder(),
    MANYI_BUTTONS: 'gpiomon',
    MANYI_BUTTON_PINS: '17,27,22,23',
    MANYI_BADGE_READER: 'serial',
    MANYI_BADGE_PORT: '/dev/no-such-port',
    MANYI_MICROPHONE: 'arecord',
    MANYI_SPEAKER: 'aplay',
  });
  expect(await person.ended).toBe(1);
  const remarks = rows(person.text()).map(([, outcome, remark]) => [outcome, remark]);
  const noKeys = ['FAILED', 'gpiodetect is not installed: sudo apt install gpiod'];
  expect(remarks).toEqual([
    ...[noKeys, noKeys, noKeys, noKeys],
    ['none', 'such keys have none (MANYI_BUTTONS=gpiomon)'],
    [
      'FAILED',
      'there is no /dev/no-such-port: plug the device in, or set MANYI_BADGE_PORT to where it is (ls /dev/serial/by-id)',
    ],
    ['FAILED', 'arecord is not installed: sudo apt install alsa-utils'],
    ['FAILED', 'aplay is not installed: sudo apt install alsa-utils'],
  ]);
});

test('lets the technician skip what is not there or cannot be tried now, which is no failure', async () => {
  const keys = panel();
  const person = technician({
    ...keys.settings,
    MANYI_MICROPHONE: 'simulated',
    MANYI_SPEAKER: 'simulated',
    ...shortVoice(),
  });
  await person.reads('Press the key: Very satisfied');
  await keys.press(17);
  for (const prompt of ['key: Satisfied', 'Average', 'Dissatisfied', 'which types at this machine', 'Speak to']) {
    await person.reads(prompt);
    person.types('s');
  }
  await person.reads('Did you hear it? [y/n]');
  person.types('s');
  expect(await person.ended).toBe(0);
  expect(rows(person.text())).toEqual([
    ['Key Very satisfied', 'works', 'it was heard'],
    ['Key Satisfied', 'skipped', 'not tried'],
    ['Key Average', 'skipped', 'not tried'],
    ['Key Dissatisfied', 'skipped', 'not tried'],
    ['Lamps', 'none', 'such keys have none (MANYI_BUTTONS=gpiomon)'],
    ['Badge reader', 'skipped', 'not tried'],
    ['Microphone', 'skipped', 'not tried'],
    ['Speaker', 'skipped', 'not tried'],
  ]);
  expect(person.text()).toMatch(/What was tried works; 6 skipped\.\n$/);
});

test('hears each channel of the microphone by itself: one that is dead does not pass with the other', async () => {
  const { file } = speak(temporaryFolder(), 'One, two, three, four, five, six, seven, eight, nine.');
  const half = join(temporaryFolder(), 'half.wav');
  execFileSync('sox', ['-D', file, half, 'remix', '1', '0']);
  const person = technician({
    MANYI_MICROPHONE: 'simulated',
    MANYI_MICROPHONE_DEVICE: half,
    MANYI_MICROPHONE_CHANNELS: '2',
  });
  await person.reads('Show a badge');
  person.types('0012345678');
  expect(await person.ended).toBe(1);
  expect(rows(person.text()).find(([part]) => part === 'Microphone')).toEqual([
    'Microphone',
    'FAILED',
    'channel 2 gives nothing but silence: see that it is plugged in and switched on, and raise it with alsamixer',
  ]);
});

test('leaves the hardware to an agent that runs, and stops with one line', async () => {
  const port = await freePort();
  const agent = createServer().listen(port, '127.0.0.1');
  onTestFinished(() => void agent.close());
  const person = technician({ MANYI_SCREEN_PORT: String(port) });
  expect(await person.ended).toBe(1);
  expect(person.text()).toBe(
    `Port ${port} is in use: stop the agent on this machine first (sudo systemctl stop manyi-agent), then test again\n`,
  );
});
