import { keyDown, loneKeyMs, type Meaning, quiet, settle } from './keys.ts';

const modifiers = new Set(['Shift', 'CapsLock', 'NumLock', 'Control', 'Alt', 'AltGraph', 'Meta']);

/** Hears every key of the page before any button does, and tells what the keys mean. */
export function listenToKeys(onMeaning: (meaning: Meaning) => void): void {
  let state = quiet;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const take = (step: { state: typeof state; meanings: readonly Meaning[] }) => {
    state = step.state;
    for (const meaning of step.meanings) onMeaning(meaning);
  };
  const hear = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || modifiers.has(event.key)) return;
    // A key that is held down types on by itself: it was pressed once.
    if (event.repeat) return;
    const step = keyDown(state, event.key, event.timeStamp);
    if (step.swallow) swallow(event);
    take(step);
    clearTimeout(timer);
    timer = setTimeout(() => take(settle(state, Number.POSITIVE_INFINITY)), loneKeyMs + 1);
  };
  addEventListener('keydown', hear, { capture: true });
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}
