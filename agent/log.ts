import { pino } from 'pino';

/** One line an occurrence. Secrets, badges and enrolment codes never go in. */
export interface Log {
  error(line: string): void;
  warn(line: string): void;
  info(line: string): void;
  debug(line: string): void;
}

/**
 * The log of one terminal on standard output, which pino's own writer is kept from: where that is a file on a full disk it
 * tries for ever, and the counter would stand still.
 */
export function createLog(level: 'silent' | 'error' | 'warn' | 'info' | 'debug'): Log {
  const output = { write: (line: string) => void process.stdout.write(line) };
  return pino({ level, base: { part: 'agent' }, timestamp: pino.stdTimeFunctions.isoTime }, output);
}
