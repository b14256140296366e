import type { Rated } from './decision.ts';

/** A clip that may have to go. Instants are epoch milliseconds. */
export interface Droppable {
  readonly recording: string;
  readonly bytes: number;
  readonly rated: Rated | null;
  readonly startedAt: number;
}

/** What there is room for, in bytes. */
export interface Room {
  /** What all clips may take together, and what those take that cannot go: they are being recorded, or the hub holds them. */
  readonly budget: number;
  readonly staying: number;
  /** What the disk has left, and what has to be left on it. */
  readonly free: number;
  readonly leastFree: number;
}

/** The better the rating, the sooner a clip goes: the bad ones are those that somebody will ask for. */
const order: readonly (Rated | null)[] = ['good', null, 'neutral', 'bad', 'unknown'];

/** Which clips have to go, in this order, until what is left fits: best-rated first, and of equals the oldest. */
export function toDrop<T extends Droppable>(clips: readonly T[], room: Room): T[] {
  const used = clips.reduce((sum, { bytes }) => sum + bytes, room.staying);
  let missing = Math.max(used - room.budget, room.leastFree - room.free);
  // Mostly there is room, and nothing to put in order.
  if (missing <= 0) return [];
  const dropped: T[] = [];
  for (const clip of [...clips].sort(byWorth)) {
    if (missing <= 0) break;
    missing -= clip.bytes;
    dropped.push(clip);
  }
  return dropped;
}

/** Whether fewer would have to go without what those take that the hub holds, in bytes. */
export function isCrowded(clips: readonly Droppable[], room: Room, held: number): boolean {
  const without = { ...room, staying: room.staying - held, free: room.free + held };
  return toDrop(clips, without).length < toDrop(clips, room).length;
}

function byWorth(a: Droppable, b: Droppable): number {
  return order.indexOf(a.rated) - order.indexOf(b.rated) || a.startedAt - b.startedAt;
}
