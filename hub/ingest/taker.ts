import type { Logger } from 'pino';
import type { Batch, BatchResult } from './batch.ts';
import type { Message } from './message.ts';

/** Takes messages in, however some of them may fail. Throws only when the storage does not work; then nothing of the rest is changed. */
export type Taker = (messages: readonly Message[], done: (result: BatchResult) => void) => void;

/**
 * Tries all messages in one transaction. When that fails, each half alone, down to the one message on which the hub fails: it is put
 * aside, and the rest goes on.
 */
export function createTaker(batch: Batch, log: Logger): Taker {
  const take: Taker = (messages, done) => {
    const [first] = messages;
    if (first === undefined) return;
    let result: BatchResult;
    try {
      result = batch.take(messages);
    } catch (error) {
      if (isStorageError(error)) throw error;
      if (messages.length === 1) return putAside(first, error, done);
      const middle = Math.ceil(messages.length / 2);
      take(messages.slice(0, middle), done);
      take(messages.slice(middle), done);
      return;
    }
    done(result);
  };

  const putAside = (message: Message, error: unknown, done: (result: BatchResult) => void) => {
    const { terminal, topic } = message;
    log.error(
      { terminal, topic, err: error },
      'the hub failed on a message of a terminal: it is put aside, the rest goes on',
    );
    let result: BatchResult;
    try {
      result = batch.putAside(message, error);
    } catch (again) {
      if (isStorageError(again)) throw again;
      log.error({ terminal, topic, err: again }, 'a message could not even be put aside: it waits on the terminal');
      return;
    }
    done(result);
  };
  return take;
}

const storageCodes = /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|NOMEM|CORRUPT|NOTADB|BUSY|LOCKED)/;

/** Whether the disk or the file is at fault, not the message. */
export function isStorageError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && storageCodes.test(String(error.code));
}
