import type { ScreenView } from '../view.ts';
import { byId } from './page.ts';

/** That somebody listens in stands over every page. What it stands in is always there, so that a screen reader tells of it when it comes. */
export function showListening({ listening }: ScreenView): void {
  byId('listening').hidden = !listening;
}
