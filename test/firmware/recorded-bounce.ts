import type { Steps } from './bounce.ts';

/**
 * What the contact of a real push button did, pressed and let go thirteen times by hand: recorded by the pins of an Arduino Uno,
 * to 2.5 µs, with the program of github.com/adamfk/bouncy-button, whose browser page shows these measurements as its example
 * (bbb-browser/startingDataText.js, recorder version 0.2.3, its tests 1 to 26). The author did not name the button. Only the moments
 * are taken from there, in microseconds since the contact first moved: at the first it closes (or opens, when let go), at the
 * next it opens (closes), and so on. Pulses that were too short for the recorder to read twice are left out.
 */
interface Recorded {
  readonly closing: readonly number[];
  readonly opening: readonly number[];
}

/** The contact closes once, but for its bounce. */
const clean: readonly Recorded[] = [
  { closing: [1], opening: [1] },
  { closing: [1, 126, 231, 491, 495], opening: [1, 9005, 12684, 13643, 13645] },
  { closing: [1, 26, 28, 79, 84], opening: [1] },
  { closing: [1], opening: [1] },
  { closing: [1], opening: [73] },
  { closing: [1], opening: [230, 232, 256] },
  { closing: [94], opening: [1, 5, 67, 92, 399] },
  { closing: [1], opening: [1] },
];

/** Pressed slowly and softly: it closes, is open again for 43 to 87 ms, as between two presses, and closes for good. */
const hesitant: readonly Recorded[] = [
  {
    closing: [
      1, 45545, 45548, 45623, 45625, 45673, 45681, 45740, 45767, 45803, 45814, 45973, 45988, 46031, 46034, 46194, 46197,
      46252, 46258, 46360, 46370, 46433, 46443, 46491, 46493, 46674, 46707, 46765, 46792, 46838, 46846, 46910, 109746,
    ],
    opening: [1, 2, 48, 53, 412, 473, 607, 614, 737],
  },
  { closing: [1, 47114, 47116, 47253, 90562], opening: [2151] },
  { closing: [1, 17784, 17887, 18132, 105560], opening: [70] },
  { closing: [1, 76798, 125018], opening: [42] },
  {
    closing: [
      1, 2, 547, 669, 1341, 1611, 7728, 7856, 7859, 8039, 8168, 8312, 8345, 8577, 8580, 55815, 55820, 56018, 132341,
    ],
    opening: [1, 2, 92],
  },
];

/** So that a trace cannot end between two edges of one: how long the key is held, and then left alone. Hundredths of a millisecond. */
const [held, pause] = [2000, 6000];

/** As the tests play it. What was shorter than their hundredth of a millisecond takes one. */
function stepsOf({ closing, opening }: Recorded): Steps {
  const between = (moments: readonly number[]) =>
    moments.slice(1).map((moment, n) => Math.max(1, Math.round((moment - (moments[n] ?? 0)) / 10)));
  return [...between(closing), held, ...between(opening), pause];
}

export const recordedPresses: readonly Steps[] = clean.map(stepsOf);
/** Told as two presses each, for that is what the contact did: nothing says that they were one finger's. */
export const hesitantPresses: readonly Steps[] = hesitant.map(stepsOf);
