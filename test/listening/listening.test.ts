import { join } from 'node:path';
import type { SimulatedLamps } from '@manyi/firmware/lamps/simulated';
import { samplesOf, samplesPerSecond } from '@manyi/firmware/sound/format';
import { verifyAudit } from '@manyi/hub/audit/verify';
import { expect, test } from 'vitest';
import { isLive } from './ear.ts';
import { openRoom, purpose, screenOf } from './room.ts';

test('a supervisor hears the counter, lamp and screen say so as long as it lasts, and the log has who, where, why and how long', async () => {
  const room = await openRoom();
  const terminal = await room.terminal();
  const screen = await screenOf(terminal);
  const lamps = terminal.hardware().lamps as SimulatedLamps;
  await screen.shows(({ online, listening }) => online && !listening);
  expect(lamps.listening).toBe(false);

  const { listening, ear } = await room.listen();
  await ear.until(isLive);
  await ear.until(({ frames }) => frames.length >= 10);
  await screen.shows((view) => view.listening);
  expect(lamps.listening).toBe(true);
  expect(Math.round(toneOf(ear.frames.map(({ samples }) => samples)) / 10)).toBe(44);
  expect(ear.frames.map(({ number }) => number).slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
  expect(ear.frames.every(({ channels, samples }) => channels === 1 && samples.length >= 3200)).toBe(true);
  expect(await room.api.get('/listenings')).toEqual({ items: [listening], next: null });

  ear.hangUp();
  await screen.shows((view) => !view.listening);
  expect(lamps.listening).toBe(false);
  expect(await room.api.get('/listenings')).toEqual({ items: [], next: null });
  const [start, end, ...more] = await room.log();
  const common = { who: 'admin', site: 'main-hall', counter: 'counter-1', clerk: null, service: null, why: purpose };
  expect(start).toMatchObject({
    ...common,
    what: 'listening.start',
    detail: 'terminal-1',
    about: null,
    lastedMs: null,
  });
  expect(end).toMatchObject({ ...common, what: 'listening.end', detail: 'left', about: start?.position });
  expect(end?.lastedMs).toBeGreaterThanOrEqual(1000);
  expect(more).toEqual([]);
  expect(verifyAudit(join(room.folder, 'hub', 'hub.db')).fault).toBeNull();
});

/** The pitch of a tone, by how often it passes zero. */
function toneOf(pieces: readonly Uint8Array[]): number {
  const samples = samplesOf(Buffer.concat(pieces));
  const rises = samples.filter((sample, at) => sample >= 0 && (samples[at - 1] ?? 0) < 0).length;
  return (rises * samplesPerSecond) / samples.length;
}
