/** Something of hardware that is open now. */
export interface Opened {
  /** Settles with one line of cause when it can no longer be used. */
  readonly ended: Promise<string>;
  close(): void;
}

/**
 * Hardware that may come and go, and is opened anew for ever: a second after it was lost, and then less and less often, to every
 * half minute, until it has worked for half a minute.
 */
export interface Reopened {
  /**
   * Calls the listener with one line of cause when it fails, and again only when the cause is another: also with what is left
   * when one of several troubles is over.
   */
  onFailure(listener: (cause: string) => void): void;
  /** Calls the listener when what had failed works again, and nothing of it troubles any more. */
  onRestored(listener: () => void): void;
  /** Tells of a trouble of some kind that does not end it, or, with null, that this one is over. Opening it anew ends all. */
  trouble(cause: string | null, kind?: string): void;
  close(): void;
}

const usualFirstWaitMs = 1_000;
const longestWaitMs = 30_000;
/** The kinds of trouble that need no name of their own. */
const [lost, usual] = ['lost', 'usual'];

/** Opens it now and whenever it was lost. `open` rejects with an Error whose message is one line of cause and mend. */
export function keepOpen(open: () => Promise<Opened>, firstWaitMs = usualFirstWaitMs): Reopened {
  const failed: ((cause: string) => void)[] = [];
  const restored: (() => void)[] = [];
  const troubles = new Map<string, string>();
  let told: string | null = null;
  let waitMs = firstWaitMs;
  let opened: Opened | null = null;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  function trouble(why: string | null, kind = usual): void {
    if (troubles.get(kind) === (why ?? undefined)) return;
    troubles.delete(kind);
    if (why !== null) troubles.set(kind, why);
    tell();
  }

  /** The newest trouble is the one to tell. */
  function tell(): void {
    const cause = [...troubles.values()].at(-1) ?? null;
    if (closed || cause === told) return;
    told = cause;
    if (cause === null) for (const listener of restored) listener();
    else for (const listener of failed) listener(cause);
  }

  async function attempt(): Promise<string> {
    try {
      const found = await open();
      if (closed) found.close();
      else opened = found;
    } catch (error) {
      return (error as Error).message;
    }
    const since = performance.now();
    troubles.clear();
    tell();
    const why = (await opened?.ended) ?? '';
    // What comes and goes all the time is no better than what is not there.
    if (performance.now() - since >= longestWaitMs) waitMs = firstWaitMs;
    opened?.close();
    opened = null;
    return why;
  }

  async function run(): Promise<void> {
    const why = await attempt();
    if (closed) return;
    trouble(why, lost);
    retry = setTimeout(run, waitMs);
    waitMs = Math.min(2 * waitMs, longestWaitMs);
  }

  void run();
  return {
    onFailure: (listener) => void failed.push(listener),
    onRestored: (listener) => void restored.push(listener),
    trouble,
    close() {
      closed = true;
      clearTimeout(retry);
      opened?.close();
      opened = null;
    },
  };
}
