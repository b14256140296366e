import { bytesPerSample, samplesPerSecond } from '@manyi/firmware/sound/format';
import type { Deciding } from '../clips/decision.ts';
import type { Owner } from '../policy.ts';
import type { ClipWriter } from './clip-writer.ts';
import type { Ring } from './ring.ts';
import { samplesPerMs } from './sample-clock.ts';

/** A span of time that is being recorded. */
export interface Span extends Deciding {
  readonly owner: Owner;
  /** Epoch milliseconds, the agent's own time; `until` null is not known yet. */
  readonly from: number;
  readonly until: number | null;
  readonly pressedAt: number | null;
}

/** How a clip begins: whose it is, with the sample it begins with. */
export interface Beginning {
  readonly span: Span;
  readonly startedAt: number;
  readonly pressedAtMs: number | null;
}

/**
 * Records one span. Usually that is one clip; where the sound breaks off, the coder fails or falls so far behind that the ring does not hold
 * the next sample any more, or the clip becomes too long, another one goes on with the next sample that there is.
 */
export interface SpanRecorder {
  readonly span: () => Span;
  /** The span is known better now; its end comes no later than it was. */
  change(parts: Partial<Pick<Span, 'until' | 'pressedAt' | 'rated' | 'closes'>>): void;
  /** Ends with what has been heard so far. */
  stop(): void;
  /** Everything of it is on the disk. Never rejects. */
  readonly done: Promise<void>;
}

export interface SpanParts {
  readonly ring: Ring;
  readonly make: (beginning: Beginning) => Promise<ClipWriter>;
  readonly now: () => number;
  /** A clip failed; the rest is tried again. */
  readonly onFailed: (error: unknown) => void;
  /** So much of the span, in milliseconds, came and went and is in no clip; `why` is what had failed before, null where all seemed well. */
  readonly onMissed: (ms: number, why: unknown) => void;
  /** A clip is finished, or its coder keeps up. */
  readonly onWell: () => void;
  /** A clip is on the disk as it will stay. */
  readonly onClip: () => void;
  /** Whether there is no room for more. */
  readonly isFull: () => boolean;
}

/** The longest clip. Samples. */
const longest = 4 * 3600 * samplesPerSecond;
/** After a failure it is tried again so soon, then less and less often, but long before the ring has lost what came meanwhile. Milliseconds. */
const firstWaitMs = 500;
const longestWaitMs = 15_000;
/** Sound that has not come so long after it was made never will. Milliseconds. */
const latestMs = 10_000;
/** A coder that has coded so much works. Samples. */
const proof = 5 * samplesPerSecond;

/** The disk has too little left. */
export class FullError extends Error {}

export function recordSpan(begun: Span, parts: SpanParts): SpanRecorder {
  const { ring, make, now, onMissed, onWell, onClip, isFull } = parts;
  let span = begun;
  let stopping = false;
  /** The sample that the span ends before, once that is settled. */
  let end: number | null = null;
  let goOn: () => void = () => {};
  let waitMs = firstWaitMs;
  let writer: ClipWriter | null = null;
  /** What the last clip failed with. */
  let failure: unknown = null;
  let first = 0;
  /** The sample of the press: looked for once in a clip, while the ring's clock is that of the moment. */
  let press: number | null = null;

  /** Where the span ends by what is known now. */
  function limit(): number {
    if (end !== null) return end;
    return span.until === null ? Number.POSITIVE_INFINITY : (ring.sampleAt(span.until) ?? Number.POSITIVE_INFINITY);
  }

  /** Whether the span ends here. If so it stays there, whatever more is learnt of the ring's clock. */
  function endsAt(sample: number): boolean {
    if (sample < limit()) return false;
    end = sample;
    return true;
  }

  function onFailed(error: unknown): void {
    failure = error;
    parts.onFailed(error);
  }

  /** What lies before the first sample that is still there is in no clip, as far as it was wanted. */
  function tellMissed(wanted: number, there: number): void {
    const missed = Math.min(there, limit()) - wanted;
    if (missed > 0) onMissed(missed / samplesPerMs, failure);
  }

  /** Whether it has turned out to have ended before it began: a restart went on with a service, and then the time was found. */
  const isNone = () => span.until !== null && span.until <= span.from;
  const isOver = () => span.until !== null && now() > span.until + latestMs;

  /** The sample heard at an instant, or yet to come; null where the sound had broken off. */
  function heardThen(instant: number): number | null {
    const sample = ring.sampleAt(instant);
    const at = sample === null ? null : ring.heardAt(sample);
    return at !== null && Math.abs(at - instant) < 1 ? sample : null;
  }

  function pressedAtMs(): number | null {
    if (span.pressedAt !== null) press ??= heardThen(span.pressedAt);
    return press === null ? null : Math.round((press - first) / samplesPerMs);
  }

  /** What has become known while the clip was being begun, too. */
  function tell({ clip }: ClipWriter): void {
    clip.change({ rated: span.rated, closes: span.closes, pressedAtMs: pressedAtMs() }).catch(onFailed);
  }

  /** Waits for the next sample from one on, or for the first of the span; null when there is none any more. */
  async function nextSample(from: number | null): Promise<number | null> {
    for (let wanted = from; ; ) {
      const news = ring.news();
      const begins = wanted ?? ring.sampleAt(span.from);
      if (begins !== null) {
        const sample = Math.max(begins, ring.begin());
        if (wanted !== null) {
          tellMissed(wanted, sample);
          wanted = sample;
        }
        if (endsAt(sample)) return null;
        if (sample < ring.end()) return sample;
      }
      if (stopping || isOver()) return null;
      await news;
    }
  }

  /** Makes one clip from the sample on. Answers the sample after its last, and whether all went well. */
  async function record(from: number): Promise<{ readonly next: number; readonly well: boolean }> {
    first = from;
    press = null;
    try {
      writer = await make({ span, startedAt: Math.round(ring.heardAt(from) ?? span.from), pressedAtMs: pressedAtMs() });
    } catch (error) {
      onFailed(error);
      return { next: from, well: false };
    }
    const clip = writer;
    tell(clip);
    try {
      const next = await fill(clip, from);
      // It may have ended while it was being begun.
      if (next === from || isNone()) await clip.discard();
      else await clip.finish();
      return { next, well: !isFull() };
    } catch (error) {
      onFailed(error);
      return { next: from + (await clip.breakOff()), well: false };
    } finally {
      writer = null;
    }
  }

  async function fill(clip: ClipWriter, from: number): Promise<number> {
    for (let next = from; ; ) {
      const news = ring.news();
      const last = Math.min(limit(), ring.runEnd(from) ?? Number.POSITIVE_INFINITY, from + longest);
      if (endsAt(next) || next >= last || next < ring.begin()) return next;
      const audio = ring.read(next, last);
      if (audio.length > 0) {
        await clip.take(audio);
        next += audio.length / (bytesPerSample * ring.channels);
        if (next - from > proof) onWell();
      } else if (isOver()) return next;
      else await news;
      if (isFull()) {
        onFailed(new FullError());
        return next;
      }
    }
  }

  function pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      waitMs = Math.min(2 * waitMs, longestWaitMs);
      goOn = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** What fails is tried again after a while, with the first sample that is not kept yet; once somebody waits for the end, once. */
  async function run(): Promise<void> {
    for (let sample = await nextSample(null); sample !== null; ) {
      const last = stopping;
      const { next, well } = await record(sample);
      onClip();
      if (well) {
        waitMs = firstWaitMs;
        failure = null;
        onWell();
      } else if (last) return;
      else if (!stopping) await pause();
      sample = await nextSample(next);
    }
  }

  return {
    span: () => span,
    change(parts) {
      const until = Math.min(span.until ?? Number.POSITIVE_INFINITY, parts.until ?? Number.POSITIVE_INFINITY);
      span = { ...span, ...parts, until: Number.isFinite(until) ? until : null };
      if (writer !== null) tell(writer);
      ring.wake();
    },
    stop() {
      stopping = true;
      end = Math.min(limit(), ring.end());
      goOn();
      ring.wake();
    },
    done: run().catch(onFailed),
  };
}
