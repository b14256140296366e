import { type Me, page, rating, service } from '@manyi/config/api';
import { clerkId, id, uuid } from '@manyi/config/ids';
import { levelName } from '@manyi/config/levels';
import { maxPageItems } from '@manyi/config/limits';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Database } from '../database/database.ts';
import { invalid } from '../errors.ts';
import { askedSites, signedIn } from '../http/auth.ts';
import { instantOf, momentText, readMoment } from '../scores/window.ts';
import { evidenceOf } from './evidence.ts';
import { takePage, wholeList } from './pages.ts';
import {
  isWindowed,
  type RatingCursor,
  type RatingFilter,
  ratingColumns,
  readCursor,
  toRating,
  writeCursor,
} from './ratings.ts';
import { createServiceStore, type ServiceStore } from './store.ts';
import { acceptedFormat, sendTable, type Table } from './table.ts';

const ratingQuery = z.object({
  site: id.optional(),
  clerk: clerkId.optional(),
  counter: id.optional(),
  level: levelName.optional(),
  from: momentText.optional(),
  to: momentText.optional(),
  cursor: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(maxPageItems).optional(),
});
type RatingQuery = z.infer<typeof ratingQuery>;

const usualPageItems = 100;

/** `GET /ratings` and `GET /services/:id`: single ratings, and everything the ledger holds of one service. */
export const serviceRoutes: FastifyPluginAsyncZod<{ database: Database }> = async (app, { database }) => {
  const store = createServiceStore(database);

  app.get(
    '/ratings',
    {
      schema: {
        summary: 'The ratings, newest first',
        description:
          'By their place in the ledger; with `from` or `to` by their time. A page may be shorter than `limit` while `next` is ' +
          'not null. As CSV or XLSX (by `Accept`) the whole list comes at once, unless `limit` says how many.',
        tags: ['ratings'],
        querystring: ratingQuery,
        response: { 200: page(rating) },
      },
    },
    async (request, reply) => {
      const zones = store.zones.all();
      const filter = readFilter(request.query, signedIn(request), zones);
      const cursor = cursorOf(request.query.cursor, filter);
      const format = acceptedFormat(request.headers.accept);
      if (format !== 'json') {
        const table = tableOf(store, filter, cursor, request.query.limit ?? null, zones);
        return sendTable(reply, format, table);
      }
      const { records, next } = await takePage(store, filter, cursor, request.query.limit ?? usualPageItems);
      const recorded = store.recorded(records.map((record) => record.service));
      return {
        items: records.map((record) => toRating(record, zones, recorded)),
        next: next === null ? null : writeCursor(next),
      };
    },
  );

  app.get(
    '/services/:id',
    {
      schema: {
        summary: 'A service with everything the ledger holds of it',
        tags: ['ratings'],
        params: z.object({ id: uuid }),
        response: { 200: service },
      },
    },
    async (request) => evidenceOf(store, signedIn(request), request.params.id).chain,
  );
};

function readFilter(query: RatingQuery, user: Me, zones: ReadonlyMap<string, string>): RatingFilter {
  const sites = askedSites(user, query.site, zones);
  const zone = zoneOfDates(query, sites, zones);
  const moment = (field: 'from' | 'to') => {
    const text = query[field];
    return text === undefined ? null : instantOf(readMoment(field, text), zone);
  };
  const { clerk = null, counter = null, level = null } = query;
  return { sites, clerk, counter, level, from: moment('from'), to: moment('to') };
}

/** The zone whose dates are meant; a date that begins at different times at the sites in question is refused. */
function zoneOfDates(query: RatingQuery, sites: readonly string[] | null, zones: ReadonlyMap<string, string>): string {
  const asked = new Set([...zones].filter(([site]) => sites === null || sites.includes(site)).map(([, zone]) => zone));
  const [zone = 'UTC', ...others] = asked;
  const field = (['from', 'to'] as const).find(
    (name) => query[name] !== undefined && 'date' in readMoment(name, query[name]),
  );
  if (field !== undefined && others.length > 0) {
    throw invalid(
      `querystring.${field}`,
      'dates begin at different times at your sites: name a site, or give a time with its offset',
    );
  }
  return zone;
}

function cursorOf(text: string | undefined, filter: RatingFilter): RatingCursor | null {
  if (text === undefined) return null;
  const cursor = readCursor(text, isWindowed(filter));
  if (cursor === null) throw invalid('querystring.cursor', 'is not the `next` of a page with these filters');
  return cursor;
}

function tableOf(
  store: ServiceStore,
  filter: RatingFilter,
  cursor: RatingCursor | null,
  limit: number | null,
  zones: ReadonlyMap<string, string>,
): Table {
  const recorded = new Set<string>();
  async function* rows() {
    for await (const record of wholeList(store, filter, cursor, limit)) {
      const item = toRating(record, zones, recorded);
      yield ratingColumns.map((column) => item[column]);
    }
  }
  return { name: 'ratings', heads: ratingColumns, rows: rows(), words: false };
}
