import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** A reader of the live stream. */
export interface Listener {
  /** The next event that is not presence, or of the given name; rejects when the stream ends before. */
  next(name?: string): Promise<EventSourceMessage>;
  /** Everything heard so far, presence included. */
  readonly heard: readonly EventSourceMessage[];
  /** Resolves when the stream has ended. */
  readonly ended: Promise<void>;
  stop(): void;
}

/** Opens a live stream and hears it until it ends or is stopped; `onEvent` is told of each event at once. */
export async function listen(
  url: string,
  headers: Readonly<Record<string, string>>,
  onEvent: (event: EventSourceMessage) => void = () => {},
): Promise<Listener> {
  const stopping = new AbortController();
  const response = await fetch(url, { headers, signal: stopping.signal });
  if (response.status !== 200 || response.body === null) throw new Error(`${response.status} ${await response.text()}`);
  const heard: EventSourceMessage[] = [];
  const taken = new Map<string, number>();
  const waiting = new Set<() => void>();
  let over = false;
  const wake = () => {
    for (const one of [...waiting]) one();
  };
  const parser = createParser({
    onEvent(event) {
      heard.push(event);
      onEvent(event);
      wake();
    },
  });
  const ended = (async () => {
    try {
      const decoder = new TextDecoder();
      for await (const bytes of response.body as AsyncIterable<Uint8Array>)
        parser.feed(decoder.decode(bytes, { stream: true }));
    } catch {
      // A stream that is cut is as over as one that ended.
    }
    over = true;
    wake();
  })();

  return {
    heard,
    ended,
    stop: () => stopping.abort(),
    next(name = 'message') {
      const from = taken.get(name) ?? 0;
      taken.set(name, from + 1);
      return new Promise((resolve, reject) => {
        const look = () => {
          const found = heard.filter((event) => (event.event ?? 'message') === name)[from];
          if (found === undefined && !over) return;
          waiting.delete(look);
          if (found === undefined) reject(new Error('the stream has ended'));
          else resolve(found);
        };
        waiting.add(look);
        look();
      });
    },
  };
}
