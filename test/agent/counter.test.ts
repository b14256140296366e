import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { SiteMode } from '@manyi/config/terminal-settings';
import type { SimulatedHardware } from '@manyi/firmware/terminal';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { enrolledIn, heldIn, openAlone } from './lone-terminal.ts';

afterEach(() => void vi.useRealTimers());

/** A terminal whose time is in the test's hand, with the panel that a customer presses. */
async function openInStoppedTime(mode: SiteMode = 'called') {
  const folder = enrolledIn(temporaryFolder(), mode);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const machine = {
    boot: '00000000-0000-4000-8000-000000000007',
    uptimeMs: () => performance.now(),
    wallMs: () => 1_800_000_000_000,
    synced: () => false,
  };
  const terminal = await openAlone(folder, {}, { machine });
  const { buttons, lamps } = terminal.hardware() as SimulatedHardware;
  const close = async () => {
    vi.useRealTimers();
    await terminal.close();
    return heldIn(folder);
  };
  const { press, pressClerkKey } = buttons;
  return { terminal, press, pressClerkKey, unplug: buttons.fail, lamps, passes: vi.advanceTimersByTimeAsync, close };
}

test('a press is thanked for as soon as it is kept; a second face takes it back and asks again', async () => {
  const { terminal, press, unplug, lamps, passes, close } = await openInStoppedTime();
  await terminal.input({ type: 'next' });
  press('very-satisfied');
  await passes(1);
  expect(lamps.pattern).toBe('thanks');
  await passes(20);
  press('dissatisfied');
  await passes(1);
  expect(lamps.pattern).toBe('ask-again');
  unplug('pulled out');
  await passes(1000);
  expect(lamps.pattern).toBe('ask-again');
  press('average');
  await passes(1);
  expect(lamps.pattern).toBe('thanks');
  await passes(1000);
  const held = await close();
  expect(held.map(({ type, data }) => [type, data['level'] ?? data['part']])).toEqual([
    ['service.started', undefined],
    ['terminal.changed', 'panel'],
    ['rating.given', 'average'],
  ]);
});

test('a third face of the same grab is one of those that count for nothing', async () => {
  const { terminal, press, passes, close } = await openInStoppedTime();
  await terminal.input({ type: 'next' });
  press('satisfied');
  press('dissatisfied');
  press('average');
  await passes(1000);
  await terminal.input({ type: 'end' });
  await passes(30_000);
  const ignored = (await close()).filter(({ type }) => type === 'press.ignored');
  expect(ignored.map(({ data }) => data)).toMatchObject([
    { why: 'two-faces', presses: { satisfied: 1, dissatisfied: 1, average: 1 } },
  ]);
});

test('a press in the last moment of an invitation belongs to the service that it asked about', async () => {
  const { terminal, press, passes, close } = await openInStoppedTime();
  await terminal.input({ type: 'next' });
  await terminal.input({ type: 'next' });
  await passes(19_980);
  press('dissatisfied');
  await passes(1000);
  const held = await close();
  const [first, second] = held.filter(({ type }) => type === 'service.started').map(({ data }) => data['service']);
  expect(held.find(({ type }) => type === 'rating.given')?.data).toMatchObject({
    service: first,
    pressedAfterMs: 19_980,
  });
  expect(held.find(({ type }) => type === 'service.ended')?.data).toMatchObject({ service: first, outcome: 'rated' });
  expect(second).toBeDefined();
});

test('a clerk who moves on does not overtake the press that came just before', async () => {
  const { terminal, press, passes, close } = await openInStoppedTime();
  await terminal.input({ type: 'next' });
  await terminal.input({ type: 'invite' });
  await passes(20_000);
  press('satisfied');
  await passes(20);
  const moved = terminal.input({ type: 'next' });
  await passes(100);
  await moved;
  const held = await close();
  expect(held.map(({ type }) => type)).toEqual(['service.started', 'rating.given', 'service.ended', 'service.started']);
});

describe("the clerk's own key", () => {
  test('calls, invites and calls, and is no face among those pressed at the same moment', async () => {
    const { press, pressClerkKey, passes, close } = await openInStoppedTime();
    pressClerkKey();
    await passes(5000);
    pressClerkKey();
    await passes(2000);
    press('satisfied');
    await passes(20);
    pressClerkKey();
    await passes(1000);
    const held = await close();
    expect(held.map(({ type }) => type)).toEqual([
      'service.started',
      'rating.given',
      'service.ended',
      'service.started',
    ]);
    expect(held[1]?.data).toMatchObject({ level: 'satisfied', invitedBy: 'clerk', pressedAfterMs: 2000 });
    expect(held[2]?.data).toMatchObject({ outcome: 'rated' });
  });

  test('leaves two faces at once what they are', async () => {
    const { terminal, press, pressClerkKey, passes, close } = await openInStoppedTime();
    await terminal.input({ type: 'next' });
    press('satisfied');
    await passes(10);
    pressClerkKey();
    await passes(10);
    press('dissatisfied');
    await passes(30_000);
    await terminal.input({ type: 'end' });
    const held = await close();
    expect(held.filter(({ type }) => /^(rating|press)/.test(type)).map(({ data }) => data)).toMatchObject([
      { why: 'two-faces', presses: { satisfied: 1, dissatisfied: 1 } },
    ]);
    expect(held.find(({ type }) => type === 'service.ended')?.data).toMatchObject({ invitedBy: 'clerk' });
  });

  test('counts for when it went down, though somebody mashes as the invitation closes', async () => {
    const { press, pressClerkKey, passes, close } = await openInStoppedTime('continuous');
    pressClerkKey();
    await passes(19_950);
    press('satisfied');
    await passes(10);
    press('dissatisfied');
    await passes(20);
    press('average');
    await passes(15);
    pressClerkKey();
    await passes(30_000);
    const held = await close();
    expect(held.map(({ type }) => type)).toEqual(['service.started', 'service.ended', 'press.ignored']);
    expect(held[1]?.data).toMatchObject({ outcome: 'expired' });
  });
});

describe('a machine without a clock of its own, started anew', () => {
  const hour = 3_600_000;

  /** It runs from nine to ten o'clock with its time known, and comes back with its clock where it was. */
  async function nextMorning() {
    const folder = enrolledIn(temporaryFolder());
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
    const at = { wall: 1_800_000_000_000, synced: true };
    const machine = (boot: string) => {
      const started = performance.now();
      const uptimeMs = () => performance.now() - started;
      return { boot, uptimeMs, wallMs: () => at.wall, synced: () => at.synced };
    };
    const evening = await openAlone(folder, {}, { machine: machine('00000000-0000-4000-8000-000000000001') });
    await evening.input({ type: 'next' });
    await evening.close();
    at.synced = false;
    const morning = await openAlone(folder, {}, { machine: machine('00000000-0000-4000-8000-000000000002') });
    await vi.advanceTimersByTimeAsync(1000);
    const timeServiceSays = async (later: number) => {
      Object.assign(at, { wall: at.wall + later, synced: true });
      await vi.advanceTimersByTimeAsync(30_000);
    };
    const outcomes = async () => {
      vi.useRealTimers();
      await morning.close();
      return heldIn(folder).flatMap(({ type, data }) => (type === 'service.ended' ? [data['outcome']] : []));
    };
    return { terminal: morning, timeServiceSays, outcomes };
  }

  test('breaks off what it went on with, once the time shows that a night has passed', async () => {
    const { timeServiceSays, outcomes } = await nextMorning();
    await timeServiceSays(9 * hour);
    expect(await outcomes()).toEqual(['interrupted']);
  });

  test('goes on when the time shows a short failure', async () => {
    const { timeServiceSays, outcomes } = await nextMorning();
    await timeServiceSays(hour / 10);
    expect(await outcomes()).toEqual([]);
  });

  test('goes on when somebody has acted meanwhile', async () => {
    const { terminal, timeServiceSays, outcomes } = await nextMorning();
    await terminal.input({ type: 'invite' });
    await timeServiceSays(9 * hour);
    expect(await outcomes()).toEqual([]);
  });
});

test('a badge reader that is missing is told once, and so is that it came', async () => {
  const folder = enrolledIn(temporaryFolder());
  const port = join(folder, 'reader');
  const terminal = await openAlone(folder, { MANYI_BADGE_READER: 'serial', MANYI_BADGE_PORT: port });
  await new Promise<string>((resolve) => terminal.hardware().badges.onFailure(resolve));
  const restored = new Promise<void>((resolve) => terminal.hardware().onRestored(() => resolve()));
  const line = spawn('socat', [`pty,raw,echo=0,link=${port}`, 'pty,raw,echo=0'], { stdio: 'ignore' });
  await restored;
  await terminal.close();
  line.kill();
  await once(line, 'exit');
  const changes = heldIn(folder).filter(({ type }) => type === 'terminal.changed');
  expect(changes.map(({ data }) => [data['part'], data['state'], data['counter']])).toEqual([
    ['badge-reader', 'failed', 'counter-1'],
    ['badge-reader', 'restored', 'counter-1'],
  ]);
});
