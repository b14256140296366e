import { join } from 'node:path';
import type { Enrolled } from '@manyi/config/api';
import { instant } from '@manyi/config/ids';
import { profiles } from '@manyi/config/profiles';
import { type AgentSettings, SettingsError } from '@manyi/config/settings';
import type { TerminalSettings } from '@manyi/config/terminal-settings';
import { isTimeZone } from '@manyi/config/zone';
import { closeHardware, type Hardware, openHardware } from '@manyi/firmware/terminal';
import { v7 } from 'uuid';
import { z } from 'zod';
import { anchorOf, createClock } from './clock.ts';
import { createDoor } from './door.ts';
import { enrolTerminal, needsEnrolment } from './enrol.ts';
import { createHealthBook } from './health.ts';
import { createHubHttp } from './hub-http.ts';
import { type Identity, openIdentity } from './identity.ts';
import { acceptCommand } from './link/commands.ts';
import { createLink, type Link } from './link/link.ts';
import { createLog, type Log } from './log.ts';
import { type Machine, machineFingerprint, thisMachine } from './machine.ts';
import { openOutbox } from './outbox/outbox.ts';
import { createPanel } from './panel.ts';
import { lampPattern } from './perform.ts';
import { counterName, counterOf, rulesOf, timeZoneOf } from './place.ts';
import { openRoster } from './roster.ts';
import { followRoster } from './roster-follow.ts';
import { createRunner } from './runner.ts';
import type { ScreenInput } from './screen/input.ts';
import { createScreen, type Screen } from './screen/server.ts';
import type { ScreenNotice, ScreenView } from './screen/view.ts';
import type { Effect } from './service/effects.ts';
import { view } from './service/view.ts';
import { screenView } from './show.ts';
import { makeFolder } from './state/folder.ts';
import { createTroubles } from './troubles.ts';
import { version } from './version.ts';

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

/** How often the terminal notes that it is running: what a restart goes by. Milliseconds. */
const beatEveryMs = 10_000;

const hubHealth = z.object({ time: instant });

/**
 * Opens a terminal and starts it. Throws an Error of one line when the data folder cannot be written, the port is taken, or the
 * folder belongs to another terminal. The hub need not be there, now or ever.
 */
export async function createTerminal(settings: AgentSettings, ground: TerminalGround = {}): Promise<Terminal> {
  const { machine = thisMachine(), fingerprint = machineFingerprint() } = ground;
  const log = ground.log ?? createLog(settings.MANYI_LOG_LEVEL);
  const folder = join(settings.MANYI_DATA, 'terminal');
  makeFolder(folder);

  const book = createHealthBook({
    folder,
    uptimeMs: machine.uptimeMs,
    clockSynced: () => clock.correction()?.synced ?? false,
    parts: ['panel', 'badge-reader', 'screen', 'storage', 'state'],
  });
  const troubles = createTroubles({
    book,
    log,
    record: (type, data) => runner.record(type, data),
    counter: () => counterOf(identity.data),
    onNews,
  });

  const identity = await openIdentity(folder, troubles.fileBroken);
  checkIdentity(settings, identity.data);
  const hub = createHubHttp(settings.MANYI_HUB_URL, () => identity.data.enrolled);
  const roster = await openRoster({
    folder,
    hub,
    rosterKey: () => identity.data.enrolled?.rosterKey ?? null,
    log,
    onBroken: troubles.fileBroken,
    onChange: show,
  });
  const rosterFollower = followRoster(roster, log);

  const outbox = openOutbox({
    folder,
    fingerprint,
    boot: machine.boot,
    anchor: (lastKnown) => anchorOf(machine, lastKnown),
    newId: v7,
    onBroken: troubles.fileBroken,
  });
  const clock = createClock({
    machine,
    ...outbox.boot(),
    hubTime: async () => Date.parse((await hub.getJson('/healthz', hubHealth)).time),
    keep: outbox.keepCorrection,
  });

  const rules = () => rulesOf(settings, identity.data);
  const runner = createRunner({
    outbox,
    clock,
    rules,
    leaving: () => link?.leaving() ?? null,
    onCommitted,
    onFailed: troubles.failed,
  });
  const panel = createPanel(({ type, ...filtered }) =>
    runner.run({ input: 'level' in filtered ? { type: 'press', ...filtered } : { type: 'two-faces', ...filtered } }),
  );
  const door = createDoor({
    runner,
    panel,
    roster,
    isEnrolled: () => identity.data.enrolled !== null,
    onRefused: show,
  });

  let link: Link | null = null;
  let screen: Screen | null = null;
  let hardware = openPanel();

  /** Everything is on the disk: now it may be seen and sent. */
  function onCommitted(effects: readonly Effect[]): void {
    troubles.stored();
    hardware.lamps.show(lampPattern(effects, view(runner.state())));
    show();
    link?.wake();
    troubles.flush();
  }

  function onNews(): void {
    if (!book.works('storage')) hardware.lamps.show('failure');
    show();
    link?.announce();
  }

  function show(): void {
    screen?.update();
  }

  function openPanel(): Hardware {
    const levels = profiles[rules().profile].levels.map((level) => level.name);
    const opened = openHardware(settings, levels, () => performance.now());
    // Whoever presses here sees a failure on the screen; the cause has been told where it arose.
    opened.buttons.onPress((level, at) => void door.press(level, at).catch(() => {}));
    opened.badges.onBadge((code) => void door.input({ type: 'badge', code }).catch(() => {}));
    opened.buttons.onFailure((cause) => troubles.partFailed('panel', cause));
    opened.lamps.onFailure((cause) => troubles.partFailed('panel', cause));
    opened.badges.onFailure((cause) => troubles.partFailed('badge-reader', cause));
    return opened;
  }

  function notice(): ScreenNotice | null {
    if (!book.works('storage')) return 'storage-failed';
    if (identity.data.enrolled === null) return 'not-enrolled';
    if (door.badgeRefused()) return roster.isKnown() ? 'badge-refused' : 'roster-unknown';
    return null;
  }

  function shown(): ScreenView {
    return screenView(view(runner.state()), {
      rules: rules(),
      now: clock.now(),
      shiftMs: clock.correction()?.shiftMs ?? 0,
      timeZone: timeZoneOf(identity.data),
      counterName: counterName(identity.data),
      clerk: roster.clerk,
      notice: notice(),
      online: link?.isOnline() ?? false,
    });
  }

  /** The hub has said where the terminal stands. Another profile may mean other keys. */
  async function settle(given: TerminalSettings): Promise<void> {
    const { timeZone } = given.site;
    if (!isTimeZone(timeZone)) return log.warn(`settings with the unknown time zone ${timeZone} were ignored`);
    const before = rules().profile;
    await identity.write({ ...identity.data, settings: given });
    if (rules().profile !== before) {
      closeHardware(hardware);
      hardware = openPanel();
    }
    show();
  }

  function openLink(enrolled: Enrolled): Link {
    return createLink({
      enrolled,
      outbox,
      clock,
      agent: version,
      health: book.report,
      timeZone: () => timeZoneOf(identity.data),
      onSettings: (given) => void settle(given).catch(troubles.failed),
      onRoster: rosterFollower.notice,
      onCommand: (payload) => {
        const accept = () => acceptCommand(payload, { trueNow: clock.trueNow, isDone: outbox.hasCommand, log });
        // A command that could not be stored was not done, and has been told of as a trouble.
        runner.run(accept).catch(() => {});
      },
      onPresence: show,
      onTrouble: troubles.failed,
      log,
    });
  }

  const stop = new AbortController();
  /** In the background, for the counter does not wait for the hub. Another terminal than before begins another outbox. */
  async function enrol(code: string): Promise<void> {
    const before = identity.data.enrolled;
    const enrolled = await enrolTerminal({ hub, identity, log, signal: stop.signal }, code);
    if (enrolled === null || stop.signal.aborted) return;
    await link?.close();
    if (before && (before.site !== enrolled.site || before.terminal !== enrolled.terminal)) outbox.renew();
    link = openLink(enrolled);
    show();
  }

  function beat(): void {
    try {
      outbox.beat(clock.now(), clock.trueNow());
      troubles.stored();
    } catch (error) {
      troubles.failed(error);
    }
  }

  try {
    screen = await createScreen({
      port: settings.MANYI_SCREEN_PORT,
      view: shown,
      onInput: door.input,
      photo: roster.photo,
    });
  } catch (error) {
    await runner.close();
    closeHardware(hardware);
    outbox.close();
    throw error;
  }
  const { address } = screen;
  hardware.lamps.show(lampPattern([], view(runner.state())));
  troubles.flush();
  const heart = setInterval(beat, beatEveryMs);
  const { enrolled } = identity.data;
  if (enrolled) link = openLink(enrolled);
  const code = settings.MANYI_ENROLMENT_CODE;
  const enrolling = needsEnrolment(identity, code) ? enrol(code).catch(troubles.failed) : Promise.resolve();
  if (!enrolled && code === undefined) {
    log.warn('this terminal is not enrolled: make a code on the dashboard and set MANYI_ENROLMENT_CODE to it');
  }

  return {
    screenAddress: address,
    hardware: () => hardware,
    isOnline: () => link?.isOnline() ?? false,
    enrolled: () => identity.data.enrolled,
    input: door.input,
    async close() {
      stop.abort();
      clearInterval(heart);
      rosterFollower.close();
      panel.close();
      closeHardware(hardware);
      await screen?.close();
      await enrolling;
      await runner.close();
      await link?.close();
      beat();
      outbox.close();
    },
  };
}

/** The folder is one terminal's. Settings that say another are a mistake, not a move. */
function checkIdentity(settings: AgentSettings, { enrolled }: Identity): void {
  for (const [name, given, own] of [
    ['MANYI_SITE', settings.MANYI_SITE, enrolled?.site],
    ['MANYI_TERMINAL', settings.MANYI_TERMINAL, enrolled?.terminal],
  ]) {
    if (given === undefined || own === undefined || given === own) continue;
    throw new SettingsError(
      `${name} is wrong: it says ${given}, but ${settings.MANYI_DATA} belongs to ${own}: remove it or use another MANYI_DATA`,
    );
  }
}
