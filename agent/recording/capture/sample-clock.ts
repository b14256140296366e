import { samplesPerSecond } from '@manyi/firmware/sound/format';

/** When the samples of one unbroken run of sound were heard. Instants are epoch milliseconds by the agent's own time. */
export interface SampleClock {
  /** So many samples of the run have come by this instant. */
  come(samples: number, at: number): void;
  /** When the sample with this number in the run was, or will be, heard; null before the first has come. */
  heardAt(sample: number): number | null;
  /** Which sample is heard at an instant; null before the first has come. */
  sampleAt(instant: number): number | null;
}

export const samplesPerMs = samplesPerSecond / 1000;

/** Of so many samples the one that came with the least delay is believed. */
const windowSamples = 10 * samplesPerSecond;

/**
 * Sound always comes late, never early: by what the recorder gathers, and by whatever the machine was busy with. So the least delay of the
 * last ten to twenty seconds is the best that is known of when a run's first sample was heard. It is taken anew all the time, because no
 * two clocks agree: a sound card that is 100 ppm off is a second and a half away after four hours.
 */
export function createSampleClock(): SampleClock {
  let windowEnds = windowSamples;
  let before = Number.POSITIVE_INFINITY;
  let least = Number.POSITIVE_INFINITY;
  const first = () => {
    const known = Math.min(before, least);
    return Number.isFinite(known) ? known : null;
  };
  return {
    come(samples, at) {
      if (samples > windowEnds) {
        windowEnds = samples + windowSamples;
        before = least;
        least = Number.POSITIVE_INFINITY;
      }
      least = Math.min(least, at - samples / samplesPerMs);
    },
    heardAt(sample) {
      const known = first();
      return known === null ? null : known + sample / samplesPerMs;
    },
    sampleAt(instant) {
      const known = first();
      return known === null ? null : Math.round((instant - known) * samplesPerMs);
    },
  };
}
