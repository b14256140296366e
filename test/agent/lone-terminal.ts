import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TerminalGround } from '@manyi/agent/base';
import type { Identity } from '@manyi/agent/identity';
import { createLog } from '@manyi/agent/log';
import { createTerminal, type Terminal } from '@manyi/agent/terminal';
import { defaultRecordingPolicy } from '@manyi/config/recordings';
import { agentSettings, readSettings } from '@manyi/config/settings';
import type { SiteMode } from '@manyi/config/terminal-settings';
import { noShift, outboxIn } from './outbox-parts.ts';

const fingerprint = 'this machine';

/** The folder of a terminal that has been enrolled, in a hall of the given mode that records as given, and holds those clips. */
export function enrolledIn(
  folder: string,
  mode: SiteMode = 'called',
  recording = defaultRecordingPolicy,
  held: string[] = [],
): string {
  const place = { site: 'hall', counter: 'counter-1', terminal: 'terminal-1' };
  const identity: Identity = {
    asked: null,
    enrolled: { ...place, username: 'u', password: 'p', broker: 'mqtt://127.0.0.1:1', rosterKey: 'a2V5' },
    settings: {
      site: { id: 'hall', name: 'Hall', timeZone: 'Asia/Shanghai', mode },
      counter: { id: 'counter-1', name: 'Counter 1' },
      profile: 'four-key',
      recording,
      held,
    },
  };
  mkdirSync(join(folder, 'terminal'), { recursive: true });
  writeFileSync(join(folder, 'terminal/identity.json'), JSON.stringify(identity));
  return folder;
}

/** A terminal in that folder whose hub is away. */
export function openAlone(
  folder: string,
  more: Record<string, string> = {},
  ground: TerminalGround = {},
): Promise<Terminal> {
  const settings = readSettings(agentSettings, {
    MANYI_DATA: folder,
    MANYI_HUB_URL: 'http://127.0.0.1:1',
    MANYI_SCREEN_PORT: '0',
    MANYI_BUTTONS: 'simulated',
    ...more,
  });
  return createTerminal(settings, { fingerprint, log: createLog('silent'), ...ground });
}

/** What a closed terminal still holds for the hub, in order. */
export function heldIn(folder: string): { type: string; data: Readonly<Record<string, unknown>> }[] {
  const outbox = outboxIn(join(folder, 'terminal'), { boot: randomUUID() });
  const held = outbox.read(0, 1000, noShift).map(({ type, data }) => ({ type: type.slice(6, -3), data }));
  outbox.close();
  return held;
}
