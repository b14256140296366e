import { type Me, me, setupState, token } from '@manyi/config/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { meKey } from '../http/cache.ts';
import { nothing, ProblemError, read, send } from '../http/client.ts';

/** The signed-in user; null when nobody is. */
export function useMe() {
  return useQuery({ queryKey: meKey, queryFn: readMe, staleTime: Number.POSITIVE_INFINITY });
}

/** Whether the hub still waits for its first administrator. */
export function useSetupState() {
  return useQuery({ queryKey: ['setup'], queryFn: () => read(setupState, '/setup'), staleTime: 0 });
}

/** Signs in; afterwards `useMe` knows who. */
export function useSignIn() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (credentials: { username: string; password: string }): Promise<Me | null> => {
      await send(token, 'POST', '/login', credentials);
      return readMe();
    },
    onSuccess: (user) => cache.setQueryData(meKey, user),
  });
}

/** Signs out, and forgets everything that was read. */
export function useSignOut() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => send(nothing, 'POST', '/logout'),
    onSettled: () => {
      cache.removeQueries({ predicate: (query) => query.queryKey[0] !== meKey[0] });
      cache.setQueryData(meKey, null);
    },
  });
}

async function readMe(): Promise<Me | null> {
  try {
    return await read(me, '/me');
  } catch (error) {
    if (error instanceof ProblemError && error.status === 401) return null;
    throw error;
  }
}
