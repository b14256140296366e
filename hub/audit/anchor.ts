import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Head } from './entry.ts';

/**
 * A head of the log that was noted outside of the database; `position` is null where only the hash was. Whoever can write the database, but
 * not what was noted, can neither cut the log off before it nor make it anew.
 */
export interface Anchor {
  readonly position: number | null;
  readonly hash: string;
}

/** Beside `hub.db`: one line an anchor, oldest first: its time, and `position:hash`. */
export const anchorFileName = 'audit-anchors.txt';

/** Reads `position:hash`, or a hash alone; null for anything else. */
export function readAnchor(text: string): Anchor | null {
  const match = /^(?:(\d{1,15}):)?([0-9a-f]{64})$/.exec(text.trim());
  if (match?.[2] === undefined) return null;
  return { position: match[1] === undefined ? null : Number(match[1]), hash: match[2] };
}

/** The anchors of a file, oldest first; none of a file that is not there. A line that a power cut left half written says nothing. */
export function readAnchors(file: string): (Anchor & { readonly time: string })[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [time = '', head = ''] = line.split(' ');
      const anchor = readAnchor(head);
      return anchor === null ? [] : [{ ...anchor, time }];
    });
}

/** Adds an anchor; it is on the disk when this returns. The file is only ever added to, so that a system can be told to allow no more. */
export function addAnchor(file: string, { position, hash }: Head, at: number): void {
  const torn = existsSync(file) && !/(^|\n)$/.test(readFileSync(file, 'utf8'));
  const line = `${new Date(at).toISOString()} ${position}:${hash}\n`;
  appendFileSync(file, torn ? `\n${line}` : line, { mode: 0o600, flush: true });
}
