import { isCrowded, toDrop } from './budget.ts';
import type { KeptClip } from './kept-clip.ts';
import { bytesOf, type Shelf } from './shelf.ts';

export interface RoomParts {
  readonly shelf: Shelf;
  /** What all clips may take together. */
  readonly budgetBytes: number;
  /** The clips that the hub holds. */
  readonly held: () => readonly string[];
  /** So many held clips take the room of others, which go for that; null once some of them are here no more, or are held no longer. */
  readonly onCrowded: (held: number | null) => void;
  /** What the disk has left. */
  readonly freeBytes: () => number;
}

/** Events come first: so much is left for them. */
export const leastFreeBytes = 100 * 1024 * 1024;

/** Tells, each time that it is asked, which clips have to go now for want of room, in this order. */
export function createRoomWatch({ shelf, budgetBytes, held, onCrowded, freeBytes }: RoomParts): () => KeptClip[] {
  /** What the held clips took when others last had to go for them. */
  let crowdingBytes: number | null = null;

  /** Says once that held clips take the room of others, until they take less. */
  function noteCrowd(held: readonly KeptClip[], isNow: (bytes: number) => boolean): void {
    const bytes = bytesOfAll(held);
    if (crowdingBytes === null ? isNow(bytes) : bytes > crowdingBytes) {
      crowdingBytes = bytes;
      onCrowded(held.length);
    } else if (crowdingBytes !== null && bytes < crowdingBytes) {
      crowdingBytes = null;
      onCrowded(null);
    }
  }

  return () => {
    const clips = shelf.all();
    const stays = new Set(held());
    const mayGo = (clip: KeptClip) =>
      ['waiting', 'announced'].includes(clip.facts().state) && !stays.has(clip.recording);
    const staying = bytesOfAll(clips.filter((clip) => !mayGo(clip)));
    const room = { budget: budgetBytes, staying, free: freeBytes(), leastFree: leastFreeBytes };
    const known = clips.filter(mayGo).map((clip) => clip.facts());
    noteCrowd(
      clips.filter(({ recording }) => stays.has(recording)),
      (bytes) => isCrowded(known, room, bytes),
    );
    return toDrop(known, room).flatMap(({ recording }) => shelf.get(recording) ?? []);
  };
}

function bytesOfAll(clips: readonly KeptClip[]): number {
  return clips.reduce((sum, clip) => sum + bytesOf(clip), 0);
}
