import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the hub remembers which key its recordings were made with: a check value that gives nothing of the key away. */
export interface KeyMemory {
  check(): string | null;
  remember(check: string): void;
}

export interface KeyPlace {
  /** The file that a setting names; null for the hub's own, which it makes when it needs one for the first time. */
  readonly file: string | null;
  /** The hub's data folder. */
  readonly folder: string;
}

/**
 * Reads the key that recordings are encrypted with: 32 bytes as 64 hexadecimal digits. Throws one line that names the file and the
 * mend when it is missing, is no key, or is not the one that the stored recordings were made with.
 */
export function readKey({ file, folder }: KeyPlace, memory: KeyMemory): Buffer {
  const path = file ?? join(folder, 'recordings.key');
  if (file === null && memory.check() === null) makeKey(path);
  const key = parse(read(path), path);
  const check = createHmac('sha256', key).update('manyi recordings').digest('hex');
  const known = memory.check();
  if (known === null) memory.remember(check);
  else if (!timingSafeEqual(Buffer.from(check), Buffer.from(known))) {
    throw new Error(`the key in ${path} is not the one that the recordings were made with: put that one back`);
  }
  return key;
}

function makeKey(path: string): void {
  try {
    writeFileSync(path, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      code === 'ENOENT'
        ? `the key file ${path} is missing: put it back, or set MANYI_RECORDING_KEY_FILE to where it lies`
        : `the key file ${path} cannot be read (${code}): let the hub's user read it`,
    );
  }
}

function parse(text: string, path: string): Buffer {
  if (!/^[0-9a-fA-F]{64}$/.test(text.trim())) {
    throw new Error(`${path} holds no key: it must be 64 hexadecimal digits, as openssl rand -hex 32 makes them`);
  }
  return Buffer.from(text.trim(), 'hex');
}
