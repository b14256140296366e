import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RecordingsTrouble } from '@manyi/config/recordings';

/** Why there is no usable key: `message` is one line that names the file and the mend. */
export class KeyError extends Error {
  readonly trouble: RecordingsTrouble;

  constructor(trouble: RecordingsTrouble, message: string) {
    super(message);
    this.name = 'KeyError';
    this.trouble = trouble;
  }
}

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
 * Reads the key that recordings are encrypted with: 32 bytes as 64 hexadecimal digits. Throws `KeyError` when it is missing, is open to
 * everybody, is no key, or is not the one that the stored recordings were made with.
 */
export function readKey({ file, folder }: KeyPlace, memory: KeyMemory): Buffer {
  const path = file ?? join(folder, 'recordings.key');
  if (file === null && memory.check() === null) makeKey(path);
  const key = parse(read(path), path);
  refuseOpen(path);
  const check = createHmac('sha256', key).update('manyi recordings').digest('hex');
  const known = memory.check();
  if (known === null) memory.remember(check);
  else if (!timingSafeEqual(Buffer.from(check), Buffer.from(known))) {
    throw new KeyError(
      'other-key',
      `the key in ${path} is not the one that the recordings were made with: put that one back`,
    );
  }
  return key;
}

function makeKey(path: string): void {
  // What a power cut has left of the first try.
  if (statSync(path, { throwIfNoEntry: false })?.size === 0) rmSync(path);
  try {
    writeFileSync(path, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  syncFolder(dirname(path));
}

/** So that the name of the key survives a power cut too. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      const mend = 'put it back, or set MANYI_RECORDING_KEY_FILE to where it lies';
      throw new KeyError('key-missing', `the key file ${path} is missing: ${mend}`);
    }
    throw new KeyError('key-unreadable', `the key file ${path} cannot be read (${code}): let the hub's user read it`);
  }
}

/**
 * As ssh does with its keys: one that everybody on the machine may read, or replace, protects nothing. A group may: systemd and others hand
 * secrets over in that way.
 */
function refuseOpen(path: string): void {
  const everybody = statSync(path).mode & 0o007;
  if (everybody === 0) return;
  throw new KeyError(
    'key-open',
    `the key file ${path} is open to every user of this machine: run chmod 600 ${path}, and restart the hub`,
  );
}

function parse(text: string, path: string): Buffer {
  if (!/^[0-9a-fA-F]{64}$/.test(text.trim())) {
    throw new KeyError(
      'no-key',
      `${path} holds no key: it must be 64 hexadecimal digits, as openssl rand -hex 32 makes them`,
    );
  }
  return Buffer.from(text.trim(), 'hex');
}
