import { z } from 'zod';
import { id, uuid } from './ids.ts';
import { profileIds } from './profiles.ts';
import { defaultRecordingPolicy, recordingPolicy } from './recordings.ts';

/** Whether services begin with a call, or every press at a counter is a service of its own. */
export const siteMode = z.enum(['called', 'continuous']);
export type SiteMode = z.infer<typeof siteMode>;

/** So many clips that are still at a terminal can be held there. */
export const mostHeld = 1000;

/** What the hub sets for a terminal, retained: where it stands and by which rules. */
export const terminalSettings = z.object({
  site: z.object({ id, name: z.string(), timeZone: z.string(), mode: siteMode }),
  counter: z.object({ id, name: z.string() }),
  profile: z.enum(profileIds),
  recording: recordingPolicy.default(defaultRecordingPolicy),
  /** The clips that somebody holds at the hub and that it does not have yet: the terminal does not give them up for want of room. */
  held: z.array(uuid).max(mostHeld).default([]),
});
export type TerminalSettings = z.infer<typeof terminalSettings>;
