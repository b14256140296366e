import { keepOpen, type Opened } from '../reopen.ts';
import { bytesOf, bytesPerSample, samplesOf, samplesPerSecond } from '../sound/format.ts';
import type { Phrase, Speaker } from './contract.ts';
import { readSounds, type SoundOptions, type Sounds } from './sounds.ts';

/** Sound on its way out. */
export interface Playing {
  /** Settles at its end: with null, or with one line of cause when it could not be played. Never rejects. */
  readonly ended: Promise<string | null>;
  /** Breaks it off. */
  cut(): void;
}

/** Begins to play sound of one channel. */
export type Player = (audio: Buffer) => Playing;

export interface SpeakerOptions extends SoundOptions {
  /** How loud, of 100. */
  readonly volume: number;
}

/** Sound takes its own time; a player that takes so much more has stalled. Milliseconds. */
const stallsAfterMs = 5_000;
const usualFirstWaitMs = 1_000;
const silence = Buffer.alloc(bytesPerSample * 0.1 * samplesPerSecond);

/**
 * A speaker out of any player that may be missing or fail. Whether it can play is tried with a moment of silence, at the start
 * and after a failure again and again: so that a speaker without its plug is known before a customer stands there.
 */
export function createSpeaker(options: SpeakerOptions, player: Player, firstWaitMs = usualFirstWaitMs): Speaker {
  let sounds: Sounds | null = null;
  let playing: Playing | null = null;
  const tell = (cause: string): void => line.trouble(cause);
  let fail = tell;
  let closed = false;

  async function open(): Promise<Opened> {
    sounds ??= readSounds({ languages: options.languages });
    sounds = readSounds(options);
    const cause = await endOf(player(silence), silence);
    if (cause !== null) throw new Error(cause);
    const ended = new Promise<string>((resolve) => {
      fail = resolve;
    });
    return {
      ended,
      close() {
        fail = tell;
      },
    };
  }

  async function play(audio: Buffer): Promise<boolean> {
    playing?.cut();
    playing = null;
    if (closed) return false;
    const mine = player(louder(audio, options.volume / 100));
    playing = mine;
    const cause = await endOf(mine, audio);
    if (playing !== mine) return false;
    playing = null;
    if (cause !== null) fail(cause);
    return cause === null;
  }

  const line = keepOpen(open, firstWaitMs);
  return {
    say: async (phrase: Phrase) => sounds !== null && play(sounds[phrase]),
    play,
    test: async () => playing !== null || play(silence),
    onFailure: line.onFailure,
    onRestored: line.onRestored,
    close() {
      closed = true;
      playing?.cut();
      playing = null;
      line.close();
    },
  };
}

/** What comes of it; a player that stalls is cut off. */
async function endOf(playing: Playing, audio: Buffer): Promise<string | null> {
  const ms = (audio.length / bytesPerSample / samplesPerSecond) * 1000;
  let timer: NodeJS.Timeout | undefined;
  const stalled = new Promise<string>((resolve) => {
    timer = setTimeout(() => {
      resolve('the speaker takes no sound: plug it in anew, and see MANYI_SPEAKER_DEVICE');
      playing.cut();
    }, ms + stallsAfterMs);
  });
  const outcome = await Promise.race([playing.ended, stalled]);
  clearTimeout(timer);
  return outcome;
}

function louder(audio: Buffer, factor: number): Buffer {
  return bytesOf(samplesOf(audio).map((sample) => Math.round(sample * factor)));
}
