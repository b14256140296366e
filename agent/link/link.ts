import { setTimeout as wait } from 'node:timers/promises';
import type { Enrolled } from '@manyi/config/api';
import { statusEveryMs } from '@manyi/config/limits';
import { receipt } from '@manyi/config/receipts';
import { type RosterNotice, rosterNotice } from '@manyi/config/roster';
import type { Health, Status } from '@manyi/config/status';
import { type TerminalSettings, terminalSettings } from '@manyi/config/terminal-settings';
import { rosterTopic, type TerminalChannel, terminalTopic } from '@manyi/config/topics';
import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Correction } from '../outbox/boots.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { createConnection } from './connection.ts';
import { createDrain } from './drain.ts';
import { writeEvent } from './event.ts';

/** The terminal's side of the wire, from enrolment on. It connects and reconnects for ever. */
export interface Link {
  readonly isOnline: () => boolean;
  /** There may be new events. */
  wake(): void;
  /** The correction that events stored now leave with; null when they have to wait. */
  leaving(): Correction | null;
  /** Says on the status topic how the terminal is. */
  announce(): void;
  /** Sends a frame of live sound now; false when it was dropped instead, because the line is away or slow. */
  sendAudio(frame: Uint8Array): boolean;
  close(): Promise<void>;
}

export interface LinkParts {
  readonly enrolled: Enrolled;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly agent: string;
  readonly health: () => Health;
  readonly timeZone: () => string;
  readonly onSettings: (settings: TerminalSettings) => void;
  readonly onRoster: (notice: RosterNotice) => void;
  /** The parsed but unchecked payload of the commands topic, once the time is known that it may expire by. */
  readonly onCommand: (payload: unknown) => void;
  readonly onPresence: () => void;
  /** The outbox could not be read or written. */
  readonly onTrouble: (error: unknown) => void;
  readonly log: Log;
}

/** How often the correction is found anew while connected, in milliseconds: quartz drifts by seconds a week. */
const settleEveryMs = 60 * 60 * 1000;
/** How long events wait for the time at most, and how long between two tries to find it. Milliseconds. */
const settleWithinMs = 30_000;
const settlePauseMs = 1000;

export function createLink(parts: LinkParts): Link {
  const { enrolled, outbox, clock, log } = parts;
  const { site, terminal } = enrolled;
  const topic = (channel: TerminalChannel) => terminalTopic(site, terminal, channel);
  let online: string | null = null;
  let timeKnown = Promise.resolve();

  const connection = createConnection({
    ...enrolled,
    statusTopic: topic('status'),
    offline: (id) => JSON.stringify({ state: 'offline', connection: id } satisfies Status),
    subscriptions: [topic('receipts'), topic('commands'), topic('settings'), rosterTopic(site)],
    onOnline: (id) => void begin(id).catch(parts.onTrouble),
    onOffline: () => {
      online = null;
      drain.shut();
      parts.onPresence();
    },
    onMessage: (from, payload) => {
      try {
        hear(from, payload);
      } catch (error) {
        parts.onTrouble(error);
      }
    },
    log,
  });

  const drain = createDrain({
    outbox,
    publish: (event) => {
      const source = { site, terminal, timeZone: parts.timeZone() };
      connection.publish(topic('events'), writeEvent(event, outbox.status().outbox, source));
    },
    unacknowledged: connection.unacknowledged,
    renew: connection.renew,
    correction: () => clock.correction() ?? { shiftMs: 0, synced: false },
    onTurn: announce,
    onTrouble: parts.onTrouble,
    log,
  });

  /** The hub hears at once who is there. Events wait for the time, which never changes once they were sent (Contract v1, "Time"). */
  async function begin(id: string): Promise<void> {
    online = id;
    parts.onPresence();
    announce();
    const { correction } = clock;
    const before = correction()?.synced;
    timeKnown = knowTime(id);
    await timeKnown;
    if (online !== id) return;
    drain.open();
    if (correction()?.synced !== before) announce();
  }

  /** Tries for a while: a hub that has just started listens here before it answers over HTTP. */
  async function knowTime(id: string): Promise<void> {
    const until = performance.now() + settleWithinMs;
    while (!(await clock.settle()) && online === id && performance.now() < until) {
      await wait(settlePauseMs, undefined, { ref: false });
    }
  }

  function announce(): void {
    if (online === null) return;
    const { agent, health, onTrouble } = parts;
    try {
      const status: Status = { state: 'online', connection: online, ...outbox.status(), agent, health: health() };
      connection.publish(topic('status'), JSON.stringify(status), { retain: true });
    } catch (error) {
      onTrouble(error);
    }
  }

  function hear(from: string, payload: Buffer): void {
    if (from === topic('receipts')) take(payload, receipt, drain.receipt);
    else if (from === topic('settings')) take(payload, terminalSettings, parts.onSettings);
    else if (from === rosterTopic(site)) take(payload, rosterNotice, parts.onRoster);
    else if (from === topic('commands')) void timeKnown.then(() => parts.onCommand(parse(payload)));
  }

  /** Hands on what fits the schema; anything else is ignored with a line, and what held before still holds. */
  function take<T>(payload: Buffer, schema: z.ZodType<T>, handle: (message: T) => void): void {
    const result = schema.safeParse(parse(payload));
    if (result.success) {
      handle(result.data);
      return;
    }
    const [issue] = result.error.issues;
    log.warn(`a message of the hub was ignored: ${issue?.path.join('.')} ${issue?.message}`);
  }

  const status = setInterval(announce, statusEveryMs);
  const settle = setInterval(() => online && void clock.settle(), settleEveryMs);
  return {
    isOnline: () => online !== null,
    wake: drain.wake,
    leaving: () => (drain.idle() ? clock.correction() : null),
    announce,
    sendAudio: (frame) => connection.stream(topic('audio'), frame),
    async close() {
      clearInterval(status);
      clearInterval(settle);
      drain.shut();
      online = null;
      await connection.close();
    },
  };
}

function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString());
  } catch {
    return undefined;
  }
}
