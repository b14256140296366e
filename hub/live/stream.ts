import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Me } from '@manyi/config/api';
import type { LivePresence } from '@manyi/config/live';
import { maySee } from '../http/auth.ts';
import type { Entry } from '../ledger/entry.ts';
import { follow, SlowReader } from '../ledger/follow.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { PresenceSource } from './presence.ts';

/** One reader of the live stream. */
export interface Reader {
  readonly token: string | null;
  /** Only what happens here; null for everything that the user may see. */
  readonly site: string | null;
  /** The last position that the reader has. */
  readonly after: number;
}

export interface StreamParts {
  readonly ledger: Ledger;
  readonly presence: PresenceSource;
  /** Who a token belongs to now: asked again and again, so that a session that ends takes its streams along. */
  readonly userOfToken: (token: string) => Me | null;
  /** An entry as the text of its server-sent event. */
  readonly render: (entry: Entry) => string;
}

export interface Stream {
  /** Resolves when the stream has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Once a second: ends with the session, drops a reader that takes nothing, and shows an idle one that we live. */
  tick(): void;
  close(): void;
}

/** Entries that may wait for a reader, seconds that it may take nothing, and seconds between signs of life. */
const maxWaiting = 2000;
const maxStalled = 30;
const heartbeatEvery = 15;

/** Text of entries written in one go, in characters: what a reader that stops can make us hold. */
const maxWrite = 256 * 1024;

/**
 * Writes server-sent events (HTML Living Standard, 9.2) to a reader: presence first, then every entry after its position that
 * it may see, in order, without gap or repeat. Memory is bounded: a reader that falls behind is cut off and may come back with
 * `Last-Event-ID`.
 */
export function openStream(out: ServerResponse, reader: Reader, firstUser: Me, parts: StreamParts): Stream {
  const ending = new AbortController();
  const { signal } = ending;
  let user = firstUser;
  let idle = 0;
  let stalled = 0;
  const sees = (site: string | null) =>
    site === null
      ? user.role === 'administrator' && reader.site === null
      : (reader.site ?? site) === site && maySee(user, site);
  const write = (text: string) => {
    idle = 0;
    return out.write(text);
  };
  const presence = tellPresence(out, write, (one) => sees(one.site));
  const close = () => ending.abort();
  out.on('close', close);
  write('retry: 1000\n\n');
  for (const one of parts.presence.all()) presence.tell(one);
  const unsubscribe = parts.presence.subscribe(presence.tell);

  const tick = () => {
    const now = reader.token === null ? null : parts.userOfToken(reader.token);
    if (now === null || (reader.site !== null && !maySee(now, reader.site))) return close();
    user = now;
    stalled = out.writableNeedDrain ? stalled + 1 : 0;
    if (stalled > maxStalled) out.destroy();
    idle += 1;
    if (idle >= heartbeatEvery && !out.writableNeedDrain) write(': still here\n\n');
  };

  const ended = pump(out, reader.after, sees, write, signal, parts).finally(() => {
    unsubscribe();
    out.end();
  });
  return { ended, tick, close };
}

async function pump(
  out: ServerResponse,
  after: number,
  sees: (site: string | null) => boolean,
  write: (text: string) => boolean,
  signal: AbortSignal,
  { ledger, render }: StreamParts,
): Promise<void> {
  let sent = after;
  try {
    for await (const entries of follow(ledger, { after, signal, maxWaiting })) {
      // An entry that was read before it was announced comes a second time: the position tells.
      const fresh = entries.filter((entry) => entry.position > sent);
      sent = entries.at(-1)?.position ?? sent;
      for (const text of inPortions(fresh.filter((entry) => sees(entry.site)).map(render))) {
        if (!write(text)) await once(out, 'drain', { signal });
      }
    }
  } catch (error) {
    if (error instanceof SlowReader) out.destroy();
    else if (!signal.aborted) throw error;
  }
}

/** Texts joined into portions of at most `maxWrite`, or of one text. */
function* inPortions(texts: readonly string[]): Generator<string> {
  let portion = '';
  for (const text of texts) {
    if (portion !== '' && portion.length + text.length > maxWrite) {
      yield portion;
      portion = '';
    }
    portion += text;
  }
  if (portion !== '') yield portion;
}

/** Writes presence as it changes; for a reader that is busy only the latest of each terminal is kept. */
function tellPresence(out: ServerResponse, write: (text: string) => boolean, sees: (one: LivePresence) => boolean) {
  const waiting = new Map<string, LivePresence>();
  const flush = () => {
    for (const [terminal, one] of waiting) {
      if (out.writableNeedDrain || out.destroyed) return;
      waiting.delete(terminal);
      if (sees(one)) write(`event: presence\ndata: ${JSON.stringify(one)}\n\n`);
    }
  };
  out.on('drain', flush);
  return {
    tell(one: LivePresence) {
      waiting.set(one.terminal, one);
      flush();
    },
  };
}
