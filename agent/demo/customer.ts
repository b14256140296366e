import { type ProfileId, profiles } from '@manyi/config/profiles';
import { type Reason, reasonNames } from '@manyi/config/reasons';
import type { Chance } from './chance.ts';
import type { HallClerk } from './hall.ts';

/** How a customer of the demo behaves. */
export interface Customer {
  readonly business: string;
  /** How long the service takes, relative to the usual. */
  readonly patience: number;
  /** When the customer presses: before being asked, when asked, or not at all; `not-now` uses that key when asked. */
  readonly answers: 'unasked' | 'asked' | 'not-now' | 'never';
  readonly level: string;
  /** How many times the face is pressed again. */
  readonly repeats: number;
  /** Whether a child's hand is on another face at the same time, at first. */
  readonly twoFaces: boolean;
  readonly reason: Reason | null;
}

const businesses = ['开户', '缴费', '过户', '报修', '咨询'].map((name) => [name, 1] as const);

/** The next customer of this clerk. */
export function nextCustomer(chance: Chance, clerk: HallClerk, profile: ProfileId): Customer {
  return {
    business: chance.pick(businesses),
    patience: chance.between(0.6, 1.8),
    answers: chance.pick([
      ['asked', 62],
      ['never', 25],
      ['unasked', 9],
      ['not-now', 4],
    ]),
    level: mood(chance, clerk, profile),
    repeats: chance.happens(0.05) ? Math.round(chance.between(2, 9)) : 0,
    twoFaces: chance.happens(0.02),
    reason: chance.happens(0.18) ? chance.pick(reasonNames.map((name) => [name, 1] as const)) : null,
  };
}

/** A face other than this one. */
export function anotherLevel(profile: ProfileId, level: string): string {
  return profiles[profile].levels.find(({ name }) => name !== level)?.name ?? level;
}

/** Good faces as often as the clerk is warm, the best one most; of the others the milder more often. */
function mood(chance: Chance, clerk: HallClerk, profile: ProfileId): string {
  const pleased = chance.happens(clerk.warmth);
  const faces = profiles[profile].levels.filter(({ polarity }) => (polarity === 'good') === pleased);
  return chance.pick(faces.map(({ name }, index) => [name, faces.length - index] as const));
}
