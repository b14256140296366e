import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Enrolled } from '@manyi/config/api';
import type { TerminalSettings } from '@manyi/config/terminal-settings';
import type { Base } from './base.ts';
import { enrolTerminal, needsEnrolment } from './enrol.ts';
import { acceptCommand, type Request } from './link/commands.ts';
import { createLink, type Link } from './link/link.ts';
import { timeZoneOf } from './place.ts';
import { followRoster } from './roster-follow.ts';
import type { Runner } from './runner.ts';
import { version } from './version.ts';
import { isKnownZone } from './zone.ts';

/** The terminal's way to its hub. */
export type Uplink = ReturnType<typeof createUplink>;

/** How long a terminal that becomes another one waits at most until the hub has all of the earlier one, in milliseconds. */
const farewellMs = 10_000;
const farewellPauseMs = 50;

/** The way to the hub: enrolment, then the link. The counter waits for neither, and whoever stands there sees thanks before it sends. */
export function createUplink(base: Base) {
  const { settings, log, happenings, health, troubles, identity, hub, roster, outbox, clock } = base;
  const follower = followRoster(roster, log);
  const stop = new AbortController();
  let link: Link | null = null;
  let enrolling = Promise.resolve();

  function open(enrolled: Enrolled, { run }: Runner): void {
    link = createLink({
      enrolled,
      outbox,
      clock,
      agent: version,
      health: () => health.report(clock),
      timeZone: () => timeZoneOf(identity.data),
      onSettings: (given) => void settle(given).catch(troubles.failed),
      onRoster: follower.notice,
      onCommand: (payload) => {
        const onRequest = (request: Request) => void happenings.emit('request', request);
        const isDone = outbox.hasCommand;
        const accept = () => acceptCommand(payload, { trueNow: clock.trueNow, isDone, onRequest, log });
        // A command that could not be stored was not done, and has been told of as a trouble.
        run(accept).catch(() => {});
      },
      onPresence: () => happenings.emit('changed'),
      onTrouble: troubles.failed,
      log,
    });
  }

  /** The hub has said where the terminal stands. */
  async function settle(given: TerminalSettings): Promise<void> {
    const { timeZone } = given.site;
    if (!isKnownZone(timeZone)) return log.warn(`settings with the unknown time zone ${timeZone} were ignored`);
    // They come with every connection, and a card wears out by writing.
    if (isDeepStrictEqual(given, identity.data.settings)) return;
    await identity.write({ ...identity.data, settings: given });
    happenings.emit('changed');
  }

  /** Another terminal than before begins another outbox, with nobody on duty and nobody served: those were the earlier one's. */
  async function become(next: Enrolled, { run }: Runner): Promise<void> {
    const before = identity.data.enrolled;
    if (before === null || (before.site === next.site && before.terminal === next.terminal)) return;
    await run({ input: { type: 'restart', lastKnown: clock.now(), awayMs: Number.POSITIVE_INFINITY } });
    await emptied();
    await link?.close();
    outbox.renew();
  }

  /** Waits for the hub to have everything under the old name: it takes what runs on there from nobody else. */
  async function emptied(): Promise<void> {
    const until = performance.now() + farewellMs;
    const isEmpty = () => outbox.status().first === outbox.status().next;
    while (!isEmpty() && !stop.signal.aborted && performance.now() < until) await wait(farewellPauseMs);
  }

  async function enrol(code: string, runner: Runner): Promise<void> {
    const parts = { hub, identity, wanted: settings, log, signal: stop.signal };
    const enrolled = await enrolTerminal({ ...parts, become: (answer) => become(answer, runner) }, code);
    if (enrolled === null || stop.signal.aborted) return;
    await link?.close();
    open(enrolled, runner);
    happenings.emit('changed');
  }

  return {
    isOnline: () => link?.isOnline() ?? false,
    /** The correction that events stored now leave with; null when they have to wait. */
    leaving: () => link?.leaving() ?? null,
    /** Sends a frame of live sound now; false when it was dropped. */
    sendAudio: (frame: Uint8Array) => link?.sendAudio(frame) ?? false,
    start(runner: Runner): void {
      happenings.on('standing', () => link?.wake());
      happenings.on('health', () => link?.announce());
      const { enrolled } = identity.data;
      const code = settings.MANYI_ENROLMENT_CODE;
      if (enrolled) open(enrolled, runner);
      if (needsEnrolment(identity, code)) enrolling = enrol(code, runner).catch(troubles.failed);
      else if (!enrolled) {
        log.warn('this terminal is not enrolled: make a code on the dashboard and set MANYI_ENROLMENT_CODE to it');
      }
    },
    async close(): Promise<void> {
      stop.abort();
      follower.close();
      await enrolling;
      await link?.close();
    },
  };
}
