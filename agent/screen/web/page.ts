import type { Words } from '@manyi/config/levels';

/** The parts of the page, by the ids of its markup. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page lacks #${id}`);
  return found;
}

/** Writes text only when it differs, so that a screen reader repeats nothing. */
export function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Writes both languages into an element that holds one child for each. */
export function writeWords(element: Element, words: Words): void {
  for (const language of ['zh', 'en'] as const) {
    const child = element.querySelector(`[lang=${language}]`);
    if (child !== null) write(child, words[language]);
  }
}
