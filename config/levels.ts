import { z } from 'zod';

/** How a level weighs in the satisfaction rate; every level of a profile has exactly one. */
export const polarity = z.enum(['good', 'neutral', 'bad']);
export type Polarity = z.infer<typeof polarity>;

/** Words for people, always in both languages of the product. */
export const words = z.object({ zh: z.string(), en: z.string() });
export type Words = z.infer<typeof words>;

/** The name of a level, as it stands in events and counts. */
export const levelName = z.string().regex(/^[a-z][a-z-]{0,30}$/);

/** One face of a panel. `weight` is its share of the satisfaction index, 0–100. */
export const level = z.object({ name: levelName, words, polarity, weight: z.number().min(0).max(100) });
export type Level = z.infer<typeof level>;
