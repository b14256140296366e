import { setImmediate } from 'node:timers/promises';
import { isProfileId, polarityOf } from '@manyi/config/profiles';
import type { Retention } from '@manyi/config/recordings';
import type { RecordingCursor, RecordingRecord } from '../recording.ts';
import type { RecordingStore } from '../store.ts';
import type { Incoming } from '../upload/incoming.ts';
import type { Deletion } from './deletion.ts';
import type { RuleStore } from './store.ts';

/** Deletes what has been kept long enough: at the start, and then every hour. */
export interface Sweep {
  /** Resolves when nothing is deleted any more. */
  close(): Promise<void>;
}

export interface SweepParts {
  readonly store: RecordingStore;
  readonly rules: RuleStore;
  readonly deletion: Deletion;
  readonly incoming: Incoming;
  readonly now: () => number;
  /** Whether the clock may be believed: else nothing is deleted for its age now. */
  readonly mayJudgeAge: () => boolean;
  readonly onError: (error: unknown) => void;
}

const everyMs = 60 * 60 * 1000;
/** How often it is tried again to take away what was deleted. */
const finishEveryMs = 60 * 1000;
const dayMs = 24 * 60 * 60 * 1000;
const pageSize = 200;
/** An upload that nothing was added to for so long is thrown away; its terminal may begin anew. */
const idleMs = 7 * dayMs;

export function startSweep({ store, rules, deletion, incoming, now, mayJudgeAge, onError }: SweepParts): Sweep {
  let closed = false;
  let running: Promise<void> | null = null;
  let isSweepDue = true;

  async function sweepSite(site: string): Promise<void> {
    const days = rules.retention(site);
    const before = now() - Math.min(...Object.values(days)) * dayMs;
    let cursor: RecordingCursor | null = null;
    do {
      const page: RecordingRecord[] = store.oldest(site, before, cursor, pageSize);
      for (const record of page) {
        if (closed) return;
        // The rule may have been changed since the last.
        const kept = daysOf(record, rules.retention(site));
        if (record.started >= now() - kept * dayMs) continue;
        // One that somebody has just held, or whose file cannot be reached, holds up none of the others.
        await deletion.delete(record, 'hub', `kept for ${kept} days, as the site's rule says`).catch(onError);
      }
      cursor = page.length < pageSize ? null : (page.at(-1) ?? null);
      await setImmediate();
    } while (cursor !== null && !closed);
  }

  async function sweep(): Promise<void> {
    await finish();
    if (mayJudgeAge()) for (const site of store.zones.all().keys()) await sweepSite(site);
    await clearIncoming();
  }

  /** What has come of clips that nobody waits for, or that nothing was added to for long. */
  async function clearIncoming(): Promise<void> {
    for (const { recording, last } of await incoming.begun())
      if (store.find(recording)?.state !== 'announced' || last < now() - idleMs) await incoming.discard(recording);
  }

  function finish(): Promise<void> {
    return deletion.finish(() => closed);
  }

  /** One at a time: two would take away the same. While one takes long, as where the storage is silent, no others gather behind it. */
  function begin(): void {
    if (running !== null) return;
    const work = isSweepDue ? sweep : finish;
    isSweepDue = false;
    running = work()
      .catch(onError)
      .finally(() => {
        running = null;
      });
  }

  function beginSweep(): void {
    isSweepDue = true;
    begin();
  }

  const timers = [setInterval(beginSweep, everyMs), setInterval(begin, finishEveryMs)];
  begin();
  return {
    async close() {
      closed = true;
      for (const timer of timers) clearInterval(timer);
      await running;
    },
  };
}

function daysOf({ profile, level }: RecordingRecord, days: Retention): number {
  if (level === null || profile === null || !isProfileId(profile)) return days.unrated;
  return days[polarityOf(profile, level) ?? 'unrated'];
}
