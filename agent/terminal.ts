import type { Enrolled } from '@manyi/config/api';
import type { AgentSettings } from '@manyi/config/settings';
import type { Hardware } from '@manyi/firmware/terminal';
import { type Base, openBase, type TerminalGround } from './base.ts';
import { createDoor } from './door.ts';
import { createCounterHardware } from './hardware.ts';
import { lampPattern } from './lamps.ts';
import { createHeard } from './listening/heard.ts';
import { createListening } from './listening/listening.ts';
import { createPanel } from './panel.ts';
import { counterName, counterOf, planOf, timeZoneOf } from './place.ts';
import { createMicrophonePart } from './recording/capture/microphone-part.ts';
import { createRecordings } from './recording/recordings.ts';
import { createRunner } from './runner.ts';
import { asPrinted } from './screen/badge.ts';
import { noticeOf, screenView } from './screen/compose.ts';
import type { ScreenInput } from './screen/input.ts';
import { createScreen } from './screen/server.ts';
import { createUnattendedTest } from './self-test/unattended.ts';
import { untoldPresses } from './service/quiet.ts';
import { view } from './service/view.ts';
import { createUplink, type Uplink } from './uplink.ts';
import { phraseOf } from './voice.ts';

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

/** How often the terminal notes that it is running, besides at every event: a restart goes by it, and it wears the card. Milliseconds. */
const beatEveryMs = 30_000;

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
    onCounted(id, totals) {
      const untold = untoldPresses(runner.state());
      void runner
        .record('manyi.panel.counted.v1', { counter: counter(), panel: id, totals, untold, touched: panel.touched() })
        .catch(unkept);
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
