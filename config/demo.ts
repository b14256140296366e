import { z } from 'zod';
import { counter, newBadge, newClerk, newEnrolment } from './api.ts';

/** What the two processes of the demo say to each other, and the name by which a dashboard knows invented figures. */

/** The site of the demo hall. Whatever belongs to it was made up. */
export const demoSite = 'demo-hall';

/** The hall first: who and what is in it. */
export const demoCast = z.object({
  counters: z.array(counter.omit({ site: true })),
  clerks: z.array(newClerk.omit({ site: true })),
  badges: z.array(newBadge),
});
export type DemoCast = z.infer<typeof demoCast>;

/** The hub then: its terminals, each with the code that enrols it. */
export const demoStage = z.object({
  terminals: z.array(newEnrolment.extend({ code: z.string().min(1) })),
  timeZone: z.string(),
});
export type DemoStage = z.infer<typeof demoStage>;

/** The hall at last, when its terminals run: the address of every counter screen. */
export const demoOpened = z.object({ screens: z.array(z.object({ counter: z.string(), address: z.string() })) });
export type DemoOpened = z.infer<typeof demoOpened>;
