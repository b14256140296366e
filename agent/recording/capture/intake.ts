import type { CounterHardware } from '../../hardware.ts';
import type { Facts } from '../clips/facts.ts';
import type { Need } from '../shared-part.ts';
import { createGaps } from './gaps.ts';
import type { MicrophonePart } from './microphone-part.ts';
import { createRing, type Ring } from './ring.ts';
import { createSilenceWatch, deafLine } from './silence.ts';
import { createSpeechWatch, wordlessLine } from './speech-watch.ts';

/** The counter's sound as far as recordings want it: held for a while, watched for silence, and told of on the counter's screen. */
export interface Intake {
  /** What is held; null while nothing is wanted. */
  readonly ring: () => Ring | null;
  /** Whether sound is being held. */
  readonly isOn: () => boolean;
  /** From now on so much is held, in milliseconds, and nothing of what was before; null wants none. */
  want(reachMs: number | null): void;
  /** A clip was made of it. */
  recorded(clip: Pick<Facts, 'speechShare' | 'durationMs'>): void;
}

/** How long a microphone may be silent, and in how many clips in a row nobody may speak, before it counts as dead. */
export interface Patience {
  readonly silentSeconds: number;
  readonly wordlessClips: number;
}

export interface IntakeParts {
  readonly hardware: Pick<CounterHardware, 'channels' | 'isHeard' | 'onAudio' | 'onBreak' | 'onGap'>;
  readonly ear: MicrophonePart;
  /** Whether all of the sound comes here. */
  readonly whole: Need;
  /** The agent's own time (epoch milliseconds). */
  readonly now: () => number;
  /** `isOn` has changed. */
  readonly onChange: () => void;
  /** As much as is usual unless given. */
  readonly patience?: Patience | undefined;
}

export function createIntake({ hardware, ear, whole, now, onChange, patience }: IntakeParts): Intake {
  const gaps = createGaps(hardware.channels, whole);
  let ring: Ring | null = null;
  let watch: (audio: Buffer) => void = () => {};
  let recorded: Intake['recorded'] = () => {};
  let shown = false;

  const isOn = () => ring !== null && hardware.isHeard();

  function show(): void {
    if (isOn() === shown) return;
    shown = !shown;
    onChange();
  }

  function silence(channel: number | null): void {
    if (channel === null) ear.hears();
    else ear.deaf(deafLine(channel, hardware.channels));
  }

  function wordless(isWordless: boolean): void {
    if (isWordless) ear.wordless(wordlessLine(patience?.wordlessClips));
    else ear.speaks();
  }

  hardware.onAudio((audio) => {
    // A microphone that has failed proves itself before it is believed: until then nothing of it is joined to anything.
    if (ring === null || !hardware.isHeard()) return;
    ring.hear(audio, now());
    watch(audio);
    gaps.heard(audio);
    show();
  });
  hardware.onGap((atLeastMs) => {
    if (ring === null) return;
    // Numbers go on, time does not: as after a microphone that was away.
    ring.breakOff();
    gaps.gap(atLeastMs);
  });
  hardware.onBreak(() => {
    ring?.breakOff();
    show();
  });

  return {
    ring: () => ring,
    isOn,
    want(reachMs) {
      // Whether it is silent, and whether anybody speaks, nobody knows any more.
      ear.hears();
      ear.speaks();
      gaps.forget();
      ring = reachMs === null ? null : createRing(hardware.channels, reachMs / 1000);
      watch = createSilenceWatch(hardware.channels, silence, patience?.silentSeconds);
      recorded = createSpeechWatch(wordless, patience?.wordlessClips);
      show();
    },
    recorded: (clip) => recorded(clip),
  };
}
