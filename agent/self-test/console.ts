import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** The technician has typed s: the part is not there, or cannot be tried now. */
export const skipped = Symbol('skipped');
export type Skipped = typeof skipped;

/** The technician, at a keyboard. */
export interface Console {
  say(text: string): void;
  /** Writes over what was written so the last time, where the screen can do that. */
  draw(text: string): void;
  /** What is typed from now on, up to Enter; null when nothing is within that time, or nothing can be any more. */
  line(withinMs: number): Promise<string | null>;
  /** Asks until the answer is one; null when there is none. */
  ask(question: string, withinMs: number): Promise<boolean | Skipped | null>;
  /** What comes of the work, unless s is typed before. */
  orSkip<T>(work: Promise<T>): Promise<T | Skipped>;
  close(): void;
}

export type Screen = Writable & { readonly isTTY?: boolean };

export function createConsole(input: Readable, output: Screen): Console {
  const typed = createInterface({ input });
  let waiting: ((line: string | null) => void) | null = null;
  let skip: (() => void) | null = null;
  let ended = false;
  const give = (line: string | null) => {
    waiting?.(line);
    waiting = null;
  };
  typed.on('line', (text) => {
    if (skip !== null && isSkip(text)) skip();
    else give(text);
  });
  typed.on('close', () => {
    ended = true;
    give(null);
  });

  function line(withinMs: number): Promise<string | null> {
    if (ended) return Promise.resolve(null);
    return new Promise((resolve) => {
      const take = (typedLine: string | null) => {
        clearTimeout(timer);
        resolve(typedLine);
      };
      // A question that was skipped must not take the time of the next.
      const timer = setTimeout(() => waiting === take && give(null), withinMs);
      waiting = take;
    });
  }

  async function orSkip<T>(work: Promise<T>): Promise<T | Skipped> {
    const asked = new Promise<Skipped>((resolve) => {
      skip = () => resolve(skipped);
    });
    try {
      return await Promise.race([work, asked]);
    } finally {
      skip = null;
    }
  }

  async function ask(question: string, withinMs: number): Promise<boolean | Skipped | null> {
    for (;;) {
      output.write(`${question} [y/n] `);
      const answer = (await line(withinMs))?.trim().toLowerCase();
      if (answer === undefined) return null;
      if (isSkip(answer)) return skipped;
      if (/^(y|yes|是)$/.test(answer)) return true;
      if (/^(n|no|否)$/.test(answer)) return false;
    }
  }

  return {
    say: (text) => void output.write(`${text}\n`),
    draw(text) {
      if (output.isTTY) output.write(`\r${text}\x1b[K`);
    },
    line,
    ask,
    orSkip,
    close: () => typed.close(),
  };
}

function isSkip(text: string): boolean {
  return /^(s|skip|跳过)$/i.test(text.trim());
}
