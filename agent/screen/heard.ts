import type { ServerResponse } from 'node:http';
import type { OwnHearing } from '@manyi/config/audit';

/**
 * What the screen is told of who has listened to the clerk: a page of it, newest first, with the cursor of the next; or why there is none.
 * `offline`: the hub cannot be reached; `not-yet`: it has not heard that the clerk is on duty here; `refused`: it answered something else;
 * `not-now`: no clerk is on duty, or somebody is being served.
 */
export type HeardAnswer =
  | { readonly state: 'known'; readonly items: readonly OwnHearing[]; readonly next: string | null }
  | { readonly state: 'offline' | 'not-yet' | 'refused' | 'not-now' };

/** Asks for a page; `cursor` is the `next` of the page before, null for the first. It never rejects. */
export type AskWhoHeard = (cursor: string | null) => Promise<HeardAnswer>;

/** Answers the page's question. `url` is its path with the query. */
export async function sendHeard(response: ServerResponse, url: string, ask: AskWhoHeard): Promise<void> {
  const cursor = new URL(url, 'http://127.0.0.1').searchParams.get('cursor');
  const answer = cursor === null || /^\d{1,15}$/.test(cursor) ? await ask(cursor) : null;
  if (answer === null) {
    response.writeHead(400).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(answer));
}
