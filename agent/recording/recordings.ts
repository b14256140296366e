import { isDeepStrictEqual } from 'node:util';
import type { AgentSettings } from '@manyi/config/settings';
import type { CounterHardware } from '../hardware.ts';
import type { IdentityFile } from '../identity.ts';
import type { Log } from '../log.ts';
import { type Outbox, StorageError } from '../outbox/outbox.ts';
import type { Runner } from '../runner.ts';
import type { Effect } from '../service/effects.ts';
import type { Rules } from '../service/inputs.ts';
import type { Troubles } from '../troubles.ts';
import { beginClip } from './capture/clip-writer.ts';
import { NoCoderError, tryCoder } from './capture/coder.ts';
import { createIntake, type Patience } from './capture/intake.ts';
import type { MicrophonePart } from './capture/microphone-part.ts';
import { type Beginning, FullError, recordSpan, type SpanRecorder } from './capture/span-recorder.ts';
import { causeOf, crowdedLine, missedLine, nearlyFull, tooSlow } from './causes.ts';
import { closesAfter, type Rated, ratedIn } from './clips/decision.ts';
import { homeOf } from './clips/home.ts';
import { createKeeper } from './clips/keeper.ts';
import { freeBytes, type Shelf } from './clips/shelf.ts';
import { happeningsIn, type RuleHappening } from './happenings.ts';
import { type Order, type Plan, reachMs, standing, step } from './policy.ts';
import { type Need, sharePart } from './shared-part.ts';
import { createUploader } from './upload/uploader.ts';

/** What is recorded at a counter. */
export interface Recordings {
  /** Whether sound is kept as it comes: then the counter says so, whatever is pressed. */
  readonly isOn: () => boolean;
  /** What the rules have done stands. */
  happened(effects: readonly Effect[], at: number): void;
  /** The hub may have decided otherwise. */
  follow(): void;
  /** Finishes what is being recorded. */
  close(): Promise<void>;
}

export interface RecordingsParts {
  readonly shelf: Shelf;
  readonly settings: Pick<
    AgentSettings,
    'MANYI_HUB_URL' | 'MANYI_MICROPHONE' | 'MANYI_RECORDING_MEGABYTES' | 'MANYI_UPLOAD_KILOBYTES_PER_SECOND'
  >;
  readonly hardware: Pick<CounterHardware, 'channels' | 'isHeard' | 'onAudio' | 'onBreak' | 'onGap'>;
  readonly ear: MicrophonePart;
  readonly clock: { now(): number };
  readonly rules: () => Pick<Rules, 'newId' | 'writeInstant'>;
  readonly plan: () => Plan;
  readonly runner: Pick<Runner, 'state' | 'record'>;
  readonly troubles: Pick<Troubles, 'partFailed' | 'partRestored' | 'failed'>;
  readonly identity: Pick<IdentityFile, 'data'>;
  readonly outbox: Pick<Outbox, 'status'>;
  readonly log: Log;
  /** Whether the counter says that it is recorded has changed. */
  readonly onChange: () => void;
  /** As much as is usual unless given. */
  readonly patience?: Patience;
}

/** What the ring holds beyond what a policy reaches back: longer than a coder that hangs is waited for, and the next one takes to start. Milliseconds. */
const slackMs = 30_000;

/** Records at a counter, as far as its site wants it. It begins with what the rules remembered, so it comes before their first step. */
export function createRecordings(parts: RecordingsParts): Recordings {
  const { shelf, hardware, ear, clock, rules, runner, troubles, onChange, patience } = parts;
  const recorders = new Set<SpanRecorder>();
  let latest: SpanRecorder | null = null;
  const home = () => homeOf(parts.identity.data);
  const need = sharePart('recording', troubles);
  const [coding, making, keeping, bringing] = [need(), need(), need(), need()];
  const [whole, holding, room] = [need(), need(), need()];

  /** Whether there is a coder, as far as it has been looked for. */
  let hasCoder = true;

  const intake = createIntake({ hardware, ear, whole, now: clock.now, onChange, patience });

  const keeper = createKeeper({
    shelf,
    state: runner.state(),
    home,
    held: () => parts.identity.data.settings?.held ?? [],
    onCrowded: (held) => (held === null ? holding.works() : holding.failed(crowdedLine(held))),
    budgetBytes: parts.settings.MANYI_RECORDING_MEGABYTES * 1e6,
    freeBytes: () => freeBytes(shelf.folder),
    now: clock.now,
    writeInstant: (at) => rules().writeInstant(at),
    record: runner.record,
    onFailed: (error) => failed(error, keeping),
    onLook(well) {
      intake.ring()?.wake();
      if (well) keeping.works();
      if (!keeper.isFull()) room.works();
      if (!hasCoder) void lookForCoder();
    },
  });

  /** Until there is one it is looked for, so that nobody has to wait for a customer to see that it is mended. */
  async function lookForCoder(): Promise<void> {
    hasCoder = true;
    const cause = await tryCoder();
    if (intake.ring() === null) return;
    hasCoder = cause === null;
    if (cause === null) coding.works();
    else coding.failed(cause);
  }

  function failed(error: unknown, of: Need): void {
    // The outbox has told it already.
    if (error instanceof StorageError) return;
    const cause = causeOf(error);
    const isUncoded = error instanceof NoCoderError;
    if (isUncoded) hasCoder = false;
    if (error instanceof FullError) room.failed(nearlyFull);
    else if (cause === null) troubles.failed(error);
    else (isUncoded ? coding : of).failed(cause);
  }

  /** Sound that was heard and is in no clip. What had failed before has been told with its own cause. */
  function missed(ms: number, why: unknown): void {
    if (why !== null) parts.log.warn(missedLine(ms));
    else making.failed(`${missedLine(ms)}: ${tooSlow}`);
  }

  const open = runner.state().service;
  const none: Plan = { policy: { record: 'off', beforeSeconds: 0, afterSeconds: 0, keep: 'all' }, mode: 'called' };
  /** For whom is recorded: who it was when this plan began, should the terminal be enrolled elsewhere at this moment. */
  let host = home();
  let state = standing(none, open?.place ?? null);
  /** How the service that is open was rated, for clips of it that begin later. */
  let rated = open === null ? null : ratedIn(open);

  function carryOut(order: Order): void {
    if (order.order === 'begin') begin(order);
    else latest?.change(order.order === 'press' ? { pressedAt: order.at } : { until: order.at });
  }

  function begin({ owner, from, until, pressedAt }: Extract<Order, { order: 'begin' }>): void {
    const ring = intake.ring();
    if (ring === null) return;
    const { keep } = state.plan.policy;
    const span = { owner, service: owner.service, from, until, pressedAt, keep, rated, closes: null };
    const { look: onClip, isFull } = keeper;
    const recorder = recordSpan(span, {
      ring,
      make: makeClip,
      now: clock.now,
      onFailed: (error) => failed(error, making),
      onMissed: missed,
      onWell: making.works,
      onClip,
      isFull,
    });
    recorders.add(recorder);
    latest = recorder;
    void recorder.done.then(() => recorders.delete(recorder));
  }

  function makeClip({ span, startedAt, pressedAtMs }: Beginning) {
    if (keeper.isFull()) throw new FullError();
    const { service, duty, clerk, counter } = span.owner;
    return beginClip(
      { shelf, channels: hardware.channels, cutOff: keeper.cutOff, recorded: intake.recorded },
      {
        shape: 1,
        recording: rules().newId(),
        state: 'recording',
        ...{ service, duty, clerk, counter },
        ...{ startedAt, durationMs: 0, pressedAtMs, bytes: 0, sha256: '' },
        ...{ speechShare: null, peak: null, clippedShare: null, repaired: false },
        ...{ keep: span.keep, rated: span.rated, closes: span.closes, uploadUrl: null, why: null, home: host },
      },
    );
  }

  function take(heard: RuleHappening): void {
    if (heard.type === 'rated') rated = heard.rated ?? 'unknown';
    if (heard.type === 'started') rated = null;
    const next = step(state, heard);
    state = next.state;
    for (const order of next.orders) carryOut(order);
    if (heard.type === 'rated') note(heard.owner.service, { rated });
    if (heard.type === 'ended') note(heard.service, { closes: closesAfter(heard.at) });
  }

  function note(service: string | null, fate: { rated?: Rated | null; closes?: number }): void {
    if (service === null) return;
    for (const one of recorders) if (one.span().service === service) one.change(fate);
    keeper.note(service, fate);
  }

  function follow(): void {
    // What waits may have to go, or to stay.
    keeper.look();
    const plan = parts.settings.MANYI_MICROPHONE === 'none' ? none : parts.plan();
    if (isDeepStrictEqual(plan, state.plan) && host === home()) return;
    host = home();
    // Known before anything is done: what is done tells others, who come back here.
    const next = step(state, { type: 'plan', plan, at: clock.now() });
    state = next.state;
    for (const one of recorders) one.stop();
    const reach = reachMs(plan);
    intake.want(reach === null ? null : reach + slackMs);
    if (reach === null) {
      for (const one of [coding, making, room]) one.works();
    } else void lookForCoder();
    for (const order of next.orders) carryOut(order);
  }

  follow();
  const uploader = createUploader({
    clips: keeper,
    hubUrl: parts.settings.MANYI_HUB_URL,
    credentials: () => parts.identity.data.enrolled,
    eventsWait: () => {
      const { first, next } = parts.outbox.status();
      return first !== next;
    },
    bytesPerSecond: parts.settings.MANYI_UPLOAD_KILOBYTES_PER_SECOND * 1024,
    onFailed: bringing.failed,
    onRestored: bringing.works,
    log: parts.log,
  });
  return {
    isOn: intake.isOn,
    follow,
    happened(effects, at) {
      for (const heard of happeningsIn(effects, at)) take(heard);
    },
    async close() {
      await uploader.close();
      for (const one of recorders) one.stop();
      await Promise.all([...recorders].map((one) => one.done));
      await keeper.close();
    },
  };
}
