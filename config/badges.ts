import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number }, Buffer>(scrypt);

/**
 * A badge as it stands in a roster: scrypt (RFC 7914) of the code, salted with the hub's roster key, in base64url.
 * Slow, so that a stolen roster does not give away the few digits of a badge. `rosterKey` is base64url.
 */
export async function badgeHash(code: string, rosterKey: string): Promise<string> {
  const hash = await derive(code, Buffer.from(rosterKey, 'base64url'), 32, { N: 16384, r: 8, p: 1 });
  return hash.toString('base64url');
}
