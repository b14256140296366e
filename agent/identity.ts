import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Enrolled, enrolled } from '@manyi/config/api';
import { type AgentSettings, SettingsError } from '@manyi/config/settings';
import { terminalSettings } from '@manyi/config/terminal-settings';
import { z } from 'zod';
import { type JsonFile, openJsonFile } from './files/json-file.ts';

/** Who this terminal is, and where the hub last said it stands. */
export const identity = z.object({
  /** The enrolment that has been asked for: its code's fingerprint and the nonce, so that a lost answer is asked for again. */
  asked: z.object({ code: z.string(), nonce: z.string() }).nullable(),
  enrolled: enrolled.nullable(),
  settings: terminalSettings.nullable(),
});
export type Identity = z.infer<typeof identity>;

export type IdentityFile = JsonFile<Identity>;

/** Opens `identity.json` in the terminal's folder. */
export function openIdentity(folder: string, onBroken: (what: string) => void): Promise<IdentityFile> {
  const nobody: Identity = { asked: null, enrolled: null, settings: null };
  return openJsonFile(join(folder, 'identity.json'), identity, nobody, onBroken);
}

/** What is kept of an enrolment code: enough to know it again. */
export function codeFingerprint(code: string): string {
  return createHash('sha256').update(code).digest('base64url').slice(0, 16);
}

/** Who the agent was told to be, if it was told. */
export type Wanted = Pick<AgentSettings, 'MANYI_SITE' | 'MANYI_TERMINAL'>;

/**
 * Throws SettingsError when the agent was told to be another terminal than this: that is a mistake, not a move. `source` says
 * where the identity comes from.
 */
export function checkIdentity(wanted: Wanted, enrolled: Enrolled | null, source: string): void {
  for (const [name, given, own] of [
    ['MANYI_SITE', wanted.MANYI_SITE, enrolled?.site],
    ['MANYI_TERMINAL', wanted.MANYI_TERMINAL, enrolled?.terminal],
  ]) {
    if (given === undefined || own === undefined || given === own) continue;
    throw new SettingsError(
      `${name} is wrong: it says ${given}, but ${source} belongs to ${own}: remove it, or use another`,
    );
  }
}
