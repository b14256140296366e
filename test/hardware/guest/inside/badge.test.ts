import { createHidBadgeReader } from '@manyi/firmware/badge/hid';
import { describe, expect, it, onTestFinished } from 'vitest';
import { badgeContract } from '../../../firmware/badge/badge-contract.ts';
import { isReadable, plugReaderIn } from './reader.ts';

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

/** A clock on which no tap is a second one. */
function patientClock(): () => number {
  let later = 0;
  return () => {
    later += 10_000;
    return performance.now() + later;
  };
}

/** Shows a badge until it is read for the first time: only then is the reader open. */
async function opened(now: () => number) {
  const reader = await plugged();
  const badges = createHidBadgeReader(options, now);
  let heard = 0;
  badges.onBadge(() => heard++);
  while (heard === 0) {
    reader.type('0000004711');
    await passed(100);
  }
  await passed(200);
  onTestFinished(() => {
    badges.close();
  });
  return { reader, badges };
}

badgeContract('hid, on a device of a kernel,', async () => {
  const { reader, badges } = await opened(patientClock());
  onTestFinished(reader.unplug);
  return {
    badges,
    codes: ['0012345678', '0004512377'] as const,
    async show(code) {
      // A closed reader says nothing: there is only its silence to wait for.
      const heard = new Promise<void>((resolve) => badges.onBadge(() => resolve()));
      reader.type(code);
      await Promise.race([heard, passed(1000)]);
    },
  };
});

describe('a reader on a kernel', () => {
  it('is told as unplugged, and found again', async () => {
    const { reader, badges } = await opened(patientClock());
    const failed = new Promise<string>((resolve) => badges.onFailure(resolve));
    reader.unplug();
    expect(await failed).toBe('the badge reader was unplugged');
    const restored = new Promise<void>((resolve) => badges.onRestored(resolve));
    const again = await plugged();
    onTestFinished(again.unplug);
    await restored;
    const heard = new Promise<string>((resolve) => badges.onBadge(resolve));
    again.type('0012345678');
    expect(await heard).toBe('0012345678');
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
