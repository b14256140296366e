import { EventEmitter } from 'node:events';
import { createHidBadgeReader, type HidLine } from '@manyi/firmware/badge/hid';
import { describe, expect, it, onTestFinished } from 'vitest';
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
      'the badge reader types what is no badge number: see MANYI_BADGE_FORMAT, MANYI_BADGE_LAYOUT, MANYI_BADGE_PREFIX and MANYI_BADGE_SUFFIX',
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
    expect(causes).toEqual(['the badge reader was unplugged', 'restored']);
    expect(closed()).toBe(1);
  });
});
