import { floor, type Me } from '@manyi/config/api';
import { id } from '@manyi/config/ids';
import { liveEntry } from '@manyi/config/live';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { invalid, notFound } from '../errors.ts';
import { maySee, signedIn } from '../http/auth.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Scoreboard } from '../scores/board.ts';
import type { Presences } from '../terminals/presence.ts';
import { readFloor } from './floor.ts';
import { createPresenceSource } from './presence.ts';
import { createRenderer } from './render.ts';
import { createLiveStore } from './store.ts';
import { openStream, type Stream } from './stream.ts';

export interface LiveRoutesParts {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly scoreboard: Scoreboard;
  readonly presences: Presences;
  readonly clock: Clock;
  /** Who a token belongs to now, null once it has ended. */
  readonly userOfToken: (token: string) => Me | null;
}

const position = z.string().regex(/^\d{1,16}$/, 'is not a position of the ledger');
const liveQuery = z.object({ site: id.optional(), after: position.optional() });

const description = `Server-sent events: every entry of the ledger as it is committed, its id the position, its data the JSON
shown here; and the event \`presence\`, without an id, for each terminal at the beginning and whenever it changes. After an
interruption \`Last-Event-ID\` goes on without gap or repeat; \`after\` does so from a position of \`/floor\` or \`/scores\`.
Without both the stream begins with what comes next. A reader that falls behind is cut off, and so is one whose session ends.`;

/** `GET /live` and `GET /floor`. Streams end when the server closes. */
export const liveRoutes: FastifyPluginAsyncZod<LiveRoutesParts> = async (app, parts) => {
  const { ledger, scoreboard, clock, userOfToken } = parts;
  const store = createLiveStore(parts.database);
  const presence = createPresenceSource(parts.presences, store);
  const render = createRenderer(store.zones.of);
  const streams = new Set<Stream>();
  const ticking = setInterval(() => {
    for (const stream of streams) stream.tick();
  }, 1000);
  app.addHook('preClose', async () => {
    clearInterval(ticking);
    for (const stream of streams) stream.close();
    await Promise.all([...streams].map(({ ended }) => ended));
  });

  const siteOf = (user: Me, asked: string) => {
    const found = scoreboard.sites().find(({ id }) => id === asked);
    if (found === undefined || !maySee(user, asked)) throw notFound('site');
    return found;
  };

  app.get(
    '/live',
    {
      schema: {
        summary: 'The ledger as it grows',
        description,
        tags: ['live'],
        querystring: liveQuery,
        response: { 200: { description: 'The stream', content: { 'text/event-stream': { schema: liveEntry } } } },
      },
    },
    async (request, reply) => {
      const user = signedIn(request);
      const { site, after } = request.query;
      if (site !== undefined) siteOf(user, site);
      const asked = lastEventId(request) ?? after;
      // A position beyond the newest comes from before a restored backup: the stream then begins with what comes next.
      const from = asked === undefined ? ledger.head : Math.min(Number(asked), store.position());
      const out = beginEvents(reply);
      if (request.method === 'HEAD') {
        out.end();
        return;
      }
      const reader = { token: request.token, site: site ?? null, after: from };
      const stream = openStream(out, reader, user, { ledger, presence, userOfToken, render });
      streams.add(stream);
      stream.ended
        .catch((error: unknown) => request.log.error({ err: error }, 'a live stream failed'))
        .finally(() => streams.delete(stream));
    },
  );

  app.get(
    '/floor',
    {
      schema: {
        summary: 'A site as it stands now',
        description: 'Everything stands at `position`: `/live?after=` goes on from there.',
        tags: ['live'],
        querystring: z.object({ site: id }),
        response: { 200: floor },
      },
    },
    async (request) => {
      const site = siteOf(signedIn(request), request.query.site);
      const microphone = (terminal: string) => parts.presences.of(terminal).health?.parts?.microphone ?? null;
      return readFloor(site, { store, scoreboard, presence: presence.all, microphone, clock });
    },
  );
};

function lastEventId(request: FastifyRequest): string | undefined {
  const header = request.headers['last-event-id'];
  if (header === undefined || header === '') return undefined;
  if (!position.safeParse(header).success) throw invalid('headers.last-event-id', 'is not a position of the ledger');
  return String(header);
}

/** Takes the answer out of fastify's hands and begins a stream that no proxy holds back. */
function beginEvents(reply: FastifyReply) {
  const headers = { ...reply.getHeaders() };
  reply.hijack();
  reply.raw.writeHead(200, {
    ...(headers as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  return reply.raw;
}
