import { z } from 'zod';
import { purpose } from './audit.ts';
import { caseMark } from './cases.ts';
import { clerkId, id, instant, uuid } from './ids.ts';

/** The bodies of `/api/v1/recordings`. */

/** The one type that terminals send: Ogg with one Opus stream (RFC 7845). */
export const clipType = 'audio/ogg';

/** The largest clip, in bytes: four hours of two voices, with room. */
export const maxClipBytes = 256 * 1024 * 1024;

/** Which clip an upload is, in the metadata of tus: `recording <base64 of its UUID>`. Size, hash and type are those of its event. */
export const uploadMetadataKey = 'recording';

/**
 * What has become of a clip: told of, and not here yet; stored; stored and damaged since; lost on its terminal before it was here; its end
 * decided, while its sound is still to be taken away; deleted. A deleted clip's row stays, without the sound.
 */
export const recordingState = z.enum(['announced', 'stored', 'damaged', 'lost', 'deleting', 'deleted']);
export type RecordingState = z.infer<typeof recordingState>;

/**
 * Why a clip is gone before the hub has it. `no-room`: others needed its place; `unreadable`: the disk, or what was left by a failure;
 * `refused`: it is not what was told of, or larger than a hub takes; `moved`: its terminal belongs to another site or hub now, which it
 * was not recorded for. Of a clip the hub may hear this first, and never that it was made.
 */
export const lostWhy = z.enum(['no-room', 'unreadable', 'refused', 'moved']);
export type LostWhy = z.infer<typeof lostWhy>;

/** What is wrong with the sound of a damaged clip: it is not where it is kept, or cannot be read there any more; or it was changed. */
export const damage = z.enum(['missing', 'changed']);
export type Damage = z.infer<typeof damage>;

/** Why a clip cannot be heard as it was: `lostWhy` of a lost one, or `removed` with the terminal that still had it; `damage` of a damaged one. */
export const recordingFault = z.enum([...lostWhy.options, 'removed', ...damage.options]);
export type RecordingFault = z.infer<typeof recordingFault>;

/** A clip with less speech in it is one without: a share of its time. */
export const leastSpeechShare = 0.02;

const share = z.number().min(0).max(1).nullable();

/**
 * One clip. `pressedAtMs` is the moment of the press, from the clip's start. `speechShare` is the part of its time with speech in it, `peak`
 * the highest level (1 is full scale), `clippedShare` the part of its samples at full scale: as the terminal measured them, null where it
 * did not. A `held` clip is deleted by nobody. `fault` is what went wrong with it, and `faultAt` when the hub was told or found it. `case` is that
 * of its service.
 *
 * Of a lost clip that its terminal had not told of before, `bytes` and `sha256` are null, `durationMs` too where the terminal did not know
 * it any more, and `startedAt` is then when it noticed.
 */
export const recording = z.object({
  recording: uuid,
  service: uuid.nullable(),
  site: id,
  terminal: id,
  counter: id.nullable(),
  clerk: clerkId.nullable(),
  level: z.string().nullable(),
  startedAt: instant,
  durationMs: z.int().nullable(),
  pressedAtMs: z.int().nullable(),
  bytes: z.int().nullable(),
  sha256: z.string().nullable(),
  speechShare: share,
  peak: share,
  clippedShare: share,
  repaired: z.boolean(),
  state: recordingState,
  held: z.boolean(),
  fault: recordingFault.nullable(),
  faultAt: instant.nullable(),
  case: caseMark.nullable(),
});
export type Recording = z.infer<typeof recording>;

/** How recordings are asked for by whether their service has a case, open or closed. */
export const withOrWithout = z.enum(['with', 'without']);
export type WithOrWithout = z.infer<typeof withOrWithout>;

/** How many clips of a site were told to be lost since a time, and how many are damaged now. */
export const recordingFaults = z.object({ lost: z.int(), damaged: z.int() });
export type RecordingFaults = z.infer<typeof recordingFaults>;

/** How many clips a terminal has told of and not sent yet, and how many of them are held. */
export const waitingRecordings = z.object({ site: id, terminal: id, count: z.int(), held: z.int() });
export type WaitingRecordings = z.infer<typeof waitingRecordings>;

/**
 * The outline of a clip's sound: `peaks` holds the highest level of each of equal stretches of time, 0–255; null while it is not made, or
 * where it cannot be made, and then `failed` says why.
 */
export const waveform = z.object({
  durationMs: z.int(),
  pressedAtMs: z.int().nullable(),
  peaks: z.array(z.int().min(0).max(255)).nullable(),
  failed: z.string().nullable(),
});
export type Waveform = z.infer<typeof waveform>;

/** Without `format` the `Accept` header decides: AAC only for a client that takes `audio/mp4` and not `audio/ogg`. */
const format = z.enum(['ogg', 'aac']).optional();

/** How the sound of a play is asked for. */
export const audioQuery = z.object({ format });

/** Why somebody wants to play a clip, or to take it with them. Never in an address: those are kept in histories and logs. */
export const playBody = z.object({ purpose });
export const downloadBody = playBody.extend({ format });

/** Why a clip is deleted, held or let go. */
export const reasonBody = z.object({ reason: purpose });
export const holdBody = reasonBody.extend({ held: z.boolean() });

const aroundSeconds = z.int().min(0).max(300);

/**
 * What a site's terminals record. `service`: each service as a whole; `around-rating`: from `beforeSeconds` before a rating to
 * `afterSeconds` after it; `off`: nothing. At a continuous site, where a service is its press, `service` is `around-rating`. With
 * `keep: 'not-good'` only the clips of services whose rating was not good are kept: that is decided afterwards, so that
 * everything at the counter behaves alike at every level.
 */
export const recordingPolicy = z.object({
  record: z.enum(['off', 'service', 'around-rating']),
  beforeSeconds: aroundSeconds.default(60),
  afterSeconds: aroundSeconds.default(15),
  keep: z.enum(['all', 'not-good']).default('all'),
});
export type RecordingPolicy = z.infer<typeof recordingPolicy>;

/** What holds for a site that nobody has decided for: recording people is a decision. */
export const defaultRecordingPolicy: RecordingPolicy = recordingPolicy.parse({ record: 'off' });

const days = z.int().min(0).max(36_500);

/** How many days the clips of a site are kept, by what the customer said. */
export const retention = z.object({ good: days, neutral: days, bad: days, unrated: days });
export type Retention = z.infer<typeof retention>;

/** What holds for a site that nobody has decided for. */
export const defaultRetention: Retention = { good: 30, neutral: 90, bad: 365, unrated: 30 };

/**
 * Who may download. It is a right of its own, which no role brings along: an administrator grants it to a user by name, and that stands in
 * the audit log. Playing is for supervisors (of their sites) and administrators.
 */
export const downloader = z.object({ username: z.string() });

/**
 * What keeps recordings from being taken in and played: their key, or where they lie. With `no-room`, `storage-writes`, and a key that went or
 * changed while the hub ran, those that are stored can be played; with `storage-deletes` all goes on, but the sound of deleted ones still lies
 * there; with `unclaimed` all goes on, and sound lies there that no entry of the database is about.
 */
export const recordingsTrouble = z.enum([
  ...['key-missing', 'key-unreadable', 'key-open', 'no-key', 'other-key'],
  ...['storage', 'storage-writes', 'storage-deletes', 'no-room', 'unclaimed'],
] as const);
export type RecordingsTrouble = z.infer<typeof recordingsTrouble>;

/**
 * Whether all is well with taking recordings in, playing and deleting them, and if not, why: in one line that says what to do.
 * `verifiedSince`: every recording that was stored then has been read again since, and those that were not as they were are damaged ones; null
 * before that. `plays` is whether what is stored can be played, `mayDownload` whether the one who asks may download.
 */
export const recordingsState = z.object({
  works: z.boolean(),
  why: z.string().nullable(),
  trouble: recordingsTrouble.nullable(),
  plays: z.boolean(),
  keptIn: z.enum(['folder', 's3']),
  stored: z.int(),
  bytes: z.int(),
  verifiedSince: instant.nullable(),
  mayDownload: z.boolean(),
});
export type RecordingsState = z.infer<typeof recordingsState>;
