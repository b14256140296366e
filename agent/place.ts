import { defaultProfile } from '@manyi/config/profiles';
import { defaultRecordingPolicy } from '@manyi/config/recordings';
import type { AgentSettings } from '@manyi/config/settings';
import type { SiteMode } from '@manyi/config/terminal-settings';
import { v7 } from 'uuid';
import type { Identity } from './identity.ts';
import type { Plan } from './recording/policy.ts';
import type { Rules } from './service/inputs.ts';
import { toLocalRfc3339 } from './zone.ts';

/** Where a terminal stands until the hub has told it: what a fresh site is. */
const freshTimeZone = 'Asia/Shanghai';

/** The rules that hold now: the hub's word for the place, the environment's for the timings. */
export function rulesOf(settings: AgentSettings, identity: Identity): Rules {
  const zone = timeZoneOf(identity);
  return {
    mode: modeOf(identity),
    profile: identity.settings?.profile ?? defaultProfile,
    counter: counterOf(identity) ?? '',
    invitationMs: settings.MANYI_INVITATION_SECONDS * 1000,
    thanksMs: settings.MANYI_THANKS_SECONDS * 1000,
    lockoutMs: settings.MANYI_LOCKOUT_SECONDS * 1000,
    newId: v7,
    writeInstant: (at) => toLocalRfc3339(at, zone),
  };
}

/** What is recorded: what the hub said of the site; nothing before it has. */
export function planOf(identity: Identity): Plan {
  return { policy: identity.settings?.recording ?? defaultRecordingPolicy, mode: modeOf(identity) };
}

function modeOf({ settings }: Identity): SiteMode {
  return settings?.site.mode ?? 'continuous';
}

/** The counter's id; null before enrolment. */
export function counterOf({ settings, enrolled }: Identity): string | null {
  return settings?.counter.id ?? enrolled?.counter ?? null;
}

/** The counter's name for people. */
export function counterName({ settings, enrolled }: Identity): string {
  return settings?.counter.name ?? enrolled?.counter ?? '';
}

/** The site's IANA zone. */
export function timeZoneOf({ settings }: Identity): string {
  return settings?.site.timeZone ?? freshTimeZone;
}
