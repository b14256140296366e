import type { ManyiEvent } from '@manyi/config/events';
import { isDutyEvent } from '../tallies/duty.ts';
import type { Work } from './work.ts';

/** What the data of most types names. */
export interface Places {
  readonly clerk?: string | null;
  readonly counter?: string | null;
  readonly service?: string | null;
}

export type ForeignReason = 'foreign-service' | 'foreign-duty';

/**
 * Why a terminal may not say this: the service or the duty belongs to another terminal, the one that was heard of it first. Whoever
 * has come to know an id of another counter could else rate there. Null where it may.
 */
export function foreignReason(
  event: ManyiEvent,
  terminal: string,
  { tallies }: Pick<Work, 'tallies'>,
): ForeignReason | null {
  const { service = null } = event.data as Places;
  // Only whoever has become another terminal knows that a clip of the earlier one will never come.
  if (event.type === 'manyi.recording.lost.v1' && event.data.why === 'moved') return null;
  if (service !== null && isAnothers(tallies.terminalOfService(service), terminal)) return 'foreign-service';
  if (isDutyEvent(event) && isAnothers(tallies.terminalOfDuty(event.data.duty), terminal)) return 'foreign-duty';
  return null;
}

/** What to say of it, without a word of whose it is. */
export function foreignDetail({ data }: ManyiEvent, reason: ForeignReason): string {
  const { service, duty } = data as { readonly service?: string; readonly duty?: string };
  return reason === 'foreign-service'
    ? `service ${service} is another terminal's`
    : `duty ${duty} is another terminal's`;
}

function isAnothers(owner: string | undefined, terminal: string): boolean {
  return owner !== undefined && owner !== terminal;
}
