import type { Server } from '@tus/server';
import { Refusal } from '../errors.ts';
import type { Keep } from './keep/keep.ts';
import { keptName } from './keep/keep.ts';
import { type Seal, unseal } from './keep/sealed.ts';
import type { Incoming } from './upload/incoming.ts';

/** What is there while recordings can be taken in and played: nothing of it without the key. */
export interface Works {
  readonly key: Buffer;
  readonly keep: Keep;
  readonly incoming: Incoming;
  readonly tus: Pick<Server, 'handle'>;
}

/** 503 with the line that says what to do. */
export function off(why: string): Refusal {
  return new Refusal(503, `recordings are off: ${why}`);
}

/** A stored clip's bytes from `from` to `to` (excluded). */
export function soundOf({ key, keep }: Works, recording: string, from: number, to: number): AsyncGenerator<Buffer> {
  const seal: Seal = { key, recording };
  return unseal((start, end) => keep.read(keptName(recording), start, end), from, to, seal);
}
