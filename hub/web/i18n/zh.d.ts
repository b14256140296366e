import type { en } from './en.ts';

/** The same keys as English; Chinese needs no singular. */
type Same<T> = {
  [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string ? string : Same<T[K]>;
};
/** The dashboard's Chinese. */
export declare const zh: Same<typeof en>;
