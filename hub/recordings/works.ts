import type { Server } from '@tus/server';
import { Refusal } from '../errors.ts';

/** What is there while clips can be taken in and played: nothing of it without the key. */
export interface Works {
  readonly key: Buffer;
  readonly tus: Pick<Server, 'handle'>;
  /** Whether there is room for what a clip still takes when so much of it has come. */
  readonly hasRoomFor: (bytes: number, come: number) => Promise<boolean>;
  /** Resolves when nothing brings this clip to where it is kept any more. */
  readonly settled: (recording: string) => Promise<void>;
}

/** 503 with the line that says what to do. */
export function off(why: string): Refusal {
  return new Refusal(503, `recordings are off: ${why}`);
}
