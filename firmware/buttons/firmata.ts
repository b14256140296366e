import type { UsbPanel } from '../panel/panel.ts';
import { keyPins } from '../panel/wiring.ts';
import type { Buttons } from './contract.ts';

/** The keys of a USB panel, the first for the first level, and the one at `clerkPin` the clerk's. Any other says nothing. */
export function createFirmataButtons(panel: UsbPanel, levels: readonly string[], clerkPin?: number): Buttons {
  const clerkKey = clerkPin === undefined ? null : keyPins.indexOf(clerkPin);
  return {
    onPress(listener) {
      panel.onPress((key, at) => {
        const level = levels[key];
        if (level !== undefined && key !== clerkKey) listener(level, at);
      });
    },
    onClerkKey: (listener) => panel.onPress((key, at) => void (key === clerkKey && listener(at))),
    onFailure: panel.onFailure,
    close: panel.close,
  };
}

/** Throws an Error of one line when a USB panel has no key for the clerk there, beside those of so many levels. */
export function checkClerkPin(clerkPin: number, levels: number): void {
  const left = keyPins.slice(levels);
  if (left.includes(clerkPin)) return;
  throw new Error(
    left.length > 0
      ? `MANYI_CLERK_PIN is ${clerkPin}, but the clerk's key of a USB panel is at D${left.join(' or D')}: set it so`
      : `MANYI_CLERK_PIN is ${clerkPin}, but a USB panel with ${levels} levels has no key left for the clerk: leave it empty`,
  );
}
