import { createHash, randomBytes } from 'node:crypto';

/** How long a sign-in lasts, in milliseconds: a working day with room on both sides. */
export const sessionMs = 12 * 60 * 60 * 1000;

/** A secret to hand out once: 256 random bits in base64url. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What the hub keeps of a random secret. A fast hash suffices, because nobody can try 2^256 of them. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
