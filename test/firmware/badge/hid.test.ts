import { EventEmitter } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHidBadgeReader, type HidLine, openTrouble } from '@manyi/firmware/badge/hid';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';
import { badgeContract } from './badge-contract.ts';

/** The far end of a reader's line: the reports that a reader would send. */
function line() {
  const far = new EventEmitter();
  let closed = 0;
  const near = { on: (event, listener) => void far.on(event, listener), close: () => void closed++ } as HidLine;
  return {
    open: async () => near,
    closed: () => closed,
    unplug: () => void far.emit('error'),
    type(text: string) {
      for (const digit of text) {
        far.emit('data', Uint8Array.of(0, 0, digit === '0' ? 0x27 : 0x1d + Number(digit), 0, 0, 0, 0, 0));
        far.emit('data', new Uint8Array(8));
      }
      far.emit('data', Uint8Array.of(0, 0, 0x28, 0, 0, 0, 0, 0));
      far.emit('data', new Uint8Array(8));
    },
  };
}

const options = { layout: 'us', format: 'decimal', prefix: '', suffix: '' } as const;
const opened = () => new Promise<void>((resolve) => setTimeout(resolve));

function reader() {
  const far = line();
  let now = 0;
  const badges = createHidBadgeReader(options, () => now, far.open);
  onTestFinished(badges.close);
  const causes: string[] = [];
  badges.onFailure((cause) => causes.push(cause));
  badges.onRestored(() => causes.push('restored'));
  return {
    ...far,
    badges,
    causes,
    passes: (ms: number) => {
      now += ms;
    },
  };
}

badgeContract('hid', async () => {
  const { badges, type } = reader();
  await opened();
  return { badges, codes: ['0012345678', '4294967295'], show: type };
});

describe('a hid reader', () => {
  it('that types rubbish is told, with its settings, until it types a badge', async () => {
    const { type, causes } = reader();
    await opened();
    for (let n = 0; n < 5; n++) type('99999999999999');
    expect(causes).toEqual([
      'the badge reader types what is no badge number: see MANYI_BADGE_FORMAT, MANYI_BADGE_LAYOUT, MANYI_BADGE_PREFIX and MANYI_BADGE_SUFFIX, and set it to end each with Enter or Tab',
    ]);
    type('4711');
    expect(causes.slice(1)).toEqual(['restored']);
  });

  it('that is unplugged is told, let go of, and opened again', async () => {
    const { unplug, causes, closed, badges } = reader();
    await opened();
    const back = new Promise<void>((resolve) => badges.onRestored(resolve));
    unplug();
    await back;
    expect(causes).toEqual(['the badge reader was unplugged: plug it in again', 'restored']);
    expect(closed()).toBe(1);
  });
});

describe('a hid reader that cannot be opened', () => {
  const said = 'cannot open device with path';

  it('may be gone', () =>
    expect(openTrouble('/dev/no-hidraw', said)).toBe('the badge reader was unplugged: plug it in again'));

  it('may fail for a cause of its own', () => {
    const path = join(temporaryFolder(), 'hidraw0');
    writeFileSync(path, '');
    expect(openTrouble(path, said)).toBe(
      `the badge reader ${path} cannot be opened (cannot open device with path): unplug it and plug it in again`,
    );
  });

  it('may not be for this user', () => {
    const path = join(temporaryFolder(), 'hidraw0');
    writeFileSync(path, '', { mode: 0 });
    // Root may read everything, so it is somebody else for a moment.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.('nobody');
    onTestFinished(() => void (isRoot && process.seteuid?.(0)));
    expect(openTrouble(path, said)).toBe(
      `no permission for the badge reader ${path}: install the udev rule that gives it to the agent's user`,
    );
  });
});
