import { page } from '@manyi/config/api';
import { ownHearing } from '@manyi/config/audit';
import { type HubHttp, Refused } from '../hub-http.ts';
import type { Log } from '../log.ts';
import type { AskWhoHeard, HeardAnswer } from '../screen/heard.ts';
import type { ScreenView } from '../screen/view.ts';

export interface HeardParts {
  readonly hub: HubHttp;
  /** What the counter shows now. */
  readonly view: () => Pick<ScreenView, 'clerk' | 'online' | 'mayShowHeard'>;
  readonly log: Log;
}

/** As many as fill some screens. */
const limit = 50;
const conflict = 409;
const answered = page(ownHearing);

/**
 * Asks the hub who has listened to the clerk who is on duty here, and to nobody else: the hub sees for itself that they are. What comes
 * after they have gone, or after somebody has stepped up to the counter, is put away.
 */
export function createHeard({ hub, view, log }: HeardParts): AskWhoHeard {
  const clerkNow = () => {
    const { clerk, mayShowHeard } = view();
    return mayShowHeard ? (clerk?.id ?? null) : null;
  };

  async function ask(clerk: string, cursor: string | null): Promise<HeardAnswer> {
    const query = new URLSearchParams({ limit: String(limit), ...(cursor !== null && { cursor }) });
    try {
      const path = `/api/v1/audit/clerks/${encodeURIComponent(clerk)}/own?${query}`;
      return { state: 'known', ...(await hub.getJson(path, answered)) };
    } catch (error) {
      if (error instanceof Refused && error.status === conflict) return { state: 'not-yet' };
      log.warn(`who has listened to the clerk could not be asked: ${error instanceof Error ? error.message : error}`);
      return { state: error instanceof Refused ? 'refused' : 'offline' };
    }
  }

  return async (cursor) => {
    const clerk = clerkNow();
    if (clerk === null) return { state: 'not-now' };
    if (!view().online) return { state: 'offline' };
    const answer = await ask(clerk, cursor);
    return clerkNow() === clerk ? answer : { state: 'not-now' };
  };
}
