import { closeSync, fsyncSync, openSync, readFileSync, renameSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Low } from 'lowdb';
import writeFileAtomic from 'write-file-atomic';
import type { z } from 'zod';

/** A small JSON file of ours. `data` is what it holds; `write` replaces it, and has reached the disk when it resolves. */
export interface JsonFile<T> {
  readonly data: T;
  write(data: T): Promise<void>;
}

/**
 * Opens a JSON file that must fit the schema. A missing one counts as `fallback`. A broken one is put aside under a name
 * that says so, the previous good copy (`.previous`) takes its place if there is one, and `onBroken` hears one sentence.
 */
export async function openJsonFile<T>(
  path: string,
  schema: z.ZodType<T>,
  fallback: T,
  onBroken: (what: string) => void,
): Promise<JsonFile<T>> {
  const low = new Low<T>(
    { read: async () => readGood(path, schema, onBroken), write: (data) => save(path, data) },
    fallback,
  );
  await low.read();
  return {
    get data() {
      return low.data;
    },
    async write(data) {
      await low.adapter.write(data);
      low.data = data;
    },
  };
}

function readGood<T>(path: string, schema: z.ZodType<T>, onBroken: (what: string) => void): T | null {
  const current = read(path, schema);
  if (current !== 'broken') return current;
  const aside = `${path}.broken-${new Date().toISOString().replaceAll(':', '-').slice(0, 19)}`;
  renameSync(path, aside);
  const previous = read(`${path}.previous`, schema);
  const instead = previous === null || previous === 'broken' ? 'there is no older copy' : 'the copy before it is used';
  onBroken(`${path} was broken: it is now ${aside}, and ${instead}`);
  return previous === 'broken' ? null : previous;
}

function read<T>(path: string, schema: z.ZodType<T>): T | null | 'broken' {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return 'broken';
  }
}

/** Keeps the present file as `.previous`, then replaces it in one step, synced to the disk with its folder. */
async function save(path: string, data: unknown): Promise<void> {
  await copyFile(path, `${path}.previous`).catch(() => {});
  await writeFileAtomic(path, `${JSON.stringify(data, null, 2)}\n`, { mode: 0o600 });
  const folder = openSync(dirname(path), 'r');
  fsyncSync(folder);
  closeSync(folder);
}
