import { z } from 'zod';
import { instant } from './ids.ts';

const place = z.object({
  ticket: z.string().max(64).nullish(),
  business: z.string().max(64).nullish(),
});

/**
 * What the hub may ask of a terminal: the data of each command by its name. The first five are on behalf of the clerk.
 * `self-test` tries the parts which need no hand, and is answered by a status. `listen` asks for live sound on the audio topic for so
 * many seconds; asked again in time it goes on, so that it ends by itself when the hub is gone.
 */
export const commandData = {
  next: place,
  invite: z.object({}),
  end: z.object({}),
  pause: z.object({ reason: z.string().max(64).nullish() }),
  resume: z.object({}),
  'self-test': z.object({}),
  listen: z.object({ seconds: z.int().min(1).max(60) }),
  'stop-listening': z.object({}),
} as const;

export type CommandName = keyof typeof commandData;
export const commandNames = Object.keys(commandData) as [CommandName, ...CommandName[]];

/** A command: done once per `id`, and not at all after `expires`. */
export const command = z.discriminatedUnion('name', [
  z.object({ id: z.string().min(1).max(128), name: z.literal('next'), data: commandData.next, expires: instant }),
  z.object({ id: z.string().min(1).max(128), name: z.literal('invite'), data: commandData.invite, expires: instant }),
  z.object({ id: z.string().min(1).max(128), name: z.literal('end'), data: commandData.end, expires: instant }),
  z.object({ id: z.string().min(1).max(128), name: z.literal('pause'), data: commandData.pause, expires: instant }),
  z.object({ id: z.string().min(1).max(128), name: z.literal('resume'), data: commandData.resume, expires: instant }),
  z.object({
    id: z.string().min(1).max(128),
    name: z.literal('self-test'),
    data: commandData['self-test'],
    expires: instant,
  }),
  z.object({ id: z.string().min(1).max(128), name: z.literal('listen'), data: commandData.listen, expires: instant }),
  z.object({
    id: z.string().min(1).max(128),
    name: z.literal('stop-listening'),
    data: commandData['stop-listening'],
    expires: instant,
  }),
]);
export type Command = z.infer<typeof command>;
