import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, existsSync, mkdtempSync, openSync, rmSync, watch, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFrameReader, type Frame } from '@manyi/firmware/badge/frames';
import { createSerialBadgeReader } from '@manyi/firmware/badge/serial';
import { createSimulatedBadgeReader } from '@manyi/firmware/badge/simulated';
import { openSerialPort } from '@manyi/firmware/serial/port';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { badgeContract } from './badge-contract.ts';

/** What an RDM6300 sends for a badge of 40 bits. */
function frame(hex: string): Buffer {
  const sum = Buffer.from(hex, 'hex').reduce((xor, byte) => xor ^ byte, 0);
  return Buffer.from(`\x02${hex}${sum.toString(16).padStart(2, '0').toUpperCase()}\x03`);
}

function read(...chunks: Uint8Array[]): Frame[] {
  const frames: Frame[] = [];
  const reader = createFrameReader((one) => frames.push(one));
  for (const chunk of chunks) reader(chunk);
  return frames;
}

const badge = (hex: string): Frame => ({ type: 'badge', hex });

describe('the frames of a serial reader', () => {
  it('are read however they are cut', () => {
    const codes = fc.array(fc.stringMatching(/^[0-9A-F]{10}$/), { maxLength: 5 });
    fc.assert(
      fc.property(codes, fc.array(fc.nat(80)), (hexes, cuts) => {
        const all = Buffer.concat(hexes.map(frame));
        const marks = [0, ...cuts.filter((cut) => cut < all.length).sort((a, b) => a - b), all.length];
        const chunks = marks.slice(1).map((mark, n) => all.subarray(marks[n], mark));
        expect(read(...chunks)).toEqual(hexes.map(badge));
      }),
    );
  });

  it('are told from broken ones, for any byte that is another', () => {
    const good = frame('0100BC614E');
    for (let at = 0; at < good.length; at++) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 0x01;
      const frames = read(bad, good);
      expect(frames.filter((one) => one.type === 'badge')).toEqual([badge('0100BC614E')]);
    }
  });

  it('may end with CR LF, and may have anything between them', () => {
    const like = Buffer.from(frame('0100BC614E').toString('latin1').replace('\x03', '\r\n\x03'), 'latin1');
    expect(read(Buffer.from('noise'), like, Buffer.from([0, 255]), like)).toEqual([
      badge('0100BC614E'),
      badge('0100BC614E'),
    ]);
  });

  it('are broken when as much comes as a frame has and none begins', () => {
    const speech = Buffer.alloc(14, 0xf8);
    expect(read(speech, speech)).toEqual([{ type: 'broken' }, { type: 'broken' }]);
    expect(read(speech.subarray(1), frame('0100BC614E'), speech.subarray(1))).toEqual([badge('0100BC614E')]);
  });

  it('never make a badge of rubbish', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(read(bytes).filter((one) => one.type === 'badge')).toEqual([]);
      }),
    );
  });
});

const running: ChildProcess[] = [];
const folders: string[] = [];
const ends: number[] = [];
afterEach(() => {
  for (const one of running.splice(0)) one.kill();
  for (const one of ends.splice(0)) closeSync(one);
  for (const one of folders.splice(0)) rmSync(one, { recursive: true, force: true });
});

/** Two ends of one serial line: the reader's end is a file to write to, ours a port to open. */
async function line() {
  const folder = mkdtempSync(join(tmpdir(), 'manyi-badge-'));
  folders.push(folder);
  const [ours, theirs] = [join(folder, 'ours'), join(folder, 'theirs')];
  const watcher = watch(folder);
  const socat = spawn('socat', [`pty,raw,echo=0,link=${ours}`, `pty,raw,echo=0,link=${theirs}`], { stdio: 'ignore' });
  running.push(socat);
  while (!existsSync(ours) || !existsSync(theirs)) await once(watcher, 'change');
  watcher.close();
  // Held open: with its last user gone, this end would hang up.
  const end = openSync(theirs, constants.O_RDWR | constants.O_NOCTTY);
  ends.push(end);
  let tellOpened: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    tellOpened = resolve;
  });
  return {
    opened,
    async open() {
      const port = await openSerialPort({ path: ours, baudRate: 9600, setting: 'MANYI_BADGE_PORT' });
      tellOpened();
      return port;
    },
    send: (bytes: Uint8Array) => void writeSync(end, bytes),
    async unplug() {
      socat.kill();
      await once(socat, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const hexOf = (code: string) => `01${Number(code).toString(16).padStart(8, '0').toUpperCase()}`;

badgeContract('serial', async () => {
  const { open, send } = await line();
  const port = await open();
  const badges = createSerialBadgeReader(async () => port);
  return {
    badges,
    codes: ['0012345678', '4294967295'],
    async show(code) {
      // The line tells when the bytes have come, whether the reader still listens or not.
      const come = new Promise<void>((resolve) => {
        let waiting = 14;
        port.on('data', (bytes) => {
          waiting -= bytes.length;
          if (waiting <= 0) resolve();
        });
        port.on('close', resolve);
      });
      send(frame(hexOf(code)));
      await come;
    },
  };
});

badgeContract('simulated', () => {
  const badges = createSimulatedBadgeReader();
  return { badges, codes: ['0012345678', 'A1B2'], show: badges.show };
});

describe('a serial reader', () => {
  it('that is unplugged is told, and what is missing by its setting', async () => {
    const { open, opened, send, unplug } = await line();
    const badges = createSerialBadgeReader(open);
    const causes: string[] = [];
    const gone = new Promise<void>((resolve) => {
      badges.onFailure((cause) => {
        causes.push(cause);
        if (causes.length === 2) resolve();
      });
    });
    const first = new Promise((resolve) => badges.onBadge(resolve));
    await opened;
    send(frame('0100000001'));
    await first;
    await unplug();
    await gone;
    badges.close();
    expect(causes[0]).toBe('the badge reader was unplugged: plug it in again');
    expect(causes[1]).toMatch(/^there is no .*ours: plug the device in, or set MANYI_BADGE_PORT to where it is/);
  });

  it('that sends rubbish is told, until it sends a badge', async () => {
    const { open, opened, send } = await line();
    const badges = createSerialBadgeReader(open);
    const cause = new Promise<string>((resolve) => badges.onFailure(resolve));
    const restored = new Promise<void>((resolve) => badges.onRestored(resolve));
    await opened;
    for (let n = 0; n < 5; n++) send(Buffer.from('\x02rubbish\x03'));
    expect(await cause).toBe(
      'the badge reader sends rubbish: check its wiring, and that MANYI_BADGE_PORT is its own port',
    );
    send(frame('0100000001'));
    await restored;
    badges.close();
  });

  it('that says something else altogether is told', async () => {
    const { open, opened, send } = await line();
    const badges = createSerialBadgeReader(open);
    const cause = new Promise<string>((resolve) => badges.onFailure(resolve));
    await opened;
    for (let n = 0; n < 12; n++) send(Buffer.from('hello\r\n'));
    expect(await cause).toMatch(/^the badge reader sends rubbish/);
    badges.close();
  });
});
