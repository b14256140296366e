import type { CaseMark } from '@manyi/config/cases';
import type { Recording, RecordingFault, RecordingState, WithOrWithout } from '@manyi/config/recordings';
import { toRfc3339 } from '@manyi/config/zone';

/** A clip as it is stored, with the level of its service. Times are epoch milliseconds, flags 0 or 1, '' is no clerk. */
export interface RecordingRecord {
  readonly recording: string;
  readonly site: string;
  readonly terminal: string;
  readonly counter: string | null;
  readonly clerk: string;
  readonly service: string | null;
  readonly started: number;
  readonly durationMs: number | null;
  readonly pressedAtMs: number | null;
  readonly bytes: number | null;
  readonly sha256: string | null;
  readonly speechShare: number | null;
  readonly peak: number | null;
  readonly clippedShare: number | null;
  readonly repaired: number;
  readonly state: RecordingState;
  readonly held: number;
  readonly fault: RecordingFault | null;
  readonly faultAt: number | null;
  readonly level: string | null;
  readonly profile: string | null;
  /** The number of the service's case, and when that was closed; null where there is none, or it is open. */
  readonly caseNumber: number | null;
  readonly caseClosed: number | null;
}

/** A clip that its terminal has told of: all but some of those that were lost. */
export interface ToldRecord extends RecordingRecord {
  readonly durationMs: number;
  readonly bytes: number;
  readonly sha256: string;
}

export function isTold(record: RecordingRecord): record is ToldRecord {
  return record.bytes !== null && record.sha256 !== null && record.durationMs !== null;
}

/** Whether the clip came, and was not taken away since. */
export function isHere({ state }: Pick<RecordingRecord, 'state'>): boolean {
  return state === 'stored' || state === 'damaged';
}

/** Which clips are asked for; null is any. `from` is included, `to` excluded. `sites` null means every site. */
export interface RecordingFilter {
  readonly sites: readonly string[] | null;
  readonly clerk: string | null;
  readonly counter: string | null;
  readonly level: string | null;
  readonly service: string | null;
  readonly state: string | null;
  /** Whether the service has a case. */
  readonly cases: WithOrWithout | null;
  readonly from: number | null;
  readonly to: number | null;
  /** Only those with a fault that the hub was told of, or found, from then on. */
  readonly faultFrom: number | null;
  readonly leastMs: number | null;
  readonly mostMs: number | null;
}

/** Where a page ends: newest first by start, ties by id. */
export interface RecordingCursor {
  readonly started: number;
  readonly recording: string;
}

export function writeCursor({ started, recording }: RecordingCursor): string {
  return `${started}.${recording}`;
}

/** Reads a cursor; null for anything else. */
export function readCursor(text: string): RecordingCursor | null {
  const match = /^(-?\d{1,16})\.([0-9a-f-]{36})$/.exec(text);
  return match === null ? null : { started: Number(match[1]), recording: String(match[2]) };
}

/** A stored clip as the outside sees it, its time in the site's zone. */
export function toRecording(record: RecordingRecord, zone: string): Recording {
  const { recording, service, site, terminal, counter, level, durationMs, pressedAtMs, bytes, sha256 } = record;
  const { speechShare, peak, clippedShare, state, fault } = record;
  return {
    recording,
    service,
    site,
    terminal,
    counter,
    clerk: record.clerk || null,
    level,
    startedAt: toRfc3339(record.started, zone),
    durationMs,
    pressedAtMs,
    bytes,
    sha256,
    speechShare,
    peak,
    clippedShare,
    repaired: record.repaired === 1,
    state,
    held: record.held === 1,
    fault,
    faultAt: record.faultAt === null ? null : toRfc3339(record.faultAt, zone),
    case: caseOf(record),
  };
}

function caseOf({ caseNumber: number, caseClosed }: RecordingRecord): CaseMark | null {
  return number === null ? null : { number, state: caseClosed === null ? 'open' : 'closed' };
}

/** Where and whose a clip is, for the audit log. */
export function placeOf({ recording, site, counter, clerk, service }: RecordingRecord) {
  return { recording, site, counter, clerk: clerk || null, service };
}
