import { type Command, command } from '@manyi/config/commands';
import type { Log } from '../log.ts';
import type { Taken } from '../runner.ts';
import type { Input } from '../service/inputs.ts';

/** What the hub asks of the terminal itself, and not on behalf of the clerk. */
export type Request = Extract<Command, { name: 'self-test' | 'listen' | 'stop-listening' }>;

export interface CommandParts {
  /** The best guess at true time (epoch milliseconds). */
  readonly trueNow: () => number;
  /** Whether the command was done before, by this run or an earlier one. */
  readonly isDone: (id: string) => boolean;
  /** Takes what is no input of the rules. It may come twice, and changes nothing by that. */
  readonly onRequest: (request: Request) => void;
  readonly log: Log;
}

/** Reads a message of the commands topic, as an input of the rules; null, with a line in the log, for what must not be done. */
export function acceptCommand(payload: unknown, { trueNow, isDone, onRequest, log }: CommandParts): Taken | null {
  const parsed = command.safeParse(payload);
  if (!parsed.success) {
    log.warn('a command that this version does not understand was ignored');
    return null;
  }
  const { id } = parsed.data;
  const expires = Date.parse(parsed.data.expires);
  if (expires <= trueNow()) {
    log.warn(`command ${parsed.data.name} ${id} came after it had expired and was ignored`);
    return null;
  }
  if (isDone(id)) return null;
  if (isRequest(parsed.data)) {
    onRequest(parsed.data);
    return null;
  }
  return { input: inputOf(parsed.data), command: { id, expires } };
}

function isRequest(asked: Command): asked is Request {
  return asked.name === 'self-test' || asked.name === 'listen' || asked.name === 'stop-listening';
}

function inputOf(asked: Exclude<Command, Request>): Input {
  switch (asked.name) {
    case 'next':
      return { type: 'next', ticket: asked.data.ticket ?? null, business: asked.data.business ?? null };
    case 'pause':
      return { type: 'pause', reason: asked.data.reason ?? null };
    case 'invite':
    case 'end':
    case 'resume':
      return { type: asked.name };
  }
}
