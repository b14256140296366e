import type { Dirent } from 'node:fs';
import { type FileHandle, mkdir, open, opendir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { freeBytes, writeAll } from '../files.ts';
import { type Keep, NotKept, Unreadable } from './keep.ts';

/** Of what is being written. */
const ending = '.part';

/** Keeps clips as files below a folder. `hasKept` is whether there ever were any in it, as far as the hub knows. */
export function folderKeep(folder: string, hasKept: () => boolean): Keep {
  const writing = new Set<string>();

  /** Throws where the folder is not the one that the clips lie in: what goes into another is not there when its disk is back. */
  async function requireClips(): Promise<void> {
    if (!hasKept() || (await isOfClips(folder))) return;
    const mend = 'mount its disk, or put them back; where they are lost for good, make the folder 00 in it';
    throw new Error(`${folder} has none of the recordings that are stored there: ${mend}`);
  }

  return {
    kind: 'folder',
    async put(name, _bytes, source) {
      await requireClips();
      const path = join(folder, name);
      const unfinished = `${path}${ending}`;
      writing.add(`${name}${ending}`);
      try {
        const made = await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        if (made !== undefined) await syncNames(dirname(dirname(path)), dirname(made));
        await writeSafely(unfinished, source);
        await rename(unfinished, path);
        await syncNames(dirname(path), dirname(path));
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      } finally {
        writing.delete(`${name}${ending}`);
      }
    },
    async read(name, from, to) {
      const file = await openKept(folder, name, requireClips);
      return readKept(name, file.createReadStream({ start: from, end: to - 1 }), requireClips);
    },
    async remove(name) {
      await requireClips();
      await rm(join(folder, name), { force: true });
    },
    async *names() {
      for await (const name of filesBelow(folder)) {
        if (!name.endsWith(ending)) yield name;
        // Whole it lies where it came from.
        else if (!writing.has(name)) await rm(join(folder, name), { force: true });
      }
    },
    free: () => freeBytes(folder).catch(() => Number.POSITIVE_INFINITY),
  };
}

/** The files in the folders of a folder. One that is not there has none. */
async function* filesBelow(folder: string): AsyncGenerator<string> {
  for await (const inside of entriesOf(folder)) {
    if (!inside.isDirectory()) continue;
    for await (const file of entriesOf(join(folder, inside.name)))
      if (file.isFile()) yield `${inside.name}/${file.name}`;
  }
}

async function* entriesOf(folder: string): AsyncGenerator<Dirent> {
  try {
    yield* await opendir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** The folders that clips lie in: see `keptName`. */
const ofClips = /^[0-9a-f]{2}$/;

async function isOfClips(folder: string): Promise<boolean> {
  for await (const { name } of entriesOf(folder)) if (ofClips.test(name)) return true;
  return false;
}

/** What is missing by itself is `NotKept`, and not where a whole folder is away. */
async function openKept(folder: string, name: string, requireClips: () => Promise<void>): Promise<FileHandle> {
  try {
    return await open(join(folder, name), 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await requireClips();
    throw new NotKept(name);
  }
}

/** What the disk cannot give back of this file alone: a place of it is bad, or something else lies there. */
const goneFor = new Set(['EIO', 'EISDIR']);

async function* readKept(
  name: string,
  bytes: AsyncIterable<Buffer>,
  requireClips: () => Promise<void>,
): AsyncGenerator<Buffer> {
  try {
    yield* bytes;
  } catch (error) {
    if (!goneFor.has(String((error as NodeJS.ErrnoException).code))) throw error;
    await requireClips();
    throw new Unreadable(name, { cause: error });
  }
}

async function writeSafely(path: string, source: AsyncIterable<Buffer>): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    let at = 0;
    for await (const chunks of inBlocks(source)) at += await writeAll(file, chunks, at);
    await file.sync();
  } finally {
    await file.close();
  }
}

const blockBytes = 256 * 1024;

/** Gathers what is written in one go: each costs a turn of another thread. */
async function* inBlocks(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer[]> {
  let block: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    block.push(chunk);
    bytes += chunk.length;
    if (bytes < blockBytes) continue;
    yield block;
    block = [];
    bytes = 0;
  }
  if (bytes > 0) yield block;
}

/** So that new names in a folder survive a power cut, and those in the folders above it, up to one. */
async function syncNames(path: string, upTo: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  if (path !== upTo) await syncNames(dirname(path), upTo);
}
