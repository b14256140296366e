import type { RosterNotice } from '@manyi/config/roster';
import type { Log } from './log.ts';
import type { RosterCopy } from './roster.ts';

/** Brings the roster up to the newest notice, however long the hub's HTTP is away. */
export interface RosterFollower {
  notice(notice: RosterNotice): void;
  close(): void;
}

const retryMs = 15_000;

export function followRoster(roster: RosterCopy, log: Log): RosterFollower {
  let newest: RosterNotice | null = null;
  let busy = false;
  let timer: NodeJS.Timeout | undefined;

  async function follow(): Promise<void> {
    if (busy || newest === null) return;
    const wanted = newest;
    busy = true;
    clearTimeout(timer);
    try {
      await roster.refresh(wanted);
      if (newest === wanted) newest = null;
    } catch (error) {
      log.warn(
        `the roster could not be fetched, the kept one holds: ${error instanceof Error ? error.message : error}`,
      );
      timer = setTimeout(() => void follow(), retryMs);
    }
    busy = false;
    if (newest !== null && newest !== wanted) void follow();
  }

  return {
    notice(notice) {
      newest = notice;
      void follow();
    },
    close() {
      newest = null;
      clearTimeout(timer);
    },
  };
}
