import type { State } from './state.ts';

/** What the counter screen is about. The panel is live in every phase; it is shown so in `idle` and `serving` too. */
export type Phase = 'no-clerk' | 'idle' | 'serving' | 'paused' | 'inviting' | 'reason' | 'thanks';

/** What the counter screen shows, without anybody's names. It never says which face was pressed. Instants are epoch milliseconds. */
export interface View {
  readonly phase: Phase;
  /** Whom a press is about: of a running service its own clerk, whoever is on duty by now. */
  readonly clerk: string | null;
  readonly service: string | null;
  readonly invitation: { readonly opened: number; readonly closes: number } | null;
  /** Whether a reason can be given now. */
  readonly reasonOpen: boolean;
  /** Whether somebody who pressed two faces is asked for one. */
  readonly asksAgain: boolean;
  readonly paused: boolean;
  /** Whether the next customer waits for the invitation to close. */
  readonly nextWaits: boolean;
  /** When the phase ends by itself; null when it does not. */
  readonly until: number | null;
}

/** What a state looks like from the customer's side. */
export function view(state: State): View {
  const { duty, service, waiting } = state;
  const page = pageOf(state);
  const invitation = invitationOf(state);
  const shown = page?.owner ?? service?.place ?? null;
  return {
    phase: phaseOf(state),
    clerk: shown === null ? (duty?.clerk ?? null) : shown.clerk,
    service: shown?.service ?? null,
    invitation,
    reasonOpen: page?.reasonOpen ?? false,
    asksAgain: state.asksAgainUntil !== null,
    paused: duty?.paused ?? false,
    nextWaits: waiting?.next != null,
    until: invitation?.closes ?? page?.until ?? null,
  };
}

/** An invitation goes before the page of an earlier customer, and that before the running service. */
function phaseOf(state: State): Phase {
  if (invitationOf(state) !== null) return 'inviting';
  if (state.page !== null) return state.page.reasonOpen ? 'reason' : 'thanks';
  if (state.service !== null) return 'serving';
  if (state.duty === null) return 'no-clerk';
  return state.duty.paused ? 'paused' : 'idle';
}

function invitationOf({ service }: State): View['invitation'] {
  if (service === null || service.invited === null || service.closes === null) return null;
  return { opened: service.invited.opened, closes: service.closes };
}

function pageOf(state: State): State['page'] {
  return invitationOf(state) === null ? state.page : null;
}
