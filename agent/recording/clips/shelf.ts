import { readdirSync, statfsSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { uuid } from '@manyi/config/ids';
import { makeFolder } from '../../files/folder.ts';
import type { Facts } from './facts.ts';
import { findClip, type KeptClip, newClip, soundPath } from './kept-clip.ts';

/** The clips in a folder. */
export interface Shelf {
  readonly folder: string;
  /** Oldest first. */
  all(): KeptClip[];
  get(recording: string): KeptClip | undefined;
  /** Puts a clip that begins on the disk, without its sound. */
  add(known: Facts): Promise<KeptClip>;
  /** Takes a clip off; its files stay. */
  drop(clip: KeptClip): void;
}

/**
 * Finds what an earlier run has left below the terminal's folder. Sound of which nothing is known is the rest of a clip that was being
 * deleted. `onBroken` hears one sentence of every file that was broken and has been put aside.
 */
export async function openShelf(terminalFolder: string, onBroken: (what: string) => void): Promise<Shelf> {
  const folder = join(terminalFolder, 'recordings');
  makeFolder(folder);
  const found: KeptClip[] = [];
  for (const recording of recordingsIn(folder)) {
    // A bad spot of the card must not keep a counter from starting: what cannot even be tried now is left for the next start.
    await find(recording).catch((error: Error) => onBroken(`the clip ${recording} cannot be read: ${error.message}`));
  }

  // In their order from the beginning, so that they need hardly be sorted when they are asked for, every few seconds.
  const clips = new Map(found.sort(byAge).map((clip) => [clip.recording, clip]));

  async function find(recording: string): Promise<void> {
    let broken = false;
    const known = await findClip(folder, recording, (what) => {
      broken = true;
      onBroken(what);
    });
    const clip = known ?? (broken ? await newClip(folder, unknown(recording)) : null);
    if (clip !== null) found.push(clip);
    else await rm(soundPath(folder, recording), { force: true });
  }

  return {
    folder,
    all: () => [...clips.values()].sort(byAge),
    get: (recording) => clips.get(recording),
    async add(known) {
      const clip = await newClip(folder, known);
      clips.set(known.recording, clip);
      return clip;
    },
    drop: (clip) => void clips.delete(clip.recording),
  };
}

function byAge(a: KeptClip, b: KeptClip): number {
  return a.facts().startedAt - b.facts().startedAt;
}

/** How many bytes a clip's sound has on the disk. */
export function bytesOf(clip: KeptClip): number {
  return statSync(clip.sound, { throwIfNoEntry: false })?.size ?? 0;
}

/** How many bytes the disk of a folder has left. One that cannot be asked is no reason to delete anything: the next write tells. */
export function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function recordingsIn(folder: string): string[] {
  const names = readdirSync(folder).map((name) => /^(.{36})\.(opus|json)$/.exec(name)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].filter((name) => uuid.safeParse(name).success);
}

/** A clip of which nothing is known any more but its name: what its sound still tells is found out as if it had been cut off. */
function unknown(recording: string): Facts {
  return {
    shape: 1,
    recording,
    state: 'recording',
    ...{ service: null, duty: null, clerk: null, counter: null },
    startedAt: 0,
    ...{ durationMs: 0, pressedAtMs: null, bytes: 0, sha256: '' },
    ...{ speechShare: null, peak: null, clippedShare: null, repaired: false },
    // It may be the one of a bad rating.
    ...{ keep: 'all', rated: 'unknown', closes: 0, uploadUrl: null, why: null, home: null },
  };
}
