import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createLog } from '@manyi/agent/log';
import { createUploader, type Uploader, type UploaderParts } from '@manyi/agent/recording/upload/uploader';
import type { Recording } from '@manyi/config/recordings';
import { onTestFinished } from 'vitest';
import type { Clip } from '../../hub/recordings/clips.ts';
import type { Studio, Teller } from '../../hub/recordings/studio.ts';
import { eventually } from '../../support/api.ts';
import { type KeptClips, type KeptOptions, openKeptClips } from './kept-clips.ts';

/** Fast enough not to be noticed. */
export const fast = 64 * 1024 * 1024;

/** A terminal's clips, and what brings them to a hub. */
export interface Uploading {
  readonly kept: KeptClips;
  readonly uploader: Uploader;
  /** What somebody was told to mend, and null when it was. */
  readonly mends: (string | null)[];
  /** What stands in the log. */
  readonly warned: string[];
  /** Another uploader of the same clips, as after a restart. */
  again(parts?: Partial<UploaderParts>): Uploader;
}

/** Opens both for the running test, as fast and impatient as a test wants them. */
export async function openUploading(
  hub: Pick<Studio, 'url'>,
  terminal: Teller,
  parts: Partial<UploaderParts> & KeptOptions = {},
): Promise<Uploading> {
  const { budgetBytes, line, forgotten, ...rest } = parts;
  const given = { ...(budgetBytes && { budgetBytes }), ...(line && { line }), ...(forgotten && { forgotten }) };
  const kept = await openKeptClips(terminal, given);
  const mends: (string | null)[] = [];
  const warned: string[] = [];
  const again = (more: Partial<UploaderParts> = {}) => {
    const uploader = createUploader({
      clips: kept,
      hubUrl: hub.url,
      credentials: () => terminal.given,
      eventsWait: () => false,
      bytesPerSecond: fast,
      onFailed: (cause) => mends.push(cause),
      onRestored: () => mends.push(null),
      log: { ...createLog('silent'), warn: (text) => warned.push(text) },
      shortestPauseMs: 5,
      longestPauseMs: 20,
      ...rest,
      ...more,
    });
    onTestFinished(() => uploader.close());
    return uploader;
  };
  return { kept, mends, warned, again, uploader: again() };
}

export async function stateOf({ api }: Studio, { recording }: Clip): Promise<string> {
  return (await api.get<Recording>(`/recordings/${recording}`)).state;
}

/** The clip as the hub plays it. */
export async function soundOf(studio: Studio, { recording }: Clip): Promise<Buffer> {
  const answer = await studio.hear(recording);
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** Where the hub keeps what has come of a clip. */
export function incomingFile({ folder }: Studio, { recording }: Clip): string {
  return join(folder, 'incoming', `${recording}.part`);
}

/** Resolves when the hub holds more than so many bytes of a clip. */
export async function hasCome(studio: Studio, clip: Clip, bytes: number): Promise<void> {
  const file = incomingFile(studio, clip);
  await eventually(
    async () => (existsSync(file) ? statSync(file).size : 0),
    (size) => size > bytes,
  );
}
