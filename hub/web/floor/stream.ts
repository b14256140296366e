import { type LiveEntry, type LivePresence, liveEntry, livePresence } from '@manyi/config/live';
import type { z } from 'zod';
import { address } from '../http/client.ts';

/** What the live stream tells its listener. */
export interface StreamListener {
  /** The stream is open, for the first time or again: what happened in between is in the next reading of the floor. */
  opened(): void;
  entry(entry: LiveEntry): void;
  presence(presence: LivePresence): void;
  lost(): void;
}

const firstWaitMs = 500;
const longestWaitMs = 15_000;

/**
 * Opens the live stream of a site and keeps it open until the returned function is called. The browser resumes a broken
 * stream by itself; one that the hub refused is opened anew, waiting longer each time.
 */
export function openStream(site: string, listener: StreamListener): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waitMs = firstWaitMs;

  const open = () => {
    source = new EventSource(address('/live', { site }));
    source.onopen = () => {
      waitMs = firstWaitMs;
      listener.opened();
    };
    source.onmessage = ({ data }: MessageEvent<string>) => tell(liveEntry, data, listener.entry);
    source.addEventListener('presence', ({ data }: MessageEvent<string>) =>
      tell(livePresence, data, listener.presence),
    );
    source.onerror = () => {
      listener.lost();
      if (source.readyState === EventSource.CLOSED) openLater();
    };
  };

  const openLater = () => {
    timer = setTimeout(open, waitMs);
    waitMs = Math.min(longestWaitMs, waitMs * 2);
  };

  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

/** A message of a later version that this page cannot read is passed over: the next reading of the floor has it. */
function tell<T extends z.ZodType>(schema: T, text: string, to: (value: z.infer<T>) => void): void {
  const result = schema.safeParse(JSON.parse(text));
  if (result.success) to(result.data);
}
