import { type Listening, type ListeningState, listening } from '@manyi/config/listening';
import { send } from '../http/client.ts';
import { type LineEnd, openLine } from './line.ts';
import { canSpeak, openSpeaker, type Speaker } from './speaker.ts';

/** What is happening with a listening. */
export type Phase =
  | { readonly is: 'asking' }
  | { readonly is: 'starting' }
  | { readonly is: 'hearing'; readonly state: ListeningState }
  | { readonly is: 'lost' }
  | { readonly is: 'ended'; readonly why: LineEnd }
  | { readonly is: 'refused'; readonly error: Error }
  | { readonly is: 'mute' };

/** One supervisor's listening to one counter, as the page shows it. */
export interface Shown {
  readonly phase: Phase;
  readonly listening: Listening | null;
  /** When it began, by this machine's clock: epoch milliseconds. */
  readonly since: number;
  readonly others: readonly string[];
  /** The highest sample of the last tenth of a second, 0 … 1. */
  readonly level: number;
  /** Whether nothing is to be heard at the counter for a while. */
  readonly isSilent: boolean;
  readonly volume: number;
}

export interface Session {
  readonly shown: () => Shown;
  subscribe(listener: () => void): () => void;
  /** To be called in answer to a click. */
  start(purpose: string): Promise<void>;
  stop(): void;
  setVolume(volume: number): void;
}

/** −50 dB of full scale: quieter than a word at the counter. */
const quiet = 0.003;
const silentAfterMs = 3_000;

const nothing: Shown = {
  ...{ phase: { is: 'asking' }, listening: null, since: 0, others: [], level: 0, isSilent: false, volume: 0.8 },
};

/** Makes the session of a counter. Nothing happens before `start`; it can be started again after its end. */
export function createSession(place: { readonly site: string; readonly counter: string }): Session {
  const listeners = new Set<() => void>();
  let shown: Shown = nothing;
  let speaker: Speaker | null = null;
  let hangUp = () => {};
  let loudAt = 0;
  /** Counts the starts, so that what a stopped one still brings is put away. */
  let round = 0;

  function show(change: Partial<Shown>): void {
    shown = { ...shown, ...change };
    for (const listener of listeners) listener();
  }

  function silence(): void {
    round += 1;
    hangUp();
    hangUp = () => {};
    speaker?.close();
    speaker = null;
  }

  function finish(phase: Phase): void {
    silence();
    show({ phase, level: 0, isSilent: false, others: [] });
  }

  function played(peak: number): void {
    const now = performance.now();
    if (peak > quiet) loudAt = now;
    show({ level: peak, isSilent: now - loudAt > silentAfterMs });
  }

  async function openOwnSpeaker(mine: number): Promise<Speaker | null> {
    try {
      const opened = await openSpeaker(shown.volume, ({ peak }) => mine === round && played(peak));
      if (mine === round) return opened;
      opened.close();
    } catch {
      if (mine === round) finish({ is: 'mute' });
    }
    return null;
  }

  function join(begun: Listening, to: Speaker): void {
    loudAt = performance.now();
    show({ listening: begun, since: Date.now() });
    hangUp = openLine(begun.listening, {
      onFrame: to.play,
      onState: ({ state, others }) => show({ phase: { is: 'hearing', state }, others }),
      onLost: () => show({ phase: { is: 'lost' }, level: 0 }),
      onEnd: (why) => finish({ is: 'ended', why }),
    });
  }

  async function start(purpose: string): Promise<void> {
    silence();
    if (!canSpeak()) {
      finish({ is: 'mute' });
      return;
    }
    const mine = round;
    show({ phase: { is: 'starting' }, listening: null, others: [], level: 0 });
    // First what needs the click; nothing is asked of the counter when this machine cannot play it.
    const opened = await openOwnSpeaker(mine);
    if (opened === null) return;
    speaker = opened;
    try {
      const begun = await send(listening, 'POST', '/listenings', { ...place, purpose });
      if (mine === round) join(begun, opened);
    } catch (error) {
      if (mine === round) finish({ is: 'refused', error: error as Error });
    }
  }

  return {
    shown: () => shown,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start,
    stop: () => finish({ is: 'asking' }),
    setVolume(volume) {
      speaker?.setVolume(volume);
      show({ volume });
    },
  };
}
