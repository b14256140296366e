import { page } from '@manyi/config/api';
import {
  type Recording,
  recording,
  recordingFaults,
  recordingsState,
  waitingRecordings,
  waveform,
} from '@manyi/config/recordings';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type Query, read } from '../http/client.ts';
import { usePages } from '../http/pages.ts';

const pageSize = 50;
const againMs = 15_000;
const onItsWayMs = 4_000;
const makingMs = 2_000;

/** The recordings that a filter finds, newest first, page by page. While only the first is open, new ones come by themselves. */
export function useRecordings(site: string, filter: Query) {
  const query = usePages(recording, '/recordings', { site, ...filter, limit: pageSize });
  useLookFurther(query);
  return query;
}

interface Paged {
  readonly data: { readonly pages: readonly { readonly items: readonly unknown[] }[] } | undefined;
  readonly hasNextPage: boolean;
  readonly isFetching: boolean;
  readonly error: Error | null;
  readonly fetchNextPage: () => Promise<unknown>;
}

/** What is rare may need many pages to be found, and a page without anything on it is no end. */
function useLookFurther({ data, hasNextPage, isFetching, error, fetchNextPage }: Paged): void {
  const found = data?.pages.reduce((sum, { items }) => sum + items.length, 0) ?? 0;
  const looks = data !== undefined && found === 0 && hasNextPage && !isFetching && error === null;
  useEffect(() => {
    if (looks) void fetchNextPage();
  }, [looks, fetchNextPage]);
}

/** The recordings of one service; read again while one is on its way. */
export function useRecordingsOf(service: string) {
  return useQuery({
    queryKey: ['recordings', 'of', service],
    queryFn: async () => (await read(page(recording), '/recordings', { service })).items.toReversed(),
    refetchInterval: ({ state }) => (state.data?.some(isOnItsWay) ? onItsWayMs : false),
  });
}

/** One recording; read again while it is on its way. */
export function useRecording(id: string) {
  return useQuery({
    queryKey: ['recording', id],
    queryFn: () => read(recording, `/recordings/${encodeURIComponent(id)}`),
    refetchInterval: ({ state }) => (state.data !== undefined && isOnItsWay(state.data) ? onItsWayMs : false),
  });
}

/** Whether it will soon be in another state by itself. */
function isOnItsWay({ state }: Recording): boolean {
  return state === 'announced' || state === 'deleting';
}

/** How many recordings of a site were told to be lost since a day began, and how many are damaged. */
export function useFaults(site: string, since: string) {
  return useQuery({
    queryKey: ['recordings', 'faults', site, since],
    queryFn: () => read(recordingFaults, '/recordings/faults', { site, since }),
    refetchInterval: againMs,
  });
}

/** How many recordings each terminal still has that it has not sent; null for all sites that the user may see. */
export function useWaiting(site: string | null) {
  return useQuery({
    queryKey: ['recordings', 'waiting', site],
    queryFn: async () => (await read(page(waitingRecordings), '/recordings/waiting', { site })).items,
    refetchInterval: againMs,
  });
}

/** Whether recordings can be taken in and played, and what the user may do with them. */
export function useRecordingsState() {
  return useQuery({
    queryKey: ['recordings-state'],
    queryFn: () => read(recordingsState, '/recordings/state'),
    refetchInterval: againMs,
  });
}

/** The outline of a clip's sound; asked for again until it is made, or cannot be made for now. */
export function useWaveform({ recording: id, state }: Recording) {
  return useQuery({
    queryKey: ['waveform', id],
    queryFn: () => read(waveform, `/recordings/${id}/waveform`),
    enabled: state === 'stored' || state === 'damaged',
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state: { data } }) => (data?.peaks === null && data.failed === null ? makingMs : false),
  });
}
