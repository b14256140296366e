import { readFileSync } from 'node:fs';

/** What slows a program's syncs down, and writes every call of the kinds `traced` into a log, in order. */
export interface SlowDisk {
  /** To be put in front of the program. */
  readonly runner: readonly string[];
  /** The calls so far: a call stands there once it has returned. */
  calls(): string[];
}

/** `enter`: the sync itself begins later. `exit`: it is done at once, but the program learns of it later. */
export function slowDisk(log: string, where: 'enter' | 'exit', delayMs: number): SlowDisk {
  const delay = `inject=fdatasync,fsync:delay_${where}=${delayMs * 1000}`;
  const traced = 'trace=fdatasync,fsync,write,writev,sendmsg';
  // -D: the program itself stays our child, and strace watches from aside.
  const runner = ['strace', '-D', '-f', '--seccomp-bpf', '-s', '4096', '-o', log, '-e', traced, '-e', delay];
  return { runner, calls: () => readFileSync(log, 'utf8').split('\n') };
}

/** To be put in front of a program: a disk that is full for some of its writes into databases, counted from 1: `7+`, `7..9`. */
export function fullDisk(writes: string): readonly string[] {
  const inject = `inject=pwrite64:error=ENOSPC:when=${writes}`;
  return ['strace', '-D', '-f', '--seccomp-bpf', '-o', '/dev/null', '-e', 'trace=pwrite64', '-e', inject];
}

/** Whether a call of the log is a sync that has come back. */
export function isSync(call: string): boolean {
  return /(fdatasync|fsync).*= 0/.test(call);
}
