import { bytesPerSample, samplesPerSecond } from '../sound/format.ts';
import type { Speaker } from './contract.ts';
import { createSpeaker, type SpeakerOptions } from './speaker.ts';

/** A speaker that nobody hears, and that takes the time of a real one. */
export interface SimulatedSpeaker extends Speaker {
  /** What was begun to be played, its moments of silence too, the latest last. */
  readonly played: readonly Buffer[];
  /** With a cause nothing can be played from now on; with null it can again. */
  fail(cause: string | null): void;
}

export function createSimulatedSpeaker(options: SpeakerOptions, firstWaitMs?: number): SimulatedSpeaker {
  const played: Buffer[] = [];
  let failure: string | null = null;
  const speaker = createSpeaker(
    options,
    (audio) => {
      played.push(audio);
      let cut: () => void = () => {};
      const ended = new Promise<string | null>((resolve) => {
        const ms = failure === null ? (audio.length / bytesPerSample / samplesPerSecond) * 1000 : 0;
        const timer = setTimeout(() => resolve(failure), ms);
        cut = () => {
          clearTimeout(timer);
          resolve(null);
        };
      });
      return { ended, cut };
    },
    firstWaitMs,
  );
  return {
    ...speaker,
    played,
    fail(cause) {
      failure = cause;
    },
  };
}
