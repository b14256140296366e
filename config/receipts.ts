import { z } from 'zod';
import { uuid } from './ids.ts';

/** The hub's word that every number of the outbox up to and including `through` is safe, and may be forgotten. */
export const receipt = z.object({ outbox: uuid, through: z.int().min(0) });
export type Receipt = z.infer<typeof receipt>;
