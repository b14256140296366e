import type { Choice } from '../view.ts';

/** How glad each face looks, from 1 to -1: all come from one drawing, and only the mouth differs. */
const moods: Readonly<Record<string, number>> = {
  'very-satisfied': 1,
  satisfied: 0.62,
  'basically-satisfied': 0.24,
  average: 0,
  dissatisfied: -0.62,
  'very-dissatisfied': -1,
};

/** The path of a mouth in a drawing of 100 × 100. The extremes are open, so that they differ by shape and not by bend alone. */
function mouth(mood: number): string {
  const open = Math.abs(mood) === 1;
  const reach = open ? 24 : 21;
  const corner = open ? 64 - mood * 7 : 65 - mood * 7;
  const bend = corner + mood * (open ? 36 : 26);
  return `M${50 - reach} ${corner}Q50 ${bend} ${50 + reach} ${corner}${open ? 'Z' : ''}`;
}

/** One button a level, best first. The first `count` keys of the keyboard press them too. */
export function drawFaces(levels: readonly Choice[], onPress: (level: string) => void): HTMLElement[] {
  return levels.map((level, index) => drawFace(level, moods[level.name] ?? moodAt(index, levels.length), onPress));
}

function moodAt(index: number, count: number): number {
  return count < 2 ? 0 : 1 - (2 * index) / (count - 1);
}

function drawFace(level: Choice, mood: number, onPress: (level: string) => void): HTMLElement {
  const button = copy('face');
  button.dataset['level'] = level.name;
  const path = part(button, '.mouth');
  path.setAttribute('d', mouth(mood));
  path.classList.toggle('open', Math.abs(mood) === 1);
  part(button, '[lang=zh]').textContent = level.words.zh;
  part(button, '[lang=en]').textContent = level.words.en;
  onTouch(button, () => onPress(level.name));
  return button;
}

/** A button for each reason, in the order given. */
export function drawReasons(reasons: readonly Choice[], onReason: (reason: string) => void): HTMLElement[] {
  return reasons.map((reason) => {
    const button = copy('reason');
    part(button, '[lang=zh]').textContent = reason.words.zh;
    part(button, '[lang=en]').textContent = reason.words.en;
    button.addEventListener('click', () => onReason(reason.name));
    return button;
  });
}

/**
 * A face counts as soon as it is touched, as a key does: a finger that slides off, or a second finger, makes no click. A click
 * without a pointer comes from the keyboard or from a screen reader.
 */
function onTouch(button: HTMLElement, press: () => void): void {
  button.addEventListener('pointerdown', (event) => {
    if (event.button === 0) press();
  });
  button.addEventListener('click', (event) => {
    const byPointer = event instanceof PointerEvent && event.pointerType !== '';
    if (!byPointer) press();
  });
}

function copy(template: string): HTMLElement {
  const found = document.getElementById(`${template}-template`);
  const element = found instanceof HTMLTemplateElement ? found.content.firstElementChild?.cloneNode(true) : null;
  if (!(element instanceof HTMLElement)) throw new Error(`The page lacks its template ${template}`);
  return element;
}

function part(within: Element, selector: string): Element {
  const found = within.querySelector(selector);
  if (found === null) throw new Error(`The page lacks ${selector}`);
  return found;
}
