import { type Floor, floor } from '@manyi/config/api';
import type { LiveEntry, LivePresence } from '@manyi/config/live';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useReducer } from 'react';
import { read } from '../http/client.ts';
import { foldFloor } from './fold.ts';
import { openStream } from './stream.ts';

export type StreamState = 'connecting' | 'live' | 'lost';

interface Told {
  state: StreamState;
  entries: readonly LiveEntry[];
  presences: ReadonlyMap<string, LivePresence>;
  /** When the hub was last heard on the stream, epoch milliseconds. */
  heardAt: number;
}

type Tell =
  | { what: 'state'; state: StreamState }
  | { what: 'entries'; entries: readonly LiveEntry[] }
  | { what: 'presence'; presence: LivePresence }
  | { what: 'read'; floor: Floor };

const readAgainMs = 10_000;
const readAfterEntryMs = 700;
/** Entries that come within this time are drawn together: one drawing a press would be too many in a busy hall. */
const gatherMs = 40;
const nothingTold: Told = { state: 'connecting', entries: [], presences: new Map(), heardAt: 0 };

/** A site's floor, moving: read once, then carried on by the live stream, and read again to stay exact. */
export function useFloor(site: string) {
  const key = useMemo(() => ['floor', site], [site]);
  const query = useQuery({
    queryKey: key,
    queryFn: () => read(floor, '/floor', { site }),
    refetchInterval: readAgainMs,
    staleTime: 0,
  });
  const told = useStream(site, key, query.data);
  const moving = useMemo(
    () => (query.data === undefined ? undefined : withPresences(foldFloor(query.data, told.entries), told.presences)),
    [query.data, told.entries, told.presences],
  );
  return {
    floor: moving,
    query,
    state: told.state,
    updatedAt: Math.max(query.dataUpdatedAt, told.heardAt),
  };
}

function useStream(site: string, key: readonly string[], known: Floor | undefined): Told {
  const cache = useQueryClient();
  const [told, tell] = useReducer(reduce, nothingTold);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const readSoon = (ms: number) => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void cache.invalidateQueries({ queryKey: key });
      }, ms);
    };
    let gathering: ReturnType<typeof setTimeout> | undefined;
    let gathered: LiveEntry[] = [];
    const tellGathered = () => {
      gathering = undefined;
      tell({ what: 'entries', entries: gathered });
      gathered = [];
    };
    const close = openStream(site, {
      opened: () => {
        tell({ what: 'state', state: 'live' });
        readSoon(0);
      },
      entry: (entry) => {
        gathered.push(entry);
        gathering ??= setTimeout(tellGathered, gatherMs);
        readSoon(entry.type.startsWith('manyi.duty.') ? 0 : readAfterEntryMs);
      },
      presence: (presence) => {
        tell({ what: 'presence', presence });
        readSoon(readAfterEntryMs);
      },
      lost: () => {
        tell({ what: 'state', state: 'lost' });
        void cache.invalidateQueries({ queryKey: key });
      },
    });
    return () => {
      clearTimeout(timer);
      clearTimeout(gathering);
      close();
      tell({ what: 'state', state: 'connecting' });
    };
  }, [site, key, cache]);
  useEffect(() => {
    if (known !== undefined) tell({ what: 'read', floor: known });
  }, [known]);
  return told;
}

function reduce(told: Told, news: Tell): Told {
  switch (news.what) {
    case 'state':
      return news.state === 'connecting' ? nothingTold : { ...told, state: news.state };
    case 'entries':
      return { ...told, entries: [...told.entries, ...news.entries], heardAt: Date.now() };
    case 'presence':
      return {
        ...told,
        presences: new Map(told.presences).set(news.presence.terminal, news.presence),
        heardAt: Date.now(),
      };
    case 'read':
      return forget(told, news.floor);
  }
}

/** What a reading of the floor holds need not be remembered. */
function forget(told: Told, { position, counters }: Floor): Told {
  const since = new Map(counters.map(({ terminal, presence }) => [terminal, presence?.since]));
  const newer = [...told.presences].filter(
    ([terminal, { since: at }]) => Date.parse(at) > Date.parse(since.get(terminal) ?? ''),
  );
  return {
    ...told,
    entries: told.entries.filter((entry) => entry.position > position),
    presences: new Map(newer),
  };
}

function withPresences(known: Floor, presences: ReadonlyMap<string, LivePresence>): Floor {
  if (presences.size === 0) return known;
  return {
    ...known,
    counters: known.counters.map((counter) => {
      const presence = counter.terminal === null ? undefined : presences.get(counter.terminal);
      return presence === undefined ? counter : { ...counter, presence };
    }),
  };
}
