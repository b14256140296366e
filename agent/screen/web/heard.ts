import type { OwnHearing } from '@manyi/config/audit';
import type { Words } from '@manyi/config/levels';
import type { HeardAnswer } from '../heard.ts';
import type { ScreenView } from '../view.ts';
import { byId, writeWords } from './page.ts';
import { heardActs, heardStates, notEnded, notKnown } from './words.ts';

/** The clerk's page lies over the faces, and closes by itself when nobody has touched it for so long. Milliseconds. */
const idleMs = 60_000;

/** Who has listened to the clerk: their own page, for as long as they are on duty and nobody is being served. */
export interface Heard {
  /** Closes it when it may not be shown any more. */
  show(view: ScreenView): void;
  toggle(): void;
  close(): void;
}

/** `onOpen` is told before it opens. */
export function offerHeard(onOpen: () => void): Heard {
  const section = byId('heard');
  const [table, rows] = [inside(section, 'table'), inside(section, 'tbody')];
  let shown: ScreenView | null = null;
  let asked: AbortController | null = null;
  let next: string | null = null;
  let closing: ReturnType<typeof setTimeout> | undefined;

  function stay(): void {
    clearTimeout(closing);
    if (!section.hidden) closing = setTimeout(close, idleMs);
  }

  function say(words: Words | null): void {
    byId('heard-state').hidden = words === null;
    if (words !== null) writeWords(byId('heard-state'), words);
  }

  async function ask(): Promise<void> {
    asked?.abort();
    const own = new AbortController();
    asked = own;
    byId('heard-more').hidden = true;
    say(heardStates.loading);
    const answer = await fetchHeard(next, own.signal);
    if (asked === own) take(answer);
  }

  function take(answer: HeardAnswer): void {
    if (answer.state === 'known') list(answer);
    else if (answer.state === 'not-now') close();
    else say(heardStates[answer.state]);
  }

  function list(answer: Extract<HeardAnswer, { state: 'known' }>): void {
    rows.append(...answer.items.map((item) => drawRow(item, shown?.timeZone ?? 'UTC')));
    next = answer.next;
    table.hidden = rows.childElementCount === 0;
    byId('heard-more').hidden = next === null;
    say(table.hidden ? heardStates.none : null);
  }

  function open(): void {
    if (shown?.mayShowHeard !== true) return;
    onOpen();
    section.hidden = false;
    inside(document.body, 'main').inert = true;
    next = null;
    rows.replaceChildren();
    table.hidden = true;
    byId('heard-close').focus();
    stay();
    void ask();
  }

  function close(): void {
    if (section.hidden) return;
    asked?.abort();
    asked = null;
    clearTimeout(closing);
    rows.replaceChildren();
    section.hidden = true;
    inside(document.body, 'main').inert = false;
    byId('headline').focus();
  }

  byId('heard-button').addEventListener('click', open);
  byId('heard-close').addEventListener('click', close);
  byId('heard-more').addEventListener('click', () => void ask());
  byId('heard-list').addEventListener('scroll', stay);
  // What scrolls must be reached by keys too.
  byId('heard-list').tabIndex = 0;
  for (const sign of ['pointerdown', 'keydown']) addEventListener(sign, stay);
  addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') close();
  });

  return {
    show(view) {
      const isAnother = shown?.clerk?.id !== view.clerk?.id;
      shown = view;
      byId('heard-button').hidden = !view.mayShowHeard;
      if (isAnother || !view.mayShowHeard) close();
    },
    toggle: () => (section.hidden ? open() : close()),
    close,
  };
}

async function fetchHeard(cursor: string | null, signal: AbortSignal): Promise<HeardAnswer> {
  try {
    const answer = await fetch(cursor === null ? '/heard' : `/heard?cursor=${cursor}`, { signal });
    return await answer.json();
  } catch {
    return { state: 'refused' };
  }
}

function drawRow({ time, who, name, what, lastedMs, ended, atMost, why }: OwnHearing, timeZone: string): HTMLElement {
  const row = document.createElement('tr');
  row.append(
    cell(...when(time, timeZone, what)),
    name === null || name === who ? cell(who) : cell(name, who),
    cell(...bothOf(heardActs[what])),
    lastedMs === null ? openLength(what, ended) : cell(`${atMost ? '≤ ' : ''}${lengthOf(lastedMs)}`),
    cell(why ?? ''),
  );
  return row;
}

type Line = string | HTMLElement;

function openLength(what: OwnHearing['what'], ended: boolean): HTMLElement {
  if (!ended) return cell(...bothOf(notEnded));
  return what === 'recording.download' ? cell('—') : cell(...bothOf(notKnown));
}

/** Minutes and seconds; a part of a second is one. */
function lengthOf(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Date and time; of a play only the day is told. Swedish writes them as ISO 8601 does. */
function when(time: string, timeZone: string, what: OwnHearing['what']): [string, string?] {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const [date = '', clock = ''] = format.format(new Date(time)).split(' ');
  return what === 'listening.start' ? [date, clock] : [date];
}

/** Its lines; the second is the lesser one. */
function cell(first: Line, second?: Line): HTMLElement {
  const made = document.createElement('td');
  made.append(first);
  if (second !== undefined) made.append(' ', lesser(second));
  return made;
}

function lesser(line: Line): HTMLElement {
  const made = document.createElement('small');
  made.append(line);
  return made;
}

function bothOf({ zh, en }: Words): [Line, Line] {
  return [span('zh', zh), span('en', en)];
}

function span(language: 'zh' | 'en', text: string): HTMLElement {
  const made = document.createElement('span');
  made.lang = language;
  made.textContent = text;
  return made;
}

function inside(element: Element, selector: string): HTMLElement {
  const found = element.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`The page lacks ${selector}`);
  return found;
}
