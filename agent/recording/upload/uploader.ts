import type { Log } from '../../log.ts';
import type { Clip, Clips } from '../clips/clips.ts';
import { judge, type Verdict } from './answer.ts';
import { createBandwidth } from './bandwidth.ts';
import { ClipError } from './clip-source.ts';
import { createRetries } from './retries.ts';
import { type Ending, sendClip } from './send-clip.ts';

/** Brings a terminal's clips to the hub: one at a time, oldest first, after its events, and however long that takes. */
export interface Uploader {
  /** Stops at once, wherever it is: what the hub has of a clip by then is not sent again later. */
  close(): Promise<void>;
}

export interface UploaderParts {
  readonly clips: Clips;
  /** The hub's HTTP address. */
  readonly hubUrl: string;
  /** Asked for at every try; null while the terminal is not enrolled. */
  readonly credentials: () => { readonly username: string; readonly password: string } | null;
  /** Whether events wait to be sent: they go first. */
  readonly eventsWait: () => boolean;
  readonly bytesPerSecond: number;
  /** Somebody must do something: one line that says what. */
  readonly onFailed: (cause: string) => void;
  /** It is mended. */
  readonly onRestored: () => void;
  readonly log: Log;
  /** The shortest and the longest pause between tries, and how long nothing may move before the line counts as dead. Milliseconds. */
  readonly shortestPauseMs?: number;
  readonly longestPauseMs?: number;
  readonly patienceMs?: number;
  /** How long the hub may not be got at before somebody hears of it. Milliseconds. */
  readonly longMs?: number;
}

const cardMend =
  'a recording kept here is not what it was when it was made, and is lost: its card may be failing, or somebody has changed it: check the card';
/** A clip that the hub does not know is told of anew at this try, and then again and again, in case the hub was put back from a backup since. */
const [tellAgainAt, tellAgainEvery] = [3, 100];
/** After so many tries of one clip in a row somebody hears of it: about half a minute. */
const stuckAt = 6;
/** Half of what proxies let through unless they are told otherwise. */
const mostRequestBytes = 512 * 1024;
/** Hubs give up requests that last for minutes. */
const requestSeconds = 30;
/** Small and often, so that what goes before them never waits for long. */
const [leastPieceBytes, mostPieceBytes] = [1024, 16 * 1024];
const pieceSeconds = 0.25;

export function createUploader(parts: UploaderParts): Uploader {
  const { clips, hubUrl, credentials, log } = parts;
  const { shortestPauseMs = 1000, longestPauseMs = 60_000, patienceMs = 60_000, longMs = 30 * 60_000 } = parts;
  const endpoint = new URL('api/v1/recordings/uploads', hubUrl.endsWith('/') ? hubUrl : `${hubUrl}/`).href;
  const bandwidth = createBandwidth(parts.bytesPerSecond, parts.eventsWait);
  const worth = (seconds: number) => Math.round(seconds * parts.bytesPerSecond);
  const requestBytes = Math.min(mostRequestBytes, worth(requestSeconds));
  const pieceBytes = Math.min(mostPieceBytes, Math.max(leastPieceBytes, worth(pieceSeconds)));
  const retries = createRetries(shortestPauseMs, longestPauseMs);
  const stop = new AbortController();
  /** Since when the hub takes none, in milliseconds of `performance.now()`. */
  let since = 0;
  let wake = () => {};
  let current: { readonly recording: string; readonly own: AbortController } | null = null;
  /** What somebody must mend, and for which clip; `all` is for every one. */
  const wrong = new Map<string, string>();

  function fail(whose: string, cause: string): void {
    wrong.set(whose, cause);
    parts.onFailed(cause);
  }

  function mended(whose: string): void {
    if (!wrong.delete(whose)) return;
    const left = [...wrong.values()].at(-1);
    if (left === undefined) parts.onRestored();
    else parts.onFailed(left);
  }

  function forget(recording: string): void {
    retries.forget(recording);
    mended(recording);
  }

  async function bring(clip: Clip): Promise<void> {
    const known = credentials();
    if (known === null) return retries.postponeAll();
    const own = new AbortController();
    current = { recording: clip.recording, own };
    try {
      const ending = await sendClip(clip, {
        ...{ endpoint, bandwidth, requestBytes, pieceBytes, patienceMs, signal: own.signal },
        authorization: `Basic ${Buffer.from(`${known.username}:${known.password}`).toString('base64')}`,
        onUrl: (url) => void clips.setUploadUrl(clip.recording, url).catch(report),
        onFrom: (offset) => retries.reached(clip.recording, offset),
      });
      await obey(clip, judge(ending), ending);
    } catch (error) {
      if (own.signal.aborted) return;
      if (error instanceof ClipError) await cannotRead(clip, error);
      else report(error);
    } finally {
      current = null;
    }
  }

  async function obey({ recording }: Clip, verdict: Verdict, ending: Ending): Promise<void> {
    if (verdict.what !== 'later') retries.allGoesWell();
    const atLeastMs = ending.how === 'answered' ? ending.retryAfterMs : 0;
    switch (verdict.what) {
      case 'done':
        await clips.uploaded(recording);
        forget(recording);
        return mended('all');
      case 'again':
        if (verdict.anew) await clips.setUploadUrl(recording, null);
        retries.postpone(recording);
        return;
      case 'differs':
        if (retries.isFirstFault(recording)) return clips.setUploadUrl(recording, null);
        fail('all', cardMend);
        return refuse(recording, 'it is not what was told of');
      case 'refused':
        return refuse(recording, verdict.why);
      case 'unknown':
      case 'waits': {
        log.debug(`recording ${recording} waits, others go on: ${verdict.why}`);
        const times = retries.postpone(recording, atLeastMs);
        const again = times === tellAgainAt || times % tellAgainEvery === 0;
        if (verdict.what === 'unknown' && again) await clips.tellAgain(recording);
        if (times >= stuckAt) fail(recording, `${verdict.mend} (${recording})`);
        return;
      }
      case 'later':
        return waitForHub(verdict, atLeastMs);
      default:
        return verdict satisfies never;
    }
  }

  function waitForHub({ why, mend, mendIfLong }: Extract<Verdict, { what: 'later' }>, atLeastMs: number): void {
    if (retries.isAllWell()) {
      since = performance.now();
      log.warn(`recordings wait here until the hub takes them: ${why}`);
    }
    const isLong = performance.now() - since >= longMs;
    const cause = mend ?? (isLong ? mendIfLong : undefined);
    if (cause !== undefined) fail('all', cause);
    retries.postponeAll(atLeastMs);
  }

  async function cannotRead({ recording }: Clip, { why, message }: ClipError): Promise<void> {
    if (why === 'unreadable') {
      fail(recording, `a recording cannot be read from the disk (${message}): check the card`);
      retries.postpone(recording);
      return;
    }
    // Whoever makes room may just be taking it away.
    if (why === 'gone' && retries.isFirstFault(recording)) {
      retries.postpone(recording, shortestPauseMs);
      return;
    }
    if (why === 'changed') fail('all', cardMend);
    await refuse(recording, message);
  }

  async function refuse(recording: string, why: string): Promise<void> {
    log.warn(`recording ${recording} is given up: ${why}`);
    await clips.refused(recording);
    forget(recording);
  }

  /** What nobody expected, such as a disk that takes nothing: it may pass. */
  function report(error: unknown): void {
    log.error(`a recording could not be sent: ${error instanceof Error ? error.message : error}`);
    retries.postponeAll();
  }

  function rest(ms: number | null): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === null ? undefined : setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      const next = retries.next(clips.announced());
      if (typeof next === 'object' && next !== null) await bring(next);
      else await rest(next);
    }
  }

  clips.onAnnounced(() => wake());
  clips.onGone((recording) => {
    forget(recording);
    if (current?.recording === recording) current.own.abort();
  });
  const running = run();
  return {
    close() {
      stop.abort();
      current?.own.abort();
      wake();
      return running;
    },
  };
}
