import type { Words } from '@manyi/config/levels';
import type { ScreenInput } from '../input.ts';
import type { ScreenMessage, ScreenPhase, ScreenView } from '../view.ts';
import { showClerk } from './clerk.ts';
import { connect } from './connection.ts';
import { showCountdown } from './countdown.ts';
import { drawFaces, drawReasons } from './faces.ts';
import { offerHelp, showFooter } from './footer.ts';
import { offerHeard } from './heard.ts';
import { listenToKeys } from './keyboard.ts';
import type { Meaning } from './keys.ts';
import { showListening } from './listening.ts';
import { byId, writeWords } from './page.ts';
import { watchForSecondFace } from './second-face.ts';
import { askAgain, headlines, notInUse, notices } from './words.ts';

/** A finger that is still on the glass when the page changes beneath it answers nothing: so long is a page deaf, in milliseconds. */
const settleMs = 500;

let view: ScreenView | null = null;
let edition: string | null = null;
let phaseSince = 0;
let drawn = '';

const connection = connect({
  onMessage(message, answered) {
    if (edition !== null && message.edition !== edition) return location.reload();
    edition = message.edition;
    show(message, answered);
  },
  onLost() {
    heard.close();
    setState('lost');
  },
});
listenToKeys(onMeaning);
const help = offerHelp();
const heard = offerHeard(() => help.close());
const faceTouched = watchForSecondFace(byId('faces'), pressAt);
byId('not-now').addEventListener('click', () => choose({ type: 'not-now' }));
byId('skip').addEventListener('click', () => choose({ type: 'skip' }));
addEventListener('contextmenu', (event) => event.preventDefault());
// A finger leaves no focus behind: the next Enter would press what it touched.
addEventListener('mousedown', (event) => event.preventDefault());

function show(message: ScreenMessage, answered: boolean): void {
  const changed = view?.phase !== message.view.phase;
  view = message.view;
  drawChoices(view);
  showPhase(view.phase, changed);
  showHeadline(view);
  showClerk(view);
  showCountdown(view.countdown);
  showFooter(view);
  showListening(view);
  heard.show(view);
  showNotice(view, answered && !message.kept);
  if (answered) setState('live');
}

/** Buttons are made once for a profile and then left alone: a finger or the focus may be on one. */
function drawChoices({ levels, reasons }: ScreenView): void {
  const wanted = JSON.stringify([levels, reasons]);
  if (wanted === drawn) return;
  drawn = wanted;
  byId('faces').replaceChildren(...drawFaces(levels, pressFace));
  byId('faces').dataset['count'] = String(levels.length);
  byId('reasons').replaceChildren(
    ...drawReasons(reasons, (reason) => choose({ type: 'reason', reason } as ScreenInput)),
  );
}

function showPhase(phase: ScreenPhase, changed: boolean): void {
  if (!changed) return;
  phaseSince = performance.now();
  document.body.dataset['phase'] = phase;
  byId('ask').hidden = phase === 'thanks' || phase === 'reason';
  byId('reason').hidden = phase !== 'reason';
  byId('thanks').hidden = phase !== 'thanks';
  // Who works by keyboard goes on where the page does. Nobody else's focus is moved: an Enter would press what has it.
  if (document.activeElement?.closest('[hidden]')) byId('headline').focus();
  help.close();
}

function showHeadline(shown: ScreenView): void {
  document.body.toggleAttribute('data-asks-again', shown.asksAgain);
  const words = headline(shown);
  writeWords(byId('headline'), words);
  writeWords(byId('announcement'), words);
}

function headline({ phase, notice, asksAgain }: ScreenView): Words {
  if (notice === 'not-enrolled') return notInUse;
  return asksAgain ? askAgain : headlines[phase];
}

function showNotice({ notice }: ScreenView, refused: boolean): void {
  // Why nothing was kept is better told by the agent, when it knows.
  const shown = notice ?? (refused ? 'storage-failed' : null);
  const element = byId('notice');
  element.hidden = shown === null;
  document.body.dataset['notice'] = String(shown);
  if (shown !== null) writeWords(element, notices[shown]);
}

function onMeaning(meaning: Meaning): void {
  if (meaning.type === 'badge') send({ type: 'badge', code: meaning.code });
  else if (meaning.type === 'face') pressAt(meaning.index);
  else if (meaning.key === 'heard') heard.toggle();
  else if (meaning.key === 'pause') send({ type: view?.paused ? 'resume' : 'pause' });
  else send({ type: meaning.key });
}

function pressAt(index: number): void {
  const level = view?.levels[index];
  if (level !== undefined) send({ type: 'press', level: level.name });
}

function pressFace(level: string): void {
  faceTouched();
  send({ type: 'press', level });
}

/** For what lies where another page's buttons have just been. */
function choose(input: ScreenInput): void {
  if (performance.now() - phaseSince >= settleMs) send(input);
}

function send(input: ScreenInput): void {
  if (connection.send(input)) setState('sending');
}

/** `sending` looks alike whatever was pressed, and lasts until the agent has carried it out. */
function setState(state: 'live' | 'sending' | 'lost'): void {
  document.body.dataset['state'] = state;
  byId('lost').hidden = state !== 'lost';
}
