import type { AgentSettings } from '@manyi/config/settings';
import { badgeNumber } from '@manyi/firmware/badge/number';
import type { ScreenInput } from './input.ts';

/** A reader that types into the screen gives a badge's number in its own way: the roster knows the one that is printed on it. */
export function asPrinted(input: ScreenInput, settings: AgentSettings): ScreenInput {
  if (input.type !== 'badge' || settings.MANYI_BADGE_READER !== 'screen') return input;
  return { ...input, code: badgeNumber(input.code, settings.MANYI_BADGE_FORMAT) ?? input.code };
}
