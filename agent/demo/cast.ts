import { randomInt } from 'node:crypto';
import type { DemoCast } from '@manyi/config/demo';
import { dayClerks, defaultDay } from './day.ts';
import { type HallClerk, hallCounters } from './hall.ts';

/** The people of the demo hall, and what the hub has to know of them. */
export interface Cast {
  readonly clerks: readonly HallClerk[];
  readonly told: DemoCast;
  /** What the clerk's badge types into a reader. */
  badgeOf(clerk: string): string;
}

/** The same people at every demo, with badges of this run. */
export function gatherCast(seed: number): Cast {
  const clerks = dayClerks(seed);
  const badges = new Map(clerks.map(({ id, number }) => [id, `${number}${randomInt(1e6, 1e7)}`]));
  return {
    clerks,
    told: {
      counters: hallCounters(defaultDay.counters).map((id, index) => ({ id, name: `${index + 1} 号窗口 · 演示 Demo` })),
      clerks: clerks.map(({ id, name, number, stars }) => ({ id, name, number, stars })),
      badges: [...badges].map(([clerk, badge]) => ({ clerk, badge })),
    },
    badgeOf: (clerk) => badges.get(clerk) ?? '',
  };
}
