import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Enrolled } from '@manyi/config/api';
import { instant } from '@manyi/config/ids';
import type { AgentSettings } from '@manyi/config/settings';
import type { TerminalSettings } from '@manyi/config/terminal-settings';
import type { Hardware } from '@manyi/firmware/terminal';
import { v7 } from 'uuid';
import { z } from 'zod';
import { anchorOf, createClock } from './clock.ts';
import { createDoor } from './door.ts';
import { enrolTerminal, needsEnrolment } from './enrol.ts';
import { makeFolder } from './files/folder.ts';
import { createCounterHardware, soundParts } from './hardware.ts';
import { createHealthBook } from './health.ts';
import { createHubHttp } from './hub-http.ts';
import { checkIdentity, openIdentity } from './identity.ts';
import { lampPattern } from './lamps.ts';
import { acceptCommand, type Request } from './link/commands.ts';
import { createLink, type Link } from './link/link.ts';
import { createHeard } from './listening/heard.ts';
import { createListening } from './listening/listening.ts';
import { createLog, type Log } from './log.ts';
import { type Machine, machineFingerprint, thisMachine } from './machine.ts';
import type { Correction } from './outbox/boots.ts';
import { openOutbox } from './outbox/outbox.ts';
import { createPanel } from './panel.ts';
import { counterName, counterOf, planOf, rulesOf, timeZoneOf } from './place.ts';
import { createMicrophonePart } from './recording/capture/microphone-part.ts';
import { openShelf } from './recording/clips/shelf.ts';
import { createRecordings } from './recording/recordings.ts';
import { openRoster } from './roster.ts';
import { followRoster } from './roster-follow.ts';
import { createRunner, type Runner } from './runner.ts';
import { asPrinted } from './screen/badge.ts';
import { noticeOf, screenView } from './screen/compose.ts';
import type { ScreenInput } from './screen/input.ts';
import { createScreen } from './screen/server.ts';
import { createUnattendedTest } from './self-test/unattended.ts';
import type { Effect } from './service/effects.ts';
import { untoldPresses } from './service/quiet.ts';
import { view } from './service/view.ts';
import { createTroubles } from './troubles.ts';
import { version } from './version.ts';
import { phraseOf } from './voice.ts';
import { isKnownZone } from './zone.ts';

/** One terminal at work. Many may run in one process, each with a data folder of its own. */
export interface Terminal {
  /** `http://127.0.0.1:8090` */
  readonly screenAddress: string;
  /** Panel, lamps and badge reader, as the settings opened them. */
  readonly hardware: () => Hardware;
  readonly isOnline: () => boolean;
  /** Who the terminal is; null until it is enrolled. */
  readonly enrolled: () => Enrolled | null;
  /** What somebody does at the counter. Resolves when what came of it is on the disk; rejects when nothing was kept. */
  input(input: ScreenInput): Promise<void>;
  /** Finishes what was begun, says goodbye to the hub and lets go of everything. */
  close(): Promise<void>;
}

/** What a terminal stands on; this machine unless told otherwise. */
export interface TerminalGround {
  readonly machine?: Machine;
  readonly fingerprint?: string;
  readonly log?: Log;
}

/** What one part of the terminal tells those that follow it. */
type Happenings = EventEmitter<{
  /** Everything is on the disk: now it may be seen. */
  committed: [effects: readonly Effect[]];
  /** And it is not taken back any more: now it may be said and sent. */
  standing: [effects: readonly Effect[], at: number];
  /** Something that the counter shows has changed, perhaps its profile. */
  changed: [];
  /** A part has failed or come back. */
  health: [];
  /** The hub asks something of the terminal itself. */
  request: [asked: Request];
  /** True time has been found. */
  time: [];
}>;

/** How often the terminal notes that it is running, besides at every event: a restart goes by it, and it wears the card. Milliseconds. */
const beatEveryMs = 30_000;

const hubHealth = z.object({ time: instant });

/**
 * Opens a terminal and starts it. Throws an Error of one line when the data folder cannot be written, the port is taken, or the
 * folder belongs to another terminal. The hub need not be there, now or ever.
 */
export async function createTerminal(settings: AgentSettings, ground: TerminalGround = {}): Promise<Terminal> {
  const base = await openBase(settings, ground);
  const uplink = createUplink(base);
  const counter = openCounter(base, uplink);
  const screen = await openScreen(base, counter, uplink).catch(async (error: unknown) => {
    await counter.close();
    base.outbox.close();
    throw error;
  });
  const stopHeart = startHeart(base);
  uplink.start(counter.runner);
  return {
    screenAddress: screen.address,
    hardware: counter.hardware.opened,
    isOnline: uplink.isOnline,
    enrolled: () => base.identity.data.enrolled,
    input: counter.door.input,
    async close() {
      await screen.close();
      await counter.close();
      await uplink.close();
      stopHeart();
      base.outbox.close();
    },
  };
}

type Base = Awaited<ReturnType<typeof openBase>>;

/** What the terminal has kept in its folder, and the time and the troubles that everything goes by. */
async function openBase(settings: AgentSettings, ground: TerminalGround) {
  const { machine = thisMachine(), fingerprint = machineFingerprint() } = ground;
  const log = ground.log ?? createLog(settings.MANYI_LOG_LEVEL);
  const folder = join(settings.MANYI_DATA, 'terminal');
  makeFolder(folder);
  const happenings: Happenings = new EventEmitter();
  const health = createHealthBook(folder, [
    'panel',
    'badge-reader',
    ...soundParts(settings),
    'screen',
    'storage',
    'state',
  ]);
  const troubles = createTroubles({ health, log, onNews: () => happenings.emit('health') });
  const onBroken = troubles.fileBroken;

  const identity = await openIdentity(folder, onBroken);
  checkIdentity(settings, identity.data.enrolled, `the folder in MANYI_DATA (${settings.MANYI_DATA})`);
  const hub = createHubHttp(settings.MANYI_HUB_URL, () => identity.data.enrolled);
  const rosterKey = () => identity.data.enrolled?.rosterKey ?? null;
  const roster = await openRoster({
    folder,
    hub,
    rosterKey,
    log,
    onBroken,
    onChange: () => happenings.emit('changed'),
  });
  const anchor = (lastKnown: number | null) => anchorOf(machine, lastKnown);
  const outbox = openOutbox({ folder, fingerprint, boot: machine.boot, anchor, newId: v7, onBroken });
  const hubTime = async () => Date.parse((await hub.getJson('/healthz', hubHealth)).time);
  const keep = (correction: Correction) => {
    try {
      outbox.keepCorrection(correction);
    } catch (error) {
      // It holds for this run all the same.
      troubles.failed(error);
    }
    happenings.emit('time');
  };
  const clock = createClock({ machine, ...outbox.boot(), hubTime, keep });

  const rules = () => rulesOf(settings, identity.data);
  const shelf = await openShelf(folder, onBroken);
  return { settings, log, happenings, health, troubles, identity, hub, roster, outbox, clock, rules, shelf };
}

type Counter = ReturnType<typeof openCounter>;

/** The rules at work, with what people press, show and see. It needs no hub. */
function openCounter(base: Base, { leaving, isOnline, sendAudio }: Pick<Uplink, 'leaving' | 'isOnline' | 'sendAudio'>) {
  const { settings, log, happenings, health, troubles, identity, roster, outbox, clock, rules } = base;
  /** When a key went down at `at` (milliseconds of `performance.now()`), by the agent's own time. */
  const timeOf = (at: number) => Math.round(clock.now() - (performance.now() - at));
  const panel = createPanel((filtered) => {
    if (filtered.type === 'stands') return runner.stands();
    const { at, ...input } = filtered;
    const taken = { input, at: timeOf(at) };
    return input.type === 'press' ? runner.press(taken) : runner.twoFaces(taken);
  });
  const runner = createRunner({
    outbox,
    clock,
    rules,
    leaving,
    settled: panel.settled,
    onCommitted: (effects) => void happenings.emit('committed', effects),
    onStanding: (effects, at) => void happenings.emit('standing', effects, at),
    onFailed: troubles.failed,
  });
  const isEnrolled = () => identity.data.enrolled !== null;
  const door = createDoor({ runner, panel, roster, isEnrolled, onRefused: () => happenings.emit('changed') });

  const counter = () => counterOf(identity.data);
  // What cannot be kept or recorded is in the log and in the health already, and the screen shows it.
  const unkept = () => {};
  const ear = createMicrophonePart(troubles);
  const hardware = createCounterHardware({
    settings,
    profile: rules().profile,
    onPress: (level, at) => void door.press(level, at).catch(unkept),
    onClerkKey: (at) => void door.clerkKey(timeOf(at)).catch(unkept),
    onBadge: (code) => void door.input({ type: 'badge', code }).catch(unkept),
    onFailed: ear.partFailed,
    onRestored: ear.partRestored,
    onCounted(panel, totals) {
      const untold = untoldPresses(runner.state());
      void runner.record('manyi.panel.counted.v1', { counter: counter(), panel, totals, untold }).catch(unkept);
    },
  });
  const recordTroubles = () =>
    void troubles.tellLedger((trouble) =>
      runner.record('manyi.terminal.changed.v1', { counter: counter(), ...trouble }),
    );

  const onChange = () => void happenings.emit('changed');
  const listening = createListening({ hardware, send: sendAudio, now: clock.trueNow, onChange, log });
  happenings.on('request', listening.take);
  happenings.on('changed', () => isOnline() || listening.end());

  const plan = () => planOf(identity.data);
  const recordings = createRecordings({ ...base, hardware, ear, runner, plan, onChange });
  happenings.on('standing', recordings.happened);
  happenings.on('changed', recordings.follow);

  happenings.on('committed', troubles.stored);
  happenings.on('committed', (effects) => hardware.show(lampPattern(effects, view(runner.state()))));
  happenings.on('standing', (effects) => hardware.say(phraseOf(effects)));
  happenings.on('committed', recordTroubles);
  happenings.on('health', () => health.works('storage') || hardware.show('failure'));
  happenings.on('health', recordTroubles);
  const unattended = createUnattendedTest({ hardware, ear });
  happenings.on('request', async ({ name }) => {
    if (name !== 'self-test') return;
    await unattended.run();
    health.tested(clock.trueNow());
    happenings.emit('health');
  });
  happenings.on('time', runner.timeFound);
  happenings.on('changed', () => hardware.follow(rules().profile));
  hardware.show(lampPattern([], view(runner.state())));
  recordTroubles();
  return {
    runner,
    door,
    hardware,
    listening,
    recordings,
    async close() {
      listening.end();
      panel.close();
      await recordings.close();
      hardware.close();
      await runner.close();
    },
  };
}

/** The counter screen: it shows whatever happens. */
async function openScreen(base: Base, { runner, door, listening, recordings }: Counter, { isOnline }: Uplink) {
  const { settings, happenings, health, identity, roster, clock, rules } = base;
  const shown = () =>
    screenView(view(runner.state()), {
      rules: rules(),
      now: clock.now(),
      shiftMs: clock.correction()?.shiftMs ?? 0,
      timeZone: timeZoneOf(identity.data),
      counterName: counterName(identity.data),
      clerk: roster.clerk,
      notice: noticeOf({
        stores: health.works('storage'),
        enrolled: identity.data.enrolled !== null,
        refused: door.badgeRefused(),
        rosterKnown: roster.isKnown(),
      }),
      online: isOnline(),
      listening: listening.isOn(),
      recording: recordings.isOn(),
    });
  const port = settings.MANYI_SCREEN_PORT;
  const onInput = (input: ScreenInput) => door.input(asPrinted(input, settings));
  const heard = createHeard({ ...base, view: shown });
  const screen = await createScreen({ port, view: shown, onInput, photo: roster.photo, heard });
  for (const happening of ['committed', 'changed', 'health'] as const) happenings.on(happening, screen.update);
  return screen;
}

type Uplink = ReturnType<typeof createUplink>;

/** The way to the hub: enrolment, then the link. The counter waits for neither, and whoever stands there sees thanks before it sends. */
function createUplink(base: Base) {
  const { settings, log, happenings, health, troubles, identity, hub, roster, outbox, clock } = base;
  const follower = followRoster(roster, log);
  const stop = new AbortController();
  let link: Link | null = null;
  let enrolling = Promise.resolve();

  function open(enrolled: Enrolled, { run }: Runner): void {
    link = createLink({
      enrolled,
      outbox,
      clock,
      agent: version,
      health: () => health.report(clock),
      timeZone: () => timeZoneOf(identity.data),
      onSettings: (given) => void settle(given).catch(troubles.failed),
      onRoster: follower.notice,
      onCommand: (payload) => {
        const onRequest = (request: Request) => void happenings.emit('request', request);
        const isDone = outbox.hasCommand;
        const accept = () => acceptCommand(payload, { trueNow: clock.trueNow, isDone, onRequest, log });
        // A command that could not be stored was not done, and has been told of as a trouble.
        run(accept).catch(() => {});
      },
      onPresence: () => happenings.emit('changed'),
      onTrouble: troubles.failed,
      log,
    });
  }

  /** The hub has said where the terminal stands. */
  async function settle(given: TerminalSettings): Promise<void> {
    const { timeZone } = given.site;
    if (!isKnownZone(timeZone)) return log.warn(`settings with the unknown time zone ${timeZone} were ignored`);
    // They come with every connection, and a card wears out by writing.
    if (isDeepStrictEqual(given, identity.data.settings)) return;
    await identity.write({ ...identity.data, settings: given });
    happenings.emit('changed');
  }

  /** Another terminal than before begins another outbox. */
  async function enrol(code: string, runner: Runner): Promise<void> {
    const before = identity.data.enrolled;
    const enrolled = await enrolTerminal({ hub, identity, wanted: settings, log, signal: stop.signal }, code);
    if (enrolled === null || stop.signal.aborted) return;
    await link?.close();
    if (before && (before.site !== enrolled.site || before.terminal !== enrolled.terminal)) outbox.renew();
    open(enrolled, runner);
    happenings.emit('changed');
  }

  return {
    isOnline: () => link?.isOnline() ?? false,
    /** The correction that events stored now leave with; null when they have to wait. */
    leaving: () => link?.leaving() ?? null,
    /** Sends a frame of live sound now; false when it was dropped. */
    sendAudio: (frame: Uint8Array) => link?.sendAudio(frame) ?? false,
    start(runner: Runner): void {
      happenings.on('standing', () => link?.wake());
      happenings.on('health', () => link?.announce());
      const { enrolled } = identity.data;
      const code = settings.MANYI_ENROLMENT_CODE;
      if (enrolled) open(enrolled, runner);
      if (needsEnrolment(identity, code)) enrolling = enrol(code, runner).catch(troubles.failed);
      else if (!enrolled) {
        log.warn('this terminal is not enrolled: make a code on the dashboard and set MANYI_ENROLMENT_CODE to it');
      }
    },
    async close(): Promise<void> {
      stop.abort();
      follower.close();
      await enrolling;
      await link?.close();
    },
  };
}

/** Notes now and then that the terminal is running, and whether a time service has come. The answer stops it, with a last beat. */
function startHeart({ outbox, clock, troubles }: Base): () => void {
  const beat = () => {
    try {
      if (clock.correction() === null) clock.settleByWall();
      outbox.beat(clock.now(), clock.trueNow());
      troubles.stored();
    } catch (error) {
      troubles.failed(error);
    }
  };
  const heart = setInterval(beat, beatEveryMs);
  return () => {
    clearInterval(heart);
    beat();
  };
}
