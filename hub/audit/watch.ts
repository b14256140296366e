import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { AuditState } from '@manyi/config/audit';
import type { FastifyPluginAsync } from 'fastify';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { addAnchor, anchorFileName, readAnchors } from './anchor.ts';
import type { Head } from './entry.ts';
import { stateRoutes } from './state-routes.ts';
import { createAuditStore } from './store.ts';
import { checking, type Verification } from './verify.ts';

/**
 * The hub's own eye on its audit log: all of it at every start and once a day, what is new once an hour. What was found right is anchored
 * in a file outside of the database, and in the hub's log.
 */
export interface AuditWatch {
  state(): AuditState;
  /** Checks all of it now; resolves when that is done. */
  check(): Promise<void>;
  readonly routes: FastifyPluginAsync;
  /** Anchors what has come since, and stops. Before the database is closed. */
  close(): Promise<void>;
}

export interface AuditWatchParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  /** The hub's data folder. */
  readonly folder: string;
}

const hourMs = 3_600_000;
const hoursADay = 24;
/** Between two pages of a check everybody else has a turn: a long log must not hold up ratings. */
const restMs = 10;

/** Begins at once, with a check of all of it. */
export function watchAudit({ database, clock, log, folder }: AuditWatchParts): AuditWatch {
  const store = createAuditStore(database.sqlite);
  const file = join(folder, anchorFileName);
  const stop = new AbortController();
  let found: Verification | null = null;
  let checkedAt: number | null = null;
  let unanchored: string | null = null;
  let anchors: ReturnType<typeof readAnchors> = [];
  let running = Promise.resolve();

  /** Nothing is anchored of a log that is not right: what was noted before stays the last word. */
  function anchor(head: Head): void {
    if (head.position <= (anchors.at(-1)?.position ?? 0)) return;
    addAnchor(file, head, clock.now());
    anchors = readAnchors(file);
    log.info(`the audit log is anchored: ${head.position}:${head.hash}`);
  }

  function conclude(now: Verification): void {
    if (now.fault !== null && now.fault !== found?.fault) {
      log.error(`the audit log is not to be trusted: ${now.fault}. README.md of hub/audit says what to do`);
    }
    found = now;
    checkedAt = clock.now();
    if (now.fault === null && now.head !== null) anchor(now.head);
  }

  /** A fault stays until a check of all of it finds none. */
  function from(all: boolean): Head | null {
    return all || found === null || found.fault !== null ? null : found.head;
  }

  async function check(all: boolean, between: () => Promise<unknown>): Promise<void> {
    try {
      anchors = readAnchors(file);
      const steps = checking(store, anchors, from(all));
      for (let step = steps.next(); ; step = steps.next()) {
        if (step.done) return conclude(step.value);
        await between();
      }
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') return;
      unanchored = error instanceof Error ? error.message : String(error);
      log.error(`the audit log could not be checked and anchored in ${file}: ${unanchored}`);
    }
  }

  function queue(all: boolean): Promise<void> {
    running = running.then(async () => {
      unanchored = null;
      await check(all, () => pause(restMs, undefined, { signal: stop.signal }));
    });
    return running;
  }

  let hours = 0;
  const hourly = setInterval(() => {
    hours += 1;
    void queue(hours % hoursADay === 0);
  }, hourMs);
  hourly.unref();
  void queue(true);

  function state(): AuditState {
    const fault = found?.fault ?? null;
    return {
      checkedAt: checkedAt === null ? null : new Date(checkedAt).toISOString(),
      entries: found?.entries ?? 0,
      trouble: fault !== null ? 'broken' : unanchored !== null ? 'unanchored' : null,
      why: fault ?? unanchored,
      anchors: anchors.length,
      anchoredSince: anchors[0]?.time ?? null,
    };
  }

  return {
    state,
    check: () => queue(true),
    routes: async (api) => {
      await api.register(stateRoutes, { state });
    },
    async close() {
      clearInterval(hourly);
      stop.abort();
      await running;
      // What is new is little, and nobody waits for anything else any more.
      if (found !== null && found.fault === null) await check(false, async () => {});
    },
  };
}
