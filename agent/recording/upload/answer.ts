import type { Ending } from './send-clip.ts';

/** What is to be done with a clip after a try to bring it to the hub. */
export type Verdict =
  /** The hub has it, or does not want it any more: here it may go. */
  | { readonly what: 'done' }
  /** The hub says where to go on when it is asked; `anew` where it knows nothing of this upload. */
  | { readonly what: 'again'; readonly anew: boolean }
  /** It did not arrive as what was told of: perhaps on the way, perhaps it is not what it was. */
  | { readonly what: 'differs' }
  | { readonly what: 'refused'; readonly why: string }
  /** The hub does not know that there is such a clip: its event has not come there, or has been forgotten with a backup. */
  | { readonly what: 'unknown'; readonly why: string; readonly mend: string }
  /** Nothing can be done about this clip now. `mend` says what somebody must do if that goes on. */
  | { readonly what: 'waits'; readonly why: string; readonly mend: string }
  /** Nothing can be done about any. `mend` says what somebody must do, `mendIfLong` the same should it go on for long. */
  | { readonly what: 'later'; readonly why: string; readonly mend?: string; readonly mendIfLong?: string };

const credentialMend =
  'the hub does not let this terminal in with its clips: enrol it again, with a new code from the dashboard in MANYI_ENROLMENT_CODE';
const bodyMend =
  'something before the hub refuses clips because of their size: let its proxy take bodies of 512 KiB (nginx: client_max_body_size)';
const reachMend =
  'recordings wait here and do not get to the hub: see that the address in MANYI_HUB_URL can be reached from here, also for what is large (a firewall, a proxy?)';

const unknownMend =
  'a recording waits here because the hub does not know it, though it has been told of it again: look for recording.made among what the hub has in quarantine';
const foreignMend =
  'a recording waits here because the hub says that it is none of this terminal: see MANYI_HUB_URL, and what stands between (a proxy?)';
const otherMend =
  'a recording waits here because the hub was told otherwise of it: its file may have been changed; it goes when others need its place';

/** Judges an answer by the hub's table of uploads (hub/recordings/README.md), and by what else a web server or proxy may say. */
export function judge(ending: Ending): Verdict {
  if (ending.how === 'arrived') return { what: 'done' };
  if (ending.how === 'cut') return { what: 'later', why: ending.why, mendIfLong: reachMend };
  const { method, status } = ending;
  const why = `the hub answered ${status}`;
  switch (status) {
    case 410:
      return { what: 'done' };
    case 460:
    case 415:
      return { what: 'differs' };
    case 404:
      return method === 'POST' ? { what: 'waits', why, mend: foreignMend } : { what: 'again', anew: true };
    case 409:
      // At POST and HEAD the hub has not heard of the clip; at PATCH it has other bytes of it than we thought.
      return method === 'PATCH' ? { what: 'again', anew: false } : { what: 'unknown', why, mend: unknownMend };
    case 413:
      if (method === 'POST') return { what: 'refused', why: 'it is larger than the hub takes' };
      return { what: 'later', why, mend: bodyMend };
    case 401:
    case 403:
      return { what: 'later', why, mend: credentialMend };
    case 400:
      return { what: 'waits', why, mend: otherMend };
    // The hub says of itself that it has no room, or that its recordings are off, where it is to be mended.
    case 503:
    case 507:
      return { what: 'later', why };
    default:
      return { what: 'later', why, mendIfLong: reachMend };
  }
}
