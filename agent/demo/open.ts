import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { DemoStage } from '@manyi/config/demo';
import type { AgentSettings } from '@manyi/config/settings';
import { v7 } from 'uuid';
import { anchorOf } from '../clock.ts';
import { machineFingerprint, thisMachine } from '../machine.ts';
import { type NewEvent, openOutbox } from '../outbox/outbox.ts';
import { createTerminal, type Terminal } from '../terminal.ts';
import { leaveClips } from './clips.ts';
import { demoTimings } from './day.ts';

type Place = DemoStage['terminals'][number];

/** The settings of one terminal of the hall; its screen's port is counted from the given one, unless any will do. */
export function settingsOf(settings: AgentSettings, { site, terminal, code }: Place, number: number): AgentSettings {
  const { MANYI_DATA: data, MANYI_SCREEN_PORT: port } = settings;
  return {
    ...settings,
    MANYI_DATA: join(data, terminal),
    MANYI_SITE: site,
    MANYI_TERMINAL: terminal,
    MANYI_ENROLMENT_CODE: code,
    MANYI_SCREEN_PORT: port === 0 ? 0 : port + number,
    MANYI_BUTTONS: 'simulated',
    MANYI_INVITATION_SECONDS: demoTimings.invitationMs / 1000,
    MANYI_THANKS_SECONDS: demoTimings.thanksMs / 1000,
    MANYI_LOCKOUT_SECONDS: demoTimings.lockoutMs / 1000,
  };
}

/** Opens terminal number so-and-so, which has been away from the hub for weeks and still holds what happened then. */
export async function openWithPast(
  settings: AgentSettings,
  past: readonly NewEvent[],
  number: number,
): Promise<Terminal> {
  const machine = thisMachine();
  const folder = join(settings.MANYI_DATA, 'terminal');
  const outbox = openOutbox({
    folder,
    fingerprint: machineFingerprint(),
    boot: machine.boot,
    anchor: (lastKnown) => anchorOf(machine, lastKnown),
    newId: v7,
    onBroken: () => {},
  });
  outbox.commit({ events: past, now: machine.wallMs() });
  outbox.close();
  await leaveClips(folder, past, number);
  return createTerminal(settings);
}

/** Until the hub has told the terminal who may serve: before that it would refuse every badge. */
export async function untilReady(
  terminal: Terminal,
  { MANYI_DATA }: AgentSettings,
  signal: AbortSignal,
): Promise<void> {
  const roster = join(MANYI_DATA, 'terminal', 'roster.json');
  while (!signal.aborted && !(terminal.isOnline() && existsSync(roster))) await wait(100);
}
