import { eventData } from '@manyi/config/events';
import type { Entry } from '../../ledger/entry.ts';
import type { KeyFact } from './keys.ts';

/** What `keyFact` can read. */
export const keyFactTypes: ReadonlySet<string> = new Set([
  'manyi.rating.given.v1',
  'manyi.press.ignored.v1',
  'manyi.panel.counted.v1',
  'manyi.terminal.assigned.v1',
]);

/** What an entry of the ledger tells of its terminal's keys; null when it is about something else, or cannot be read. */
export function keyFact({ type, time: at, data: text }: Pick<Entry, 'type' | 'time' | 'data'>): KeyFact | null {
  switch (type) {
    case 'manyi.rating.given.v1': {
      const data = eventData[type].safeParse(JSON.parse(text)).data;
      return data === undefined ? null : { type: 'rated', at, profile: data.profile, level: data.level };
    }
    case 'manyi.press.ignored.v1': {
      const data = eventData[type].safeParse(JSON.parse(text)).data;
      return data === undefined ? null : { type: 'ignored', at, presses: data.presses };
    }
    case 'manyi.panel.counted.v1': {
      const data = eventData[type].safeParse(JSON.parse(text)).data;
      if (data === undefined) return null;
      return {
        type: 'counted',
        at,
        panel: data.panel,
        totals: data.totals,
        untold: data.untold,
        touched: data.touched,
      };
    }
    case 'manyi.terminal.assigned.v1':
      return (JSON.parse(text) as { change?: unknown }).change === 'removed' ? { type: 'removed' } : null;
    default:
      return null;
  }
}
