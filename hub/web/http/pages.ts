import { page } from '@manyi/config/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { type Query, read } from './client.ts';

const againMs = 15_000;

/** A list page by page, its key the words of its path. While only the first page is open, new items come by themselves. */
export function usePages<T extends z.ZodType>(item: T, path: string, query: Query) {
  return useInfiniteQuery({
    queryKey: [...path.split('/').slice(1), query],
    queryFn: ({ pageParam }) => read(page(item), path, { ...query, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : againMs),
  });
}
