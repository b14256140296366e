import { leastSpeechShare } from '@manyi/config/recordings';
import type { Facts } from '../clips/facts.ts';

/** A shorter clip says nothing of its microphone. Milliseconds. */
const shortestMs = 5_000;
/** A service may pass without a word; at a counter where people are served so many in a row do not. */
const usualClips = 20;

/**
 * Looks after clips in which nobody speaks, for a microphone that is dead and hisses, or hears another room. `told` is called with true when
 * so many in a row were wordless, and with false when somebody speaks again.
 */
export function createSpeechWatch(
  told: (isWordless: boolean) => void,
  patienceClips = usualClips,
): (clip: Pick<Facts, 'speechShare' | 'durationMs'>) => void {
  let count = 0;
  return ({ speechShare, durationMs }) => {
    if (speechShare === null) return;
    if (speechShare >= leastSpeechShare) {
      if (count >= patienceClips) told(false);
      count = 0;
    } else if (durationMs >= shortestMs) {
      count += 1;
      if (count === patienceClips) told(true);
    }
  };
}

/** One line that says what to do. */
export function wordlessLine(clips: number = usualClips): string {
  const mend =
    'see that the microphone is plugged in, switched on and turned to the counter, and raise its level (alsamixer, F4)';
  return `nobody was heard in the last ${clips} recordings: ${mend}`;
}
