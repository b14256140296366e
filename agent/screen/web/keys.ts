/**
 * What keys mean at the counter screen. A badge reader is a keyboard that types fast: digits or letters and Enter. People type
 * slowly. So a key means a face or a clerk's command only when no other key comes within 80 ms on either side, and keys that
 * come faster are a badge if Enter ends them, else nothing.
 */

/** A key is alone when no other comes within this time on either side, in milliseconds. */
export const loneKeyMs = 80;
/** Two faces within this time are no answer, in milliseconds. */
export const twoFacesMs = 50;

export type ClerkKey = 'next' | 'invite' | 'end' | 'pause' | 'heard';

/** `face` counts from 0, best first. */
export type Meaning =
  | { readonly type: 'face'; readonly index: number }
  | { readonly type: 'badge'; readonly code: string }
  | { readonly type: 'clerk'; readonly key: ClerkKey };

/** The keys since the last quiet moment: what they type, how many, and when the last one came. */
export interface KeyState {
  readonly typed: string;
  readonly keys: number;
  readonly first: string;
  readonly lastAt: number;
}

export interface KeyStep {
  readonly state: KeyState;
  readonly meanings: readonly Meaning[];
  /** Whether the browser must not act on the key too: the Enter of a reader would press the button that has the focus. */
  readonly swallow: boolean;
}

export const quiet: KeyState = { typed: '', keys: 0, first: '', lastAt: Number.NEGATIVE_INFINITY };

const clerkKeys: Readonly<Record<string, ClerkKey>> = {
  n: 'next',
  i: 'invite',
  e: 'end',
  p: 'pause',
  h: 'heard',
  F2: 'next',
  F4: 'invite',
  F8: 'end',
  F9: 'pause',
  F10: 'heard',
};

const badge = /^[0-9A-Za-z]{4,32}$/;

/** Beyond the longest badge nothing can become one, and nothing more is kept. */
const longest = 33;

/** One key goes down. `key` is its name as in `KeyboardEvent.key`, `at` its time in milliseconds. Modifiers are no keys. */
export function keyDown(before: KeyState, key: string, at: number): KeyStep {
  const settled = settle(before, at);
  const state = settled.state;
  const ends = key === 'Enter' || key === 'Tab';
  if (ends && state.keys > 0) {
    const read: Meaning[] = badge.test(state.typed) ? [{ type: 'badge', code: state.typed }] : [];
    return { state: keyAfter(state, key, '', at), meanings: [...settled.meanings, ...read], swallow: true };
  }
  const typed = ends ? '' : state.typed + (key.length === 1 ? key : '\0');
  return {
    state: keyAfter(state, key, typed, at),
    meanings: settled.meanings,
    swallow: state.keys > 0 || key in clerkKeys,
  };
}

/** Once 80 ms have passed since the last key: a key that stayed alone gets its meaning, a burst without Enter gets none. */
export function settle(state: KeyState, now: number): Omit<KeyStep, 'swallow'> {
  if (state.keys === 0 || now - state.lastAt <= loneKeyMs) return { state, meanings: [] };
  const meaning = state.keys === 1 ? loneMeaning(state.first) : null;
  return { state: quiet, meanings: meaning === null ? [] : [meaning] };
}

function keyAfter(state: KeyState, key: string, typed: string, at: number): KeyState {
  return {
    typed: typed.slice(0, longest),
    keys: state.keys + 1,
    first: state.keys === 0 ? key : state.first,
    lastAt: at,
  };
}

function loneMeaning(key: string): Meaning | null {
  if (/^[1-9]$/.test(key)) return { type: 'face', index: Number(key) - 1 };
  const clerk = clerkKeys[key] ?? clerkKeys[key.toLowerCase()];
  return clerk === undefined ? null : { type: 'clerk', key: clerk };
}
