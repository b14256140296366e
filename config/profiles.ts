import type { Level, Polarity } from './levels.ts';

/** A metric profile: the levels from best to worst, and worked examples that any implementation must reproduce. */
export interface Profile {
  readonly id: ProfileId;
  readonly words: { readonly zh: string; readonly en: string };
  readonly levels: readonly Level[];
  readonly vectors: readonly Vector[];
}

/** Counts in the order of the profile's levels, and what the formulas make of them. `mean` is on a scale of one point a level. */
export interface Vector {
  readonly counts: readonly number[];
  readonly satisfactionIndex: number;
  readonly mean?: number;
}

export const profileIds = ['four-key', 'five-level'] as const;
export type ProfileId = (typeof profileIds)[number];

/** Weights are thirds, not their two decimals: only so does the vector come out at 78.23. */
const fourKey: Profile = {
  id: 'four-key',
  words: { zh: '四键评价', en: 'Four keys' },
  levels: [
    { name: 'very-satisfied', words: { zh: '非常满意', en: 'Very satisfied' }, polarity: 'good', weight: 100 },
    { name: 'satisfied', words: { zh: '满意', en: 'Satisfied' }, polarity: 'good', weight: 200 / 3 },
    { name: 'average', words: { zh: '一般', en: 'Average' }, polarity: 'neutral', weight: 100 / 3 },
    { name: 'dissatisfied', words: { zh: '不满意', en: 'Dissatisfied' }, polarity: 'bad', weight: 0 },
  ],
  vectors: [{ counts: [126, 60, 16, 17], satisfactionIndex: 78.23 }],
};

const fiveLevel: Profile = {
  id: 'five-level',
  words: { zh: '好差评', en: 'Five levels' },
  levels: [
    { name: 'very-satisfied', words: { zh: '非常满意', en: 'Very satisfied' }, polarity: 'good', weight: 100 },
    { name: 'satisfied', words: { zh: '满意', en: 'Satisfied' }, polarity: 'good', weight: 75 },
    { name: 'basically-satisfied', words: { zh: '基本满意', en: 'Fairly satisfied' }, polarity: 'good', weight: 50 },
    { name: 'dissatisfied', words: { zh: '不满意', en: 'Dissatisfied' }, polarity: 'bad', weight: 25 },
    { name: 'very-dissatisfied', words: { zh: '非常不满意', en: 'Very dissatisfied' }, polarity: 'bad', weight: 0 },
  ],
  vectors: [{ counts: [51, 23, 12, 2, 4], satisfactionIndex: 81.25, mean: 4.25 }],
};

/** Every profile by its id. A new one is a new entry here: panel, screens and scores follow it. */
export const profiles: Readonly<Record<ProfileId, Profile>> = { 'four-key': fourKey, 'five-level': fiveLevel };

/** What a fresh site has. */
export const defaultProfile: ProfileId = 'four-key';

/** Whether the text names a profile that this version knows. */
export function isProfileId(text: string): text is ProfileId {
  return (profileIds as readonly string[]).includes(text);
}

/** The place of a level within its profile, best first, or -1. */
export function levelIndex(profile: ProfileId, name: string): number {
  return profiles[profile].levels.findIndex((level) => level.name === name);
}

/** Whether a level of a profile is good, neutral or bad; null where the profile does not have it. */
export function polarityOf(profile: ProfileId, name: string): Polarity | null {
  return profiles[profile].levels.find((level) => level.name === name)?.polarity ?? null;
}
