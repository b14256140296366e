import type { Part } from '@manyi/config/events';
import { type ProfileId, profiles } from '@manyi/config/profiles';
import type { AgentSettings } from '@manyi/config/settings';
import type { LampPattern } from '@manyi/firmware/lamps/contract';
import type { Phrase } from '@manyi/firmware/speaker/contract';
import { closeHardware, type Hardware, openHardware } from '@manyi/firmware/terminal';

/** What stands at the counter, with a key for each level of the profile that holds. */
export interface CounterHardware {
  readonly opened: () => Hardware;
  /** Lights the lamps. */
  show(pattern: LampPattern): void;
  /** Says on the badge lamp, over any pattern, that somebody listens in. */
  showListening(listening: boolean): void;
  /** Says it aloud, where there is a speaker; null is nothing. */
  say(phrase: Phrase | null): void;
  /** 1, or 2 whose samples take turns. */
  readonly channels: number;
  /** Whether the microphone is heard now. */
  readonly isHeard: () => boolean;
  /** Calls the listener with sound as it comes, whichever microphone is open by then, until the counter is closed. */
  onAudio(listener: (audio: Buffer) => void): void;
  /** Calls the listener when the sound breaks off: what comes afterwards does not join what came before. */
  onBreak(listener: () => void): void;
  /** Calls the listener when the microphone works and some of its sound was lost all the same: at least so many milliseconds, or null. */
  onGap(listener: (atLeastMs: number | null) => void): void;
  /** Another profile has other keys: then everything is opened anew. */
  follow(profile: ProfileId): void;
  close(): void;
}

export interface HardwareParts {
  readonly settings: AgentSettings;
  readonly profile: ProfileId;
  /** A key went down at `at` (milliseconds of `performance.now()`). */
  readonly onPress: (level: string, at: number) => void;
  /** So did the clerk's own key. */
  readonly onClerkKey: (at: number) => void;
  readonly onBadge: (code: string) => void;
  readonly onFailed: (part: Part, cause: string) => void;
  readonly onRestored: (part: Part) => void;
  /** The panel's own number, and the presses of each level that it has counted since its first start. */
  readonly onCounted: (panel: string, totals: Readonly<Record<string, number>>) => void;
}

/** The parts that a terminal has only if it is told so. */
export function soundParts({ MANYI_MICROPHONE, MANYI_SPEAKER }: AgentSettings): Part[] {
  const parts: Part[] = [];
  if (MANYI_MICROPHONE !== 'none') parts.push('microphone', 'recording');
  if (MANYI_SPEAKER !== 'none') parts.push('speaker');
  return parts;
}

export function createCounterHardware(parts: HardwareParts): CounterHardware {
  let { profile } = parts;
  const audio: ((audio: Buffer) => void)[] = [];
  const breaks: (() => void)[] = [];
  const gaps: ((atLeastMs: number | null) => void)[] = [];
  const broken = () => {
    for (const listener of breaks) listener();
  };
  const openFor = (wanted: ProfileId): Hardware => {
    const found = open(parts, wanted);
    found.microphone.onAudio((heard) => {
      for (const listener of audio) listener(heard);
    });
    found.microphone.onGap((atLeastMs) => {
      for (const listener of gaps) listener(atLeastMs);
    });
    found.microphone.onFailure(broken);
    return found;
  };
  let opened = openFor(profile);
  let pattern: LampPattern = 'off';
  let listening = false;
  return {
    opened: () => opened,
    show(wanted) {
      pattern = wanted;
      opened.lamps.show(pattern);
    },
    showListening(now) {
      listening = now;
      opened.lamps.showListening(listening);
    },
    say(phrase) {
      if (phrase !== null) void opened.speaker.say(phrase);
    },
    follow(wanted) {
      if (wanted === profile) return;
      profile = wanted;
      closeHardware(opened);
      broken();
      opened = openFor(profile);
      opened.lamps.show(pattern);
      opened.lamps.showListening(listening);
    },
    channels: opened.microphone.channels,
    isHeard: () => opened.microphone.state() === 'recording',
    onAudio: (listener) => void audio.push(listener),
    onBreak: (listener) => void breaks.push(listener),
    onGap: (listener) => void gaps.push(listener),
    close: () => closeHardware(opened),
  };
}

function open({ settings, ...parts }: HardwareParts, profile: ProfileId): Hardware {
  const levels = profiles[profile].levels.map((level) => level.name);
  const opened = openHardware(settings, levels, () => performance.now());
  opened.buttons.onPress(parts.onPress);
  opened.buttons.onClerkKey(parts.onClerkKey);
  opened.badges.onBadge(parts.onBadge);
  opened.buttons.onFailure((cause) => parts.onFailed('panel', cause));
  opened.lamps.onFailure((cause) => parts.onFailed('panel', cause));
  opened.badges.onFailure((cause) => parts.onFailed('badge-reader', cause));
  opened.microphone.onFailure((cause) => parts.onFailed('microphone', cause));
  opened.speaker.onFailure((cause) => parts.onFailed('speaker', cause));
  opened.onRestored(parts.onRestored);
  opened.onCounted(parts.onCounted);
  return opened;
}
