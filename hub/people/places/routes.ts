import { counter, importReport, page, site } from '@manyi/config/api';
import { id } from '@manyi/config/ids';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Zones } from '../../database/zones.ts';
import { askedSites, requireRole, signedIn, siteScope } from '../../http/auth.ts';
import { acceptCsv, importQuery, maxCsvBytes, takeCsv } from '../csv.ts';
import { pageQuery, toPage } from '../pages.ts';
import { importCounters } from './import.ts';
import type { Places } from './places.ts';
import type { PlaceStore } from './store.ts';

export interface PlaceRoutesParts {
  readonly places: Places;
  readonly store: PlaceStore;
  readonly zones: Zones;
}

const admin = { onRequest: requireRole('administrator') };
const bySite = z.object({ site: id });
const byCounter = z.object({ site: id, counter: id });
const siteChange = z.object({
  name: site.shape.name.optional(),
  timeZone: site.shape.timeZone.removeDefault().optional(),
  mode: site.shape.mode.removeDefault().optional(),
  profile: site.shape.profile.removeDefault().optional(),
});
const listQuery = pageQuery.extend({ site: id.optional() });

/** `/sites` and `/counters`. A counter's own path is `/sites/{site}/counters/{counter}`, because its id is unique in its site only. */
export const placeRoutes: FastifyPluginAsyncZod<PlaceRoutesParts> = async (app, { places, store, zones }) => {
  const tags = ['places'];
  acceptCsv(app);

  app.get(
    '/sites',
    { schema: { tags, summary: 'Sites', querystring: pageQuery, response: { 200: page(site) } } },
    async (request) => {
      const { cursor = '', limit } = request.query;
      const rows = await store.sites(siteScope(signedIn(request)), cursor, limit + 1);
      return toPage(rows, limit, (row) => row.id);
    },
  );

  app.post(
    '/sites',
    { ...admin, schema: { tags, summary: 'Add a site', body: site, response: { 201: site } } },
    async (request, reply) => reply.code(201).send(places.addSite(request.body, signedIn(request).username)),
  );

  app.patch(
    '/sites/:site',
    { ...admin, schema: { tags, summary: 'Change a site', params: bySite, body: siteChange, response: { 200: site } } },
    async (request) => places.changeSite(request.params.site, request.body, signedIn(request).username),
  );

  app.delete(
    '/sites/:site',
    { ...admin, schema: { tags, summary: 'Remove an unused site', params: bySite, response: { 204: z.null() } } },
    async (request, reply) => {
      await places.removeSite(request.params.site, signedIn(request).username);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/counters',
    { schema: { tags, summary: 'Counters', querystring: listQuery, response: { 200: page(counter) } } },
    async (request) => {
      const { cursor = '', limit, site: asked } = request.query;
      const scope = askedSites(signedIn(request), asked, zones);
      return toPage(await store.counters(scope, cursor, limit + 1), limit, (row) => `${row.site}/${row.id}`);
    },
  );

  app.post(
    '/counters',
    { ...admin, schema: { tags, summary: 'Add a counter', body: counter, response: { 201: counter } } },
    async (request, reply) => reply.code(201).send(await places.addCounter(request.body, signedIn(request).username)),
  );

  app.patch(
    '/sites/:site/counters/:counter',
    {
      ...admin,
      schema: {
        tags,
        summary: 'Rename a counter',
        params: byCounter,
        body: counter.pick({ name: true }),
        response: { 200: counter },
      },
    },
    async (request) => {
      const { site: of, counter: which } = request.params;
      return places.changeCounter(of, which, request.body.name, signedIn(request).username);
    },
  );

  app.delete(
    '/sites/:site/counters/:counter',
    { ...admin, schema: { tags, summary: 'Remove a counter', params: byCounter, response: { 204: z.null() } } },
    async (request, reply) => {
      await places.removeCounter(request.params.site, request.params.counter, signedIn(request).username);
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/counters/import',
    {
      ...admin,
      bodyLimit: maxCsvBytes,
      schema: {
        tags,
        summary: 'Import counters from CSV',
        description: 'Columns `id,name`; text/csv in UTF-8 or GB18030. A bad line refuses that line only.',
        consumes: ['text/csv'],
        querystring: importQuery,
        response: { 200: importReport },
      },
    },
    async (request) =>
      importCounters({ places, store, by: signedIn(request).username, ...request.query }, takeCsv(request.body)),
  );
};
