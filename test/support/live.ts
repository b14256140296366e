import type { LiveEntry } from '@manyi/config/live';
import { createParser } from 'eventsource-parser';

/** Somebody who watches `GET /live`. */
export interface Watcher {
  readonly entries: readonly LiveEntry[];
  /** The first entry that fits, seen already or to come. */
  sees(expected: (entry: LiveEntry) => boolean): Promise<LiveEntry>;
  close(): void;
}

/** Begins to watch a hub's live stream, from now on or from after a position of the ledger. */
export async function watch(hub: string, token: string, after?: number): Promise<Watcher> {
  const ending = new AbortController();
  const response = await fetch(`${hub}/api/v1/live${after === undefined ? '' : `?after=${after}`}`, {
    headers: { authorization: `Bearer ${token}` },
    signal: ending.signal,
  });
  if (!response.ok || response.body === null) throw new Error(`/live answered ${response.status}`);
  const entries: LiveEntry[] = [];
  const looking: (() => void)[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === undefined) entries.push(JSON.parse(data) as LiveEntry);
    },
  });
  const read = async (body: ReadableStream<Uint8Array>) => {
    const text = new TextDecoder();
    for await (const chunk of body) {
      parser.feed(text.decode(chunk, { stream: true }));
      for (const look of looking.splice(0)) look();
    }
  };
  read(response.body).catch(() => {});
  return {
    entries,
    async sees(expected) {
      for (;;) {
        const found = entries.find(expected);
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => looking.push(resolve));
      }
    },
    close: () => ending.abort(),
  };
}
