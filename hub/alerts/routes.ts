import { alert, page } from '@manyi/config/api';
import { id } from '@manyi/config/ids';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Database } from '../database/database.ts';
import { openZones } from '../database/zones.ts';
import { askedSites, signedIn } from '../http/auth.ts';
import { belowOf, pageQuery, toPage } from '../people/pages.ts';
import { toAlert } from './alerts.ts';
import { createAlertStore } from './store.ts';

const alertQuery = pageQuery.extend({ site: id.optional(), terminal: id.optional() });

/** `GET /alerts`: what terminals' numbers and parts have shown that somebody should look at. */
export const alertRoutes: FastifyPluginAsyncZod<{ database: Database }> = async (app, { database }) => {
  const store = createAlertStore(database);
  const zones = openZones(database);

  app.get(
    '/alerts',
    {
      schema: {
        tags: ['terminals'],
        summary: 'What somebody should look at, newest first',
        description:
          'Numbers that were lost (`numbers-missing`) or used twice (`number-reused`), events that a terminal had to give up ' +
          '(`event-voided`) and parts that failed (`part-failed`). The same comes on `/live` as it happens.',
        querystring: alertQuery,
        response: { 200: page(alert) },
      },
    },
    async (request) => {
      const { cursor, limit, site, terminal = null } = request.query;
      const sites = askedSites(signedIn(request), site, zones);
      const records = store.alerts(sites, terminal, belowOf(cursor), limit + 1);
      const { items, next } = toPage(records, limit, ({ position }) => String(position));
      return { items: items.map((record) => toAlert(record, zones.of(record.site))), next };
    },
  );
};
