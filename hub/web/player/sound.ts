import type { Recording } from '@manyi/config/recordings';
import { type Format, formatFor, openSound, tellPlaying } from './sound-file.ts';

/** A recording with sound: how long it is, is known. */
export type Playable = Recording & { readonly durationMs: number };

/** How it stands with a sound. Places are milliseconds from the clip's start. */
export interface SoundState {
  /** `refused`: the hub does not let it be heard, `error` says why; `broken`: it was sent, and the browser could not play on. */
  readonly phase: 'closed' | 'opening' | 'open' | 'refused' | 'broken';
  readonly isPlaying: boolean;
  /** Whether it waits for more from the hub. */
  readonly isWaiting: boolean;
  readonly at: number;
  readonly rate: number;
  readonly format: Format;
  readonly error: Error | null;
}

/** A recording's sound, as its player moves it. Nothing of it is heard that is not in the audit log. */
export interface Sound {
  readonly state: () => SoundState;
  readonly subscribe: (changed: () => void) => () => void;
  /** Plays it, for this purpose. */
  readonly open: (purpose: string) => void;
  readonly toggle: () => void;
  readonly seek: (ms: number) => void;
  readonly setRate: (rate: number) => void;
  /** Ends it: what the browser still fetches is let go. */
  readonly close: () => void;
}

const atFirst: SoundState = {
  phase: 'closed',
  isPlaying: false,
  isWaiting: false,
  at: 0,
  rate: 1,
  format: 'ogg',
  error: null,
};

/** How far a jump goes, in milliseconds. */
export const jumpMs = 5_000;

/** How often the hub hears that it still plays, so that the audit log can tell for how long. */
const tellEveryMs = 5_000;

/** A pause so long is the end of a play for the hub, unless a browser goes on fetching: then it has to let go. */
const restAfterMs = 60_000;

export function createSound(audio: HTMLAudioElement, { recording, durationMs }: Playable): Sound {
  const listeners = new Set<() => void>();
  let state = atFirst;
  let purpose = '';
  let loads = 0;
  let telling: ReturnType<typeof setInterval> | undefined;
  let resting: ReturnType<typeof setTimeout> | undefined;

  function set(part: Partial<SoundState>): void {
    state = { ...state, ...part };
    for (const changed of listeners) changed();
  }

  async function guarded(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      audio.pause();
      set({ phase: 'refused', error: cause instanceof Error ? cause : new Error(String(cause)) });
    }
  }

  async function load(format: Format): Promise<void> {
    loads += 1;
    const own = loads;
    set({ phase: 'opening', format, error: null });
    const address = await openSound(recording, purpose, format);
    // It may have been closed meanwhile, or opened for another purpose.
    if (own !== loads) return;
    audio.src = address;
    audio.currentTime = state.at / 1000;
    set({ phase: 'open' });
    await begin(audio);
  }

  /** A play that has ended at the hub meanwhile is begun anew there. */
  async function account(): Promise<void> {
    if (!(await tellPlaying(recording))) await openSound(recording, purpose, state.format);
  }

  async function resume(): Promise<void> {
    if (!audio.hasAttribute('src')) return load(state.format);
    await account();
    await begin(audio);
  }

  /** Lets go of what the browser fetches; the place stays. */
  function rest(): void {
    audio.removeAttribute('src');
    audio.load();
  }

  function failed(): void {
    if (audio.error === null) return;
    // A browser need not say that it has paused.
    played(false);
    set({ isWaiting: false });
    const neverBegan = audio.error.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED || audio.currentTime === 0;
    if (neverBegan && state.format === 'ogg') void guarded(() => load('aac'));
    else set({ phase: 'broken' });
  }

  function played(isPlaying: boolean): void {
    clearInterval(telling);
    clearTimeout(resting);
    set({ isPlaying });
    if (isPlaying) telling = setInterval(() => void guarded(account), tellEveryMs);
    else {
      resting = setTimeout(rest, restAfterMs);
      void tellPlaying(recording).catch(() => false);
    }
  }

  function place(): void {
    if (audio.hasAttribute('src')) set({ at: Math.min(durationMs, audio.currentTime * 1000) });
  }

  audio.addEventListener('play', () => played(true));
  audio.addEventListener('pause', () => played(false));
  audio.addEventListener('waiting', () => set({ isWaiting: true }));
  audio.addEventListener('playing', () => set({ isWaiting: false }));
  audio.addEventListener('timeupdate', place);
  audio.addEventListener('error', failed);

  return {
    state: () => state,
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    open(why) {
      purpose = why;
      void guarded(() => load(formatFor(audio)));
    },
    toggle() {
      if (!audio.paused) audio.pause();
      else if (state.phase === 'open') void guarded(resume);
    },
    seek(ms) {
      const at = Math.max(0, Math.min(durationMs, ms));
      set({ at });
      if (state.phase === 'open') audio.currentTime = at / 1000;
    },
    setRate(rate) {
      set({ rate });
      audio.defaultPlaybackRate = rate;
      audio.playbackRate = rate;
    },
    close() {
      loads += 1;
      if (state.isPlaying) played(false);
      clearTimeout(resting);
      rest();
      set({ phase: 'closed' });
    },
  };
}

/** What a browser says that wants another press before it plays, or that was told of another sound meanwhile. */
const passing = ['NotAllowedError', 'AbortError', 'NotSupportedError'];

async function begin(audio: HTMLAudioElement): Promise<void> {
  await audio.play().catch((cause: unknown) => {
    if (!(cause instanceof DOMException) || !passing.includes(cause.name)) throw cause;
  });
}
