import { problemKindOf } from '@manyi/config/problems';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ProblemError } from './client.ts';

/** The key of the signed-in user; null data means signed out. */
export const meKey = ['me'] as const;

const againMs = 5_000;

/**
 * What the pages know of the hub. A 401 anywhere signs the dashboard out. Only lost connections are tried again, and go on
 * being tried for as long as a page wants what it could not read.
 */
export function createCache(): QueryClient {
  const cache: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: (error) => signOutOn401(cache, error) }),
    mutationCache: new MutationCache({ onError: (error) => signOutOn401(cache, error) }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < 2 && isPassing(error),
        refetchInterval: ({ state }) => (isPassing(state.error) ? againMs : false),
      },
      mutations: { retry: false },
    },
  });
  return cache;
}

/** Forgets everything that was read but who is signed in: the next user may not see it. */
export function forgetAll(cache: QueryClient): void {
  cache.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== meKey[0] });
}

/** A wrong password in a form is a 401 too, and ends no session. */
function signOutOn401(cache: QueryClient, error: unknown): void {
  if (!(error instanceof ProblemError) || error.status !== 401) return;
  if (problemKindOf(error.problem.type) === 'wrong-credentials') return;
  if (cache.getQueryData(meKey) !== undefined) cache.setQueryData(meKey, null);
}

function isPassing(error: unknown): boolean {
  return error instanceof ProblemError && (error.status === 0 || error.status >= 502);
}
