import { execFileSync } from 'node:child_process';
import { percentile } from './percentile.ts';

/** How late this machine is by itself, while something is measured on it: by so much every figure is too large. */
export interface Lateness {
  /** In 99 of 100, milliseconds. */
  stop(): number;
}

const everyMs = 5;

/** Begins to measure, with these processes and this one before all others as far as one may. */
export function measureLateness(...processes: readonly number[]): Lateness {
  schedule([...processes, process.pid], '--rr', '1');
  const late: number[] = [];
  let due = performance.now() + everyMs;
  let timer = setTimeout(look, everyMs);
  function look(): void {
    late.push(Math.max(0, performance.now() - due));
    due = performance.now() + everyMs;
    timer = setTimeout(look, everyMs);
  }
  return {
    stop() {
      clearTimeout(timer);
      schedule([...processes, process.pid], '--other', '0');
      return percentile(late, 99);
    },
  };
}

function schedule(processes: readonly number[], policy: string, priority: string): void {
  try {
    for (const pid of processes) execFileSync('chrt', [policy, '-a', '-p', priority, String(pid)], { stdio: 'ignore' });
  } catch {
    // Without the right to it the figure is that of a machine with other things to do.
  }
}
