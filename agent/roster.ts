import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { badgeHash } from '@manyi/config/badges';
import { type RosterClerk, type RosterNotice, roster } from '@manyi/config/roster';
import writeFileAtomic from 'write-file-atomic';
import { makeFolder } from './files/folder.ts';
import { openJsonFile } from './files/json-file.ts';
import type { HubHttp } from './hub-http.ts';
import type { Log } from './log.ts';

/** Who may serve here. */
export interface RosterCopy {
  /** Whether a roster was ever fetched. */
  isKnown(): boolean;
  /** The clerk whose badge this is, or null. Takes tens of milliseconds: the hash is slow on purpose. */
  clerkOfBadge(code: string): Promise<string | null>;
  clerk(id: string): RosterClerk | null;
  /** The clerk's picture, or null. */
  photo(id: string): Buffer | null;
  /** Fetches the roster that the notice names unless it is the one already kept, and pictures that are missing. */
  refresh(notice: RosterNotice): Promise<void>;
}

export interface RosterParts {
  readonly folder: string;
  readonly hub: HubHttp;
  /** The key that badges are hashed with; null before enrolment. */
  readonly rosterKey: () => string | null;
  readonly log: Log;
  readonly onBroken: (what: string) => void;
  readonly onChange: () => void;
}

/** Opens the kept copy in the terminal's folder. */
export async function openRoster({
  folder,
  hub,
  rosterKey,
  log,
  onBroken,
  onChange,
}: RosterParts): Promise<RosterCopy> {
  const file = await openJsonFile(
    join(folder, 'roster.json'),
    roster,
    { version: '', clerks: [], badges: [] },
    onBroken,
  );
  const photos = join(folder, 'photos');
  makeFolder(photos);

  async function fetchPhoto(path: string): Promise<void> {
    await writeFileAtomic(join(photos, photoName(path)), await hub.getBytes(path));
  }

  /** Fetches the pictures that are missing and removes those of nobody. One that cannot be had leaves a card without it. */
  async function refreshPhotos(clerks: readonly RosterClerk[]): Promise<void> {
    const wanted = new Map(clerks.flatMap(({ photo }) => (photo ? [[photoName(photo), photo] as const] : [])));
    const present = new Set(await readdir(photos));
    for (const name of present) if (!wanted.has(name)) await rm(join(photos, name), { force: true });
    for (const [name, path] of wanted) {
      if (present.has(name)) continue;
      await fetchPhoto(path).catch((error) => log.warn(`a clerk's picture could not be fetched: ${String(error)}`));
    }
  }

  const clerk = (id: string) => file.data.clerks.find((known) => known.id === id) ?? null;
  return {
    isKnown: () => file.data.version !== '',
    async clerkOfBadge(code) {
      const key = rosterKey();
      if (key === null) return null;
      const hash = await badgeHash(code, key);
      return file.data.badges.find((badge) => badge.hash === hash)?.clerk ?? null;
    },
    clerk,
    photo(id) {
      const path = clerk(id)?.photo;
      return path ? readPhoto(join(photos, photoName(path))) : null;
    },
    async refresh(notice) {
      if (notice.version === file.data.version) return refreshPhotos(file.data.clerks);
      const fresh = await hub.getJson(notice.href, roster);
      await refreshPhotos(fresh.clerks);
      await file.write(fresh);
      log.info(`roster ${fresh.version}: ${fresh.clerks.length} clerks`);
      onChange();
    },
  };
}

/** A picture's file is named after its path, which the hub changes with the picture. */
function photoName(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 32);
}

function readPhoto(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
