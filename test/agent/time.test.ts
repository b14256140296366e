import { anchorOf, createClock } from '@manyi/agent/clock';
import { writeEvent } from '@manyi/agent/link/event';
import type { Machine } from '@manyi/agent/machine';
import { type Boot, settleEnded } from '@manyi/agent/outbox/boots';
import { isKnownZone, toLocalRfc3339 } from '@manyi/agent/zone';
import { toRfc3339 } from '@manyi/config/zone';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { bootedAt, fill, outboxIn } from './outbox-parts.ts';

/** A machine whose clocks the test sets. */
function machine(start: { uptime: number; wall: number; synced: boolean }) {
  const at = { ...start };
  const parts: Machine = { boot: 'boot', uptimeMs: () => at.uptime, wallMs: () => at.wall, synced: () => at.synced };
  return { at, ...parts };
}

const noHub = () => Promise.reject(new Error('the hub is away'));

describe('the clock', () => {
  test('counts on from its anchor, whatever a time service does to the wall clock', async () => {
    const box = machine({ uptime: 5000, wall: 1_000_000, synced: false });
    const clock = createClock({
      machine: box,
      anchor: anchorOf(box, null),
      correction: null,
      hubTime: noHub,
      keep: () => {},
    });
    expect(clock.now()).toBe(1_000_000);
    Object.assign(box.at, { uptime: 6000, wall: 9_000_000, synced: true });
    expect(await clock.settle()).toBe(true);
    expect(clock.now()).toBe(1_001_000);
    expect(clock.trueNow()).toBe(9_000_000);
  });

  test('takes the hub’s time without a time service, and knows nothing without either', async () => {
    const box = machine({ uptime: 5000, wall: 1_000_000, synced: false });
    let hubTime: () => Promise<number> = noHub;
    const kept: unknown[] = [];
    const clock = createClock({
      machine: box,
      anchor: anchorOf(box, null),
      correction: null,
      hubTime: () => hubTime(),
      keep: (correction) => kept.push(correction),
    });
    expect(await clock.settle()).toBe(false);
    expect(clock.correction()).toBeNull();
    hubTime = () => Promise.resolve(1_500_000);
    expect(await clock.settle()).toBe(true);
    expect(clock.correction()).toEqual({ shiftMs: 500_000, synced: true });
    expect(kept).toEqual([{ shiftMs: 500_000, synced: true }]);
  });

  test('takes the hub’s time as that of the middle of asking for it', async () => {
    const box = machine({ uptime: 5000, wall: 1_000_000, synced: false });
    const clock = createClock({
      machine: box,
      anchor: anchorOf(box, null),
      correction: null,
      hubTime: async () => {
        box.at.uptime += 800;
        return 1_500_000;
      },
      keep: () => {},
    });
    await clock.settle();
    expect(clock.trueNow()).toBe(1_500_400);
  });

  test('a new boot never begins before the last known instant', () => {
    const box = machine({ uptime: 4000, wall: 86_400_000, synced: false });
    expect(anchorOf(box, 1_700_000_000_000) + 4000).toBe(1_700_000_000_000);
  });
});

describe('the time at the site', () => {
  const zones = ['Asia/Shanghai', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC'];

  test.each(zones)('is written as the treaty does, around the year (%s)', (zone) => {
    expect(isKnownZone(zone)).toBe(true);
    const ours = String(new Date(0));
    for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 5.3 * 3_600_000) {
      expect(toLocalRfc3339(at, zone)).toBe(toRfc3339(at, zone));
    }
    expect(String(new Date(0))).toBe(ours);
  });

  test.each(['Mars/Olympus', '../etc/passwd', '', '/etc'])('knows no zone %s', (zone) => {
    expect(isKnownZone(zone)).toBe(false);
  });
});

describe('the time of an event', () => {
  test('is fixed when it is first sent, and never changes afterwards', () => {
    const folder = temporaryFolder();
    const outbox = outboxIn(folder);
    fill(outbox, 1);
    const [first] = outbox.read(0, 1, { shiftMs: 5000, synced: true });
    expect(first?.time).toBe(bootedAt + 1 + 5000);
    outbox.close();
    const [again] = outboxIn(folder).read(0, 1, { shiftMs: 99_000, synced: true });
    expect(again).toEqual(first);
  });

  test('is not changed either by a better time that is known when later events first leave with it', () => {
    const outbox = outboxIn(temporaryFolder());
    fill(outbox, 1);
    const [first] = outbox.read(0, 1, { shiftMs: 5000, synced: false });
    fill(outbox, 1, 2);
    const [again, second] = outbox.read(0, 2, { shiftMs: 99_000, synced: true });
    expect(again).toEqual(first);
    expect(second).toMatchObject({ time: bootedAt + 2 + 99_000, synced: true });
  });

  test('moves the instants inside its data with it', () => {
    const event = {
      id: 'e',
      type: 'manyi.service.started.v1',
      seq: 7,
      boot: 'b',
      uptimeMs: 12,
      happened: 0,
      time: 60_000,
      synced: true,
      data: { startedAt: '1970-01-01T08:00:00.000+08:00' },
    };
    const source = { site: 's', terminal: 't', timeZone: 'Asia/Shanghai' };
    expect(JSON.parse(writeEvent(event, 'box', source))).toMatchObject({
      source: '/sites/s/terminals/t',
      sequence: '0000000000000007',
      time: '1970-01-01T08:01:00.000+08:00',
      data: {
        outbox: 'box',
        seq: 7,
        clock: { boot: 'b', uptimeMs: 12, synced: true },
        startedAt: '1970-01-01T08:01:00.000+08:00',
      },
    });
  });

  test('of a boot that ended without its time known is an estimate between its neighbours', () => {
    const folder = temporaryFolder();
    const early = outboxIn(folder, { boot: 'b1', anchor: () => 1_000_000 });
    early.keepCorrection({ shiftMs: 10, synced: true });
    early.commit({ events: [{ type: 'a', data: {} }], now: 1_000_100 });
    early.close();
    const lost = outboxIn(folder, { boot: 'b2', anchor: () => 1_000_100 });
    lost.commit({ events: [{ type: 'b', data: {} }], now: 1_000_300 });
    lost.close();
    const now = outboxIn(folder, { boot: 'b3', anchor: () => 1_000_300 });
    now.commit({ events: [{ type: 'c', data: {} }], now: 1_000_400 });
    const read = now.read(0, 9, { shiftMs: 50_000, synced: true });
    expect(read.map(({ type, time, synced, boot }) => ({ type, time, synced, boot }))).toEqual([
      { type: 'a', time: 1_000_110, synced: true, boot: 'b1' },
      { type: 'b', time: 1_000_310, synced: false, boot: 'b2' },
      { type: 'c', time: 1_050_400, synced: true, boot: 'b3' },
    ]);
  });

  test('an estimate that fits both neighbours keeps the boot’s own clock', () => {
    const boot = (n: number, first: number, last: number, shiftMs: number | null): Boot => ({
      n,
      boot: `b${n}`,
      anchor: first,
      first,
      last,
      correction: shiftMs === null ? null : { shiftMs, synced: true },
    });
    const boots = [boot(1, 0, 100, 0), boot(2, 200, 300, null), boot(3, 500, 600, null)];
    expect(settleEnded(boots, { shiftMs: 0, synced: true }).map((b) => b.correction)).toEqual([
      { shiftMs: 0, synced: false },
    ]);
    const late = [boot(1, 0, 100, 0), boot(2, 9000, 9300, null), boot(3, 500, 600, null)];
    expect(settleEnded(late, { shiftMs: 0, synced: true })[0]?.correction).toEqual({ shiftMs: -8800, synced: false });
  });
});
