import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { instant } from '@manyi/config/ids';
import type { AgentSettings } from '@manyi/config/settings';
import { v7 } from 'uuid';
import { z } from 'zod';
import { anchorOf, createClock } from './clock.ts';
import { makeFolder } from './files/folder.ts';
import { soundParts } from './hardware.ts';
import { createHealthBook } from './health.ts';
import { createHubHttp } from './hub-http.ts';
import { checkIdentity, openIdentity } from './identity.ts';
import type { Request } from './link/commands.ts';
import { createLog, type Log } from './log.ts';
import { type Machine, machineFingerprint, thisMachine } from './machine.ts';
import type { Correction } from './outbox/boots.ts';
import { openOutbox } from './outbox/outbox.ts';
import { rulesOf } from './place.ts';
import { openShelf } from './recording/clips/shelf.ts';
import { openRoster } from './roster.ts';
import type { Effect } from './service/effects.ts';
import { createTroubles } from './troubles.ts';

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

const hubHealth = z.object({ time: instant });

/** What every part of a terminal stands on. */
export type Base = Awaited<ReturnType<typeof openBase>>;

/** What the terminal has kept in its folder, and the time and the troubles that everything goes by. */
export async function openBase(settings: AgentSettings, ground: TerminalGround) {
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
