import { timingSafeEqual } from 'node:crypto';
import { hashSecret, newSecret } from './sessions.ts';
import type { Users } from './users.ts';

/** The way to the first administrator when no password came with the settings: a link that works once. */
export interface Setup {
  needed(): boolean;
  /** The code of the link, null when no set-up is needed. */
  readonly code: string | null;
  /** Makes the first administrator. Answers false for a wrong code as for one that has been used. */
  finish(code: string, password: string): Promise<boolean>;
}

/** The code is made anew at every start and kept nowhere: whoever may read the hub's output may set it up. */
export function createSetup(users: Users): Setup {
  const code = users.none() ? newSecret() : null;
  const expected = Buffer.from(hashSecret(code ?? newSecret()));

  return {
    code,
    needed: () => users.none(),
    async finish(given, password) {
      const right = timingSafeEqual(Buffer.from(hashSecret(given)), expected);
      return right && users.none() && (await users.addFirst(password));
    },
  };
}
