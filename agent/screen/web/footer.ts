import type { ScreenView } from '../view.ts';
import { byId, write } from './page.ts';

let clockSkew = 0;
let zone = 'UTC';
let format = clockFormat(zone);

/** What holds on every page: the recording, the line to the hub, the time at the site. */
export function showFooter(view: ScreenView): void {
  byId('recording').hidden = !view.recording;
  const keepsRatings = view.notice !== 'not-enrolled' && view.notice !== 'storage-failed';
  byId('offline').hidden = view.online || view.recording || !keepsRatings;
  clockSkew = view.now - Date.now();
  if (view.timeZone !== zone) {
    zone = view.timeZone;
    format = clockFormat(zone);
  }
  write(byId('clock'), format.format(Date.now() + clockSkew));
}

function clockFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
}

/** Long enough to read four lines, in milliseconds. The faces lie beneath. */
const helpMs = 10_000;

/** The clerk's keys, shown on request and not for long. */
export function offerHelp(): { close(): void } {
  const button = byId('help-button');
  const help = byId('help');
  let closing: ReturnType<typeof setTimeout> | undefined;
  const show = (shown: boolean) => {
    clearTimeout(closing);
    if (shown) closing = setTimeout(() => show(false), helpMs);
    help.hidden = !shown;
    button.setAttribute('aria-expanded', String(shown));
  };
  button.addEventListener('click', () => show(help.hidden !== false));
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape') show(false);
  });
  addEventListener('pointerdown', (event) => {
    if (event.target instanceof Node && !help.contains(event.target) && !button.contains(event.target)) show(false);
  });
  return { close: () => show(false) };
}
