import { pino } from 'pino';

/** One line an occurrence. Secrets, badges and enrolment codes never go in. */
export interface Log {
  error(line: string): void;
  warn(line: string): void;
  info(line: string): void;
  debug(line: string): void;
}

/** The log of one terminal on standard output. */
export function createLog(level: 'silent' | 'error' | 'warn' | 'info' | 'debug'): Log {
  return pino({ level, base: { part: 'agent' }, timestamp: pino.stdTimeFunctions.isoTime });
}
