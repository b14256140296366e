import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { type DemoCast, type DemoOpened, type DemoStage, demoStage } from '@manyi/config/demo';
import type { AgentSettings } from '@manyi/config/settings';
import { settingsOfProcess } from '../settings.ts';
import type { Terminal } from '../terminal.ts';
import { type Cast, gatherCast } from './cast.ts';
import { defaultDay, planDay } from './day.ts';
import { pastEvents } from './history.ts';
import { openWithPast, settingsOf, untilReady } from './open.ts';
import { act, playDay } from './play.ts';

/** The demo hall as a process beside its hub: real terminals, and people who are made up. */

/** The first day of every demo; the days after it are others. */
const firstDay = 7;
/** Between the last badge of a day and the next morning, in milliseconds. */
const nightMs = 5000;

async function main(): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  for (const end of ['SIGINT', 'SIGTERM', 'disconnect']) process.on(end, () => stop.abort());
  const cast = gatherCast(firstDay);
  tell(cast.told);
  const stage = await hearStage(signal);
  const terminals = stage === null ? new Map() : await openTerminals(settingsOfProcess(), stage, cast, signal);
  tell({ screens: [...terminals].map(([counter, { screenAddress: address }]) => ({ counter, address })) });
  await playDays(terminals, cast, signal);
  await Promise.all([...terminals.values()].map((terminal) => terminal.close()));
}

async function playDays(terminals: ReadonlyMap<string, Terminal>, cast: Cast, signal: AbortSignal): Promise<void> {
  for (let seed = firstDay; !signal.aborted; seed++) {
    const day = planDay(seed, defaultDay, cast.clerks);
    await playDay(
      day,
      (planned) => {
        const terminal = terminals.get(planned.counter);
        if (terminal) act(terminal, planned, cast.badgeOf);
      },
      signal,
    );
    await wait(nightMs, undefined, { signal }).catch(() => {});
  }
}

async function openTerminals(
  settings: AgentSettings,
  { terminals, timeZone }: DemoStage,
  { clerks }: Cast,
  signal: AbortSignal,
): Promise<Map<string, Terminal>> {
  const past = pastEvents({ clerks, timeZone, now: Date.now() });
  const opened = terminals.map(async (place, index) => {
    const own = settingsOf(settings, place, index + 1);
    const terminal = await openWithPast(own, past.get(place.counter) ?? [], index + 1);
    await untilReady(terminal, own, signal);
    return [place.counter, terminal] as const;
  });
  return new Map(await Promise.all(opened));
}

/** The hub's word; null when the demo ends before. */
async function hearStage(signal: AbortSignal): Promise<DemoStage | null> {
  const heard = await once(process, 'message', { signal }).catch(() => null);
  return heard === null ? null : demoStage.parse(heard[0]);
}

function tell(message: DemoCast | DemoOpened): void {
  // A hub that has gone hears nothing: then `disconnect` ends the hall.
  process.send?.(message, undefined, undefined, () => {});
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  },
);
