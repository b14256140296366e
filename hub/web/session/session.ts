import { type Me, me, setupState, token } from '@manyi/config/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { forgetAll, meKey } from '../http/cache.ts';
import { nothing, ProblemError, read, send } from '../http/client.ts';

/** Set while somebody is signed in: a browser where nobody is need not ask the hub, which would be an error in its console. */
const signedIn = 'manyi.signed-in';

/** The signed-in user; null when nobody is. */
export function useMe() {
  return useQuery({ queryKey: meKey, queryFn: readMe, staleTime: Number.POSITIVE_INFINITY });
}

/** Whether the hub still waits for its first administrator. */
export function useSetupState() {
  return useQuery({ queryKey: ['setup'], queryFn: () => read(setupState, '/setup'), staleTime: 0 });
}

/** Signs in; afterwards `useMe` knows who, and nothing is left of what another user has read. */
export function useSignIn() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (credentials: { username: string; password: string }): Promise<Me | null> => {
      await send(token, 'POST', '/login', credentials);
      localStorage.setItem(signedIn, 'yes');
      return readMe();
    },
    onSuccess: (user) => {
      forgetAll(cache);
      cache.setQueryData(meKey, user);
    },
  });
}

/** Signs out, and forgets everything that was read. A hub that cannot be reached has signed nobody out. */
export function useSignOut() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => send(nothing, 'POST', '/logout'),
    onSuccess: () => {
      localStorage.removeItem(signedIn);
      forgetAll(cache);
      cache.setQueryData(meKey, null);
    },
  });
}

async function readMe(): Promise<Me | null> {
  if (localStorage.getItem(signedIn) === null) return null;
  try {
    return await read(me, '/me');
  } catch (error) {
    if (!(error instanceof ProblemError) || error.status !== 401) throw error;
    localStorage.removeItem(signedIn);
    return null;
  }
}
