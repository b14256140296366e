import { createHidBadgeReader } from '@manyi/firmware/badge/hid';
import { describe, expect, it, onTestFinished } from 'vitest';
import { badgeContract } from '../../../firmware/badge/badge-contract.ts';
import { inhibit, isReadable, keysHeardBy, plugReaderIn } from './reader.ts';

const name = 'Sycreader RFID Technology Co., Ltd SYC ID&IC USB Reader';
const options = { layout: 'us', format: 'decimal', prefix: '', suffix: '' } as const;
const passed = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const until = async (isSo: () => boolean) => {
  while (!isSo()) await passed(10);
};

async function plugged() {
  const reader = plugReaderIn(name);
  await until(() => isReadable(name));
  return reader;
}

/** Between two badges passes more time than between two taps of one. */
let shown = 0;
const now = () => performance.now() + shown * 10_000;

/** Shows a badge until it is read for the first time: only then is the reader open. */
async function opened() {
  const reader = await plugged();
  const badges = createHidBadgeReader(options, now);
  onTestFinished(badges.close);
  let heard = 0;
  badges.onBadge(() => heard++);
  while (heard === 0) {
    reader.type('0000004711');
    await passed(200);
  }
  await passed(200);
  shown++;
  return { reader, badges };
}

badgeContract('hid, on a device of a kernel,', async () => {
  const { reader, badges } = await opened();
  onTestFinished(reader.unplug);
  return {
    badges,
    codes: ['0012345678', '0004512377'] as const,
    async show(code) {
      // A closed reader says nothing: there is only its silence to wait for.
      const heard = new Promise<void>((resolve) => badges.onBadge(() => resolve()));
      reader.type(code);
      await Promise.race([heard, passed(1000)]);
      shown++;
    },
  };
});

describe('a reader on a kernel', () => {
  it('is told as unplugged, and found again', async () => {
    const { reader, badges } = await opened();
    const failed = new Promise<string>((resolve) => badges.onFailure(resolve));
    reader.unplug();
    expect(await failed).toBe('the badge reader was unplugged: plug it in again');
    const restored = new Promise<void>((resolve) => badges.onRestored(resolve));
    const again = await plugged();
    onTestFinished(again.unplug);
    await restored;
    const heard = new Promise<string>((resolve) => badges.onBadge(resolve));
    again.type('0012345678');
    expect(await heard).toBe('0012345678');
  });

  it('is read while nobody else hears what it types, as the udev rule has it', async () => {
    const { reader, badges } = await opened();
    onTestFinished(reader.unplug);
    const listener = keysHeardBy(name);
    onTestFinished(listener.close);
    const first = new Promise<string>((resolve) => badges.onBadge(resolve));
    reader.type('0012345678');
    expect(await first).toBe('0012345678');
    expect(await listener.heard()).toBe(true);
    shown++;
    inhibit(name);
    const second = new Promise<string>((resolve) => badges.onBadge(resolve));
    reader.type('0004512377');
    expect(await second).toBe('0004512377');
    expect(await listener.heard()).toBe(false);
  });

  it('is missing, and the keyboards that are there are named', async () => {
    const other = plugReaderIn('Cherry Stream Keyboard');
    onTestFinished(other.unplug);
    await until(() => isReadable('Cherry'));
    const badges = createHidBadgeReader(options, () => performance.now());
    onTestFinished(badges.close);
    const cause = await new Promise<string>((resolve) => badges.onFailure(resolve));
    expect(cause).toBe(
      'no badge reader: plug it in, or set MANYI_BADGE_DEVICE to one of: Cherry Stream Keyboard (ffff:0035)',
    );
  });
});
