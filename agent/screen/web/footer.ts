import type { ScreenView } from '../view.ts';
import { byId, write } from './page.ts';

let clockSkew = 0;
let zone = 'UTC';
let format = clockFormat(zone);

/** What holds on every page: the recording, the line to the hub, the time at the site. */
export function showFooter(view: ScreenView): void {
  byId('recording').hidden = !view.recording;
  byId('offline').hidden = view.online || view.recording;
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

/** The clerk's keys, shown on request. */
export function offerHelp(): void {
  const button = byId('help-button');
  const help = byId('help');
  const show = (shown: boolean) => {
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
}
