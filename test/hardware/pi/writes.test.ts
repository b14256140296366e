import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { drained, openHall } from '../../support/hall.ts';

const services = 60;
const idleSeconds = 90;
/** A day of a busy counter: so many services, and the terminal is never switched off. */
const servicesADay = 400;
const secondsADay = 86_400;

it('reaches the card with few bytes a day', { timeout: 240_000 }, async () => {
  const hall = await openHall({ counters: 1 });
  onTestFinished(() => hall.close());
  const agent = await hall.terminal(1);
  const written = () => bytesToDisk(agent.program().pid);
  const screen = await agent.stepUp();
  await drained(agent);

  const atRest = written();
  await passed(idleSeconds * 1000);
  const idle = (written() - atRest) / idleSeconds;

  const [before, begun] = [written(), performance.now()];
  for (let n = 0; n < services; n++) {
    expect(await screen.does({ type: 'next' })).toBe(true);
    await screen.shows(({ phase }) => phase === 'serving');
    expect(await screen.does({ type: 'press', level: 'satisfied' })).toBe(true);
    expect(await screen.does({ type: 'end' })).toBe(true);
    await screen.shows(({ phase }) => phase !== 'serving');
  }
  await drained(agent);
  const service = (written() - before - (idle * (performance.now() - begun)) / 1000) / services;
  screen.close();

  const day = service * servicesADay + idle * secondsADay;
  console.log(
    `to the card: ${kb(idle * 3600)} an hour at rest, ${kb(service)} a service; ` +
      `${kb(day)} a day of ${servicesADay} services`,
  );
  expect(service).toBeGreaterThan(0);
  expect(day).toBeLessThan(500 * 1024 * 1024);
});

/** What a process has caused to be written to a block device so far; nothing of a folder in memory counts. */
function bytesToDisk(pid: number): number {
  const io = readFileSync(`/proc/${pid}/io`, 'utf8');
  return Number(/^write_bytes: (\d+)$/m.exec(io)?.[1]) - Number(/^cancelled_write_bytes: (\d+)$/m.exec(io)?.[1]);
}

const kb = (bytes: number) => `${Math.round(bytes / 1024).toLocaleString('en')} KiB`;
const passed = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
