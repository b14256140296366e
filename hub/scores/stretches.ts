import { startOfMonth } from '@manyi/config/zone';
import type { Window } from './window.ts';

/** A part of what makes a window: to be added, or (-1) taken away again. */
export interface Stretch extends Window {
  readonly sign: 1 | -1;
}

/**
 * A window as whole months with the ends taken away, wherever the end outside is shorter than the end inside: one row a month
 * and few days are read instead of many days.
 */
export function stretches(window: Window, zone: string): Stretch[] {
  const { from, to } = window;
  if (from >= to) return [];
  const first = startOfMonth(from, zone);
  const last = startOfMonth(to - 1, zone);
  const afterFirst = nextMonth(first, zone);
  const afterLast = nextMonth(last, zone);
  const head = from - first;
  const tail = afterLast - to;
  const isOneMonth = first === last;
  const isWider = isOneMonth && head + tail < to - from;
  const begin = isWider || (!isOneMonth && head < afterFirst - from) ? first : from;
  const end = isWider || (!isOneMonth && tail < to - last) ? afterLast : to;
  const outside = [
    { from: begin, to: from, sign: -1 as const },
    { from: to, to: end, sign: -1 as const },
  ];
  return [{ from: begin, to: end, sign: 1 }, ...outside.filter((stretch) => stretch.from < stretch.to)];
}

function nextMonth(month: number, zone: string): number {
  return startOfMonth(month + 32 * 24 * 60 * 60 * 1000, zone);
}
