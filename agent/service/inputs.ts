import type { ProfileId } from '@manyi/config/profiles';
import type { Reason } from '@manyi/config/reasons';
import type { SiteMode } from '@manyi/config/terminal-settings';

/** What can happen to a terminal. A badge has already been looked up in the roster when it comes here. */
export type Input =
  | { readonly type: 'badge'; readonly clerk: string }
  | { readonly type: 'next'; readonly ticket: string | null; readonly business: string | null }
  /** The clerk's one key of the panel: it invites or calls, whichever comes next. */
  | { readonly type: 'clerk-key' }
  | { readonly type: 'invite' }
  | { readonly type: 'end' }
  | { readonly type: 'pause'; readonly reason: string | null }
  | { readonly type: 'resume' }
  | { readonly type: 'press'; readonly level: string }
  | { readonly type: 'two-faces'; readonly levels: readonly string[] }
  | { readonly type: 'not-now' }
  | { readonly type: 'reason'; readonly reason: Reason }
  /** Time has passed; sent at or after `nextTick(state)`. */
  | { readonly type: 'tick' }
  /**
   * The agent has come back; it was last known to run at `lastKnown`, and was away for `awayMs`. Always the first input of a run
   * with a stored state; it comes again should the clock, set later, show that the agent was away for longer than it seemed.
   */
  | { readonly type: 'restart'; readonly lastKnown: number; readonly awayMs: number };

/** What the rules go by besides the state. Milliseconds; `newId` gives a fresh UUID at every call. */
export interface Rules {
  readonly mode: SiteMode;
  readonly profile: ProfileId;
  readonly counter: string;
  readonly invitationMs: number;
  readonly thanksMs: number;
  readonly lockoutMs: number;
  readonly newId: () => string;
  /** Writes an instant (epoch milliseconds) as RFC 3339 in the site's zone. */
  readonly writeInstant: (at: number) => string;
}
