import type { Level } from '@manyi/config/levels';
import type { AgentSettings } from '@manyi/config/settings';
import type { Hardware, HardwarePart } from '@manyi/firmware/terminal';
import type { Console } from './console.ts';
import type { Say } from './words.ts';

/** What the steps of a self-test stand on. */
export interface Ground {
  readonly settings: AgentSettings;
  readonly levels: readonly Level[];
  readonly hardware: Hardware;
  readonly console: Console;
  readonly say: Say;
  /** How long a hand, a badge or an answer is awaited. Milliseconds. */
  readonly patienceMs: number;
  /** Settles with one line of cause when the part fails, at once when it has failed already. */
  readonly failure: (part: HardwarePart) => Promise<string>;
}

/** Waits for the first of these; null when none comes in time. */
export async function within<T>(ms: number, ...awaited: readonly Promise<T>[]): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  try {
    return await Promise.race([...awaited, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Remembers what fails from the opening of the hardware on. */
export function watchFailures(hardware: Hardware): Ground['failure'] {
  const causes = new Map<HardwarePart, string>();
  const waiting = new Map<HardwarePart, ((cause: string) => void)[]>();
  const failed = (part: HardwarePart) => (cause: string) => {
    causes.set(part, cause);
    for (const tell of waiting.get(part) ?? []) tell(cause);
  };
  hardware.buttons.onFailure(failed('panel'));
  hardware.lamps.onFailure(failed('panel'));
  hardware.badges.onFailure(failed('badge-reader'));
  hardware.microphone.onFailure(failed('microphone'));
  hardware.speaker.onFailure(failed('speaker'));
  hardware.onRestored((part) => void causes.delete(part));
  return (part) => {
    const cause = causes.get(part);
    if (cause !== undefined) return Promise.resolve(cause);
    return new Promise((resolve) => waiting.set(part, [...(waiting.get(part) ?? []), resolve]));
  };
}
