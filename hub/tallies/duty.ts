import type { EventData } from '@manyi/config/events';

/** The events of a duty. */
export type DutyEvent =
  | { readonly type: 'manyi.duty.started.v1'; readonly data: EventData<'manyi.duty.started.v1'> }
  | { readonly type: 'manyi.duty.paused.v1'; readonly data: EventData<'manyi.duty.paused.v1'> }
  | { readonly type: 'manyi.duty.resumed.v1'; readonly data: EventData<'manyi.duty.resumed.v1'> }
  | { readonly type: 'manyi.duty.ended.v1'; readonly data: EventData<'manyi.duty.ended.v1'> };

/** Whether the event changes who is on duty. */
export function isDutyEvent(event: { readonly type: string; readonly data: unknown }): event is DutyEvent {
  return event.type.startsWith('manyi.duty.');
}

/** What one event says of its duty. Times are epoch milliseconds, null where it says nothing. */
export interface DutyChange {
  readonly started: number;
  readonly pausedSince: number | null;
  readonly pauseChanged: number | null;
  readonly ended: number | null;
}

/** What the event says of its duty. A duty began at the earliest that was heard of it. */
export function dutyChange(event: DutyEvent, time: number): DutyChange {
  const change = { started: time, pausedSince: null, pauseChanged: null, ended: null };
  switch (event.type) {
    case 'manyi.duty.started.v1':
      return change;
    case 'manyi.duty.paused.v1':
      return { ...change, pausedSince: time, pauseChanged: time };
    case 'manyi.duty.resumed.v1':
      return { ...change, pauseChanged: time };
    case 'manyi.duty.ended.v1':
      return { ...change, ended: time };
  }
}
