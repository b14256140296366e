import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** What a process and those it has started take of the machine. */
export interface Cost {
  /** Of one core. */
  readonly share: number;
  /** Resident bytes, at most. */
  readonly bytes: number;
  /** By how many bytes the most of the last third was above that of the first. */
  readonly growth: number;
}

const everyMs = 1_000;
const ticksPerSecond = 100;

/** Watches a process and its children for so long. */
export async function watch(pid: number, forMs: number): Promise<Cost> {
  const residents: number[] = [];
  const [before, begun] = [ticksOf(pid), performance.now()];
  while (performance.now() - begun < forMs) {
    await wait(everyMs);
    residents.push(familyOf(pid).reduce((sum, one) => sum + residentOf(one), 0));
  }
  const seconds = (performance.now() - begun) / 1000;
  const third = Math.ceil(residents.length / 3);
  return {
    share: (ticksOf(pid) - before) / ticksPerSecond / seconds,
    bytes: Math.max(...residents),
    growth: Math.max(...residents.slice(-third)) - Math.max(...residents.slice(0, third)),
  };
}

/** A process and its children. */
function familyOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return [pid, ...(children === '' ? [] : children.split(' ').map(Number))];
}

/** Processor time so far, of children that have ended too (proc(5): fields 14 to 17 of stat, counted behind the name). */
function ticksOf(pid: number): number {
  return familyOf(pid).reduce((sum, one) => {
    const fields = readFileSync(`/proc/${one}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return sum + fields.slice(11, one === pid ? 15 : 13).reduce((all, field) => all + Number(field), 0);
  }, 0);
}

function residentOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}
