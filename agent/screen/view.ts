import type { Words } from '@manyi/config/levels';
import type { RosterClerk } from '@manyi/config/roster';

/**
 * What the counter is doing, as the customer sees it. `thanks` and `reason` look alike whatever was pressed: nothing of
 * the pressed level is in the view, so that the page could not show it even by mistake.
 */
export type ScreenPhase = 'no-clerk' | 'paused' | 'idle' | 'serving' | 'invitation' | 'thanks' | 'reason';

/** What somebody at the counter ought to know, most pressing first. */
export type ScreenNotice = 'storage-failed' | 'not-enrolled' | 'roster-unknown' | 'badge-refused';

/** How much of a time-limited page is left, in milliseconds. */
export interface Countdown {
  readonly closesInMs: number;
  readonly totalMs: number;
}

/** Something to choose: its name in events, and its words for people. */
export interface Choice {
  readonly name: string;
  readonly words: Words;
}

/** All that the counter screen shows. */
export interface ScreenView {
  readonly phase: ScreenPhase;
  /** The time, in epoch milliseconds, and the site's IANA zone to show it in. */
  readonly now: number;
  readonly timeZone: string;
  /** The counter's name. */
  readonly counter: string;
  /** The clerk on duty; null without one. */
  readonly clerk: RosterClerk | null;
  /** Whether the clerk is on a break. Whoever is being served then still is: the phase is `paused` only with nobody there. */
  readonly paused: boolean;
  /** Whether two faces were pressed at once, and one of them is asked for. */
  readonly asksAgain: boolean;
  /** The faces, best first. */
  readonly levels: readonly Choice[];
  /** What is left of the invitation or of the reason page; null elsewhere. */
  readonly countdown: Countdown | null;
  /** What the reason page offers. */
  readonly reasons: readonly Choice[];
  readonly notice: ScreenNotice | null;
  /** Whether the hub can be reached. Without it the counter works on. */
  readonly online: boolean;
  /** Whether this counter is being recorded. The screen says so whenever it is true. */
  readonly recording: boolean;
  /** Whether somebody listens in to this counter. The screen says so, on every page, for as long as it is true. */
  readonly listening: boolean;
  /** Whether the clerk may be shown who has listened to them: one is on duty, and nobody is being served or asked. */
  readonly mayShowHeard: boolean;
}

/** What the screen is told: the view, and how the page's own inputs fared. */
export interface ScreenMessage {
  readonly view: ScreenView;
  /** The number of the page's last input that was carried out; 0 before the first. */
  readonly heard: number;
  /** Whether that input was kept. False means that nothing came of it, and the page says so. */
  readonly kept: boolean;
  /** Which edition of the page this server serves. A page of another edition loads itself anew. */
  readonly edition: string;
}
