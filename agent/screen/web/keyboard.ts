import { keyDown, loneKeyMs, type Meaning, quiet, settle } from './keys.ts';

const modifiers = new Set(['Shift', 'CapsLock', 'NumLock', 'Control', 'Alt', 'AltGraph', 'Meta']);

/** How late a key of the same burst may reach the page on a busy machine, in milliseconds. Keys carry the time they were pressed at. */
const underwayMs = 70;

/** A timer that comes later than this shows that the page itself was held up, and keys with it. Milliseconds. */
const heldUpMs = 30;

/** Hears every key of the page before any button does, and tells what the keys mean. */
export function listenToKeys(onMeaning: (meaning: Meaning) => void): void {
  let state = quiet;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const take = (step: { state: typeof state; meanings: readonly Meaning[] }) => {
    state = step.state;
    for (const meaning of step.meanings) onMeaning(meaning);
  };
  const settleLater = () => {
    const due = performance.now() + loneKeyMs + underwayMs;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (performance.now() - due > heldUpMs) settleLater();
      else take(settle(state, Number.POSITIVE_INFINITY));
    }, loneKeyMs + underwayMs);
  };
  const hear = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || modifiers.has(event.key)) return;
    // A key that is held down types on by itself: it was pressed once.
    if (event.repeat) return;
    const step = keyDown(state, event.key, event.timeStamp);
    if (step.swallow) swallow(event);
    take(step);
    settleLater();
  };
  addEventListener('keydown', hear, { capture: true });
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}
