import type { Service } from '@manyi/config/api';
import { type CaseMark, caseClosed, caseOpened, caseReopened } from '@manyi/config/cases';

type Entry = Service['entries'][number];

/** The case of a service with what was last done with it. */
export interface ToldCase extends CaseMark {
  readonly last: Entry;
}

const types: readonly string[] = [caseOpened, caseClosed, caseReopened];

/** What the evidence chain tells of the service's case; null of a service that has none. */
export function caseOf({ entries }: Service): ToldCase | null {
  const last = entries.findLast(({ type }) => types.includes(type));
  if (last === undefined) return null;
  return { number: Number(last.data['case']), state: last.type === caseClosed ? 'closed' : 'open', last };
}

/** What was last done with a case, by a user or by itself. */
export function lastAct({ type, data }: Entry): 'opened' | 'openedByItself' | 'closed' | 'reopened' {
  if (type === caseClosed) return 'closed';
  if (type === caseReopened) return 'reopened';
  return typeof data['by'] === 'string' ? 'opened' : 'openedByItself';
}

const partNames = ['cause', 'evidence', 'answer', 'noAnswer'] as const;

/** What was said when a case was closed, part by part. */
export function closingParts({ data }: Entry): { name: (typeof partNames)[number]; text: string }[] {
  return partNames.flatMap((name) => (typeof data[name] === 'string' ? [{ name, text: data[name] }] : []));
}
