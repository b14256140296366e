import type { Countdown } from '../view.ts';
import { byId } from './page.ts';

/** Corrections smaller than this, in milliseconds, are the time that messages take. */
const toleranceMs = 400;

let endsAt: number | null = null;
let running: Animation | null = null;
let counting: ReturnType<typeof setInterval> | undefined;

/** Lets the bar run down over what is left, and says the seconds to those who cannot see it. */
export function showCountdown(countdown: Countdown | null): void {
  const bar = byId('bar');
  bar.classList.toggle('off', countdown === null);
  if (countdown === null) {
    stop();
    return;
  }
  const ends = performance.now() + countdown.closesInMs;
  if (endsAt !== null && Math.abs(ends - endsAt) < toleranceMs) return;
  stop();
  endsAt = ends;
  bar.setAttribute('aria-valuemax', String(Math.ceil(countdown.totalMs / 1000)));
  running = run(byId('left'), countdown);
  sayLeft(ends);
  counting = setInterval(() => sayLeft(ends), 1000);
}

function run(left: HTMLElement, { closesInMs, totalMs }: Countdown): Animation {
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const from = totalMs > 0 ? Math.min(1, closesInMs / totalMs) : 0;
  return left.animate([{ transform: `scaleX(${from})` }, { transform: 'scaleX(0)' }], {
    duration: closesInMs,
    fill: 'forwards',
    easing: calm ? `steps(${Math.max(1, Math.ceil(closesInMs / 1000))})` : 'linear',
  });
}

function sayLeft(ends: number): void {
  const seconds = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
  byId('bar').setAttribute('aria-valuenow', String(seconds));
  byId('bar').setAttribute('aria-valuetext', `还剩 ${seconds} 秒 ${seconds} seconds left`);
}

function stop(): void {
  clearInterval(counting);
  running?.cancel();
  running = null;
  endsAt = null;
}
