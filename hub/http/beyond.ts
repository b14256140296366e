import type { FastifyRequest } from 'fastify';
import { NotFound, type Refusal } from '../errors.ts';
import { createThrottle } from './throttle.ts';

/** Who asks, as far as it matters here: `sites` are those that they may see, null for all. */
export interface Asker {
  readonly name: string;
  readonly sites: readonly string[] | null;
}

/** Stale pages and bookmarks ask for what is gone too, so more is let pass than of guesses. */
const limits = { ofPair: { burst: 20, forgiveMs: 5_000 }, ofAddress: { burst: 100, forgiveMs: 1_000 } };

/**
 * Watches over what is asked for beyond one's own sites. Whether it exists there or not at all, each time is logged, and many in a row
 * are answered with 429: alike, so that nothing is learnt from that either. What somebody may see is never held up by it.
 */
export function watchBeyond(): (error: unknown, request: FastifyRequest, asker: Asker | null) => Promise<unknown> {
  const throttle = createThrottle(limits);
  return async (error, request, asker) => {
    if (!(error instanceof NotFound) || asker === null || asker.sites === null) return error;
    const { name } = asker;
    const tell = async () => {
      const said = { address: request.ip, user: name, route: request.routeOptions.url };
      request.log.warn(said, 'something of another site, or not there at all, was asked for');
      return null;
    };
    return await throttle.attempt(request.ip, name, tell).then(
      () => error,
      (refusal: Refusal) => refusal,
    );
  };
}
