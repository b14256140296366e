import { useEffect, useState, useSyncExternalStore } from 'react';
import { createSession, type Session, type Shown } from './session.ts';

/** The session of a counter; leaving the page ends it. */
export function useSession(site: string, counter: string): { session: Session; shown: Shown } {
  const [session] = useState(() => createSession({ site, counter }));
  useEffect(() => session.stop, [session]);
  return { session, shown: useSyncExternalStore(session.subscribe, session.shown) };
}
