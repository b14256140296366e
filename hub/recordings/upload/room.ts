import type { Incoming } from './incoming.ts';

/** Left free for everything else that the hub must write, in bytes. */
const keptFree = 256 * 1024 * 1024;

/** What is said where there is no room for a clip. */
export const noRoom = 'the disk for recordings is full: make room, or keep them for less time';

/** Whether there is room for so many bytes of a clip: on its way in, and where it is kept. */
export async function hasRoom(incoming: Pick<Incoming, 'free'>, bytes: number): Promise<boolean> {
  return (await incoming.free()) > keptFree + 2 * bytes;
}
