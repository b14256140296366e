import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

const derive = promisify<string, Buffer, number, Cost, Buffer>(scrypt);
const bytes = 32;

/** One of the settings of scrypt (RFC 7914) that OWASP's password storage sheet holds for equal; 16 MiB. */
const cost: Cost = { N: 2 ** 14, r: 8, p: 5 };

/** `scrypt$N$r$p$salt$hash`: the parameters are kept, so that a later, dearer setting leaves old passwords valid. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return written(salt, await derive(password.normalize('NFKC'), salt, bytes, cost));
}

/** The form of a hashed password that no password fits: what is compared with where there is no user. */
export function decoyPassword(): string {
  return written(randomBytes(16), randomBytes(bytes));
}

function written(salt: Buffer, hash: Buffer): string {
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** Whether the password is the one that was hashed. Takes as long for a wrong one as for the right one. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [, N, r, p, salt = '', hash = ''] = stored.split('$');
  const expected = Buffer.from(hash, 'base64url');
  const given = await derive(password.normalize('NFKC'), Buffer.from(salt, 'base64url'), bytes, {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  });
  return timingSafeEqual(given, expected);
}
