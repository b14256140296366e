import { badge, clerk, importReport, newBadge, newClerk, page } from '@manyi/config/api';
import { clerkId, id } from '@manyi/config/ids';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Zones } from '../../database/zones.ts';
import { notFound } from '../../errors.ts';
import { askedSites, requireRole, requireSite, signedIn, siteScope } from '../../http/auth.ts';
import { acceptCsv, importQuery, maxCsvBytes, takeCsv } from '../csv.ts';
import { pageQuery, toPage } from '../pages.ts';
import type { Places } from '../places/places.ts';
import type { Clerks } from './clerks.ts';
import { importClerks } from './import.ts';
import type { ClerkStore } from './store.ts';

export interface ClerkRoutesParts {
  readonly clerks: Clerks;
  readonly store: ClerkStore;
  readonly places: Places;
  readonly zones: Zones;
}

const admin = { onRequest: requireRole('administrator') };
const byClerk = z.object({ clerk: clerkId });
const byBadge = z.object({ badge: z.string().max(64) });
const clerkChange = newClerk
  .omit({ id: true, stars: true })
  .extend({ stars: clerk.shape.stars.removeDefault(), active: z.boolean() })
  .partial();

/** `/clerks`, their import and `/badges`. */
export const clerkRoutes: FastifyPluginAsyncZod<ClerkRoutesParts> = async (app, { clerks, store, places, zones }) => {
  const tags = ['people'];
  acceptCsv(app);

  app.get(
    '/clerks',
    {
      schema: {
        tags,
        summary: 'Clerks',
        querystring: pageQuery.extend({ site: id.optional() }),
        response: { 200: page(clerk) },
      },
    },
    async (request) => {
      const { cursor = '', limit, site } = request.query;
      const rows = await store.clerks(askedSites(signedIn(request), site, zones), cursor, limit + 1);
      return toPage(rows, limit, (row) => row.id);
    },
  );

  app.get(
    '/clerks/:clerk',
    { schema: { tags, summary: 'A clerk', params: byClerk, response: { 200: clerk } } },
    async (request) => {
      const found = await store.clerk(request.params.clerk);
      if (found === null) throw notFound('clerk');
      requireSite(signedIn(request), found.site, 'clerk');
      return found;
    },
  );

  app.post(
    '/clerks',
    { ...admin, schema: { tags, summary: 'Add a clerk', body: newClerk, response: { 201: clerk } } },
    async (request, reply) => reply.code(201).send(await clerks.add(request.body, signedIn(request).username)),
  );

  app.patch(
    '/clerks/:clerk',
    {
      ...admin,
      schema: { tags, summary: 'Change a clerk', params: byClerk, body: clerkChange, response: { 200: clerk } },
    },
    async (request) => clerks.change(request.params.clerk, request.body, signedIn(request).username),
  );

  app.delete(
    '/clerks/:clerk',
    {
      ...admin,
      schema: {
        tags,
        summary: 'Remove a clerk',
        description: 'A clerk with ratings, or on duty, becomes inactive instead (200 with the clerk).',
        params: byClerk,
        response: { 200: clerk, 204: z.null() },
      },
    },
    async (request, reply) => {
      const kept = await clerks.remove(request.params.clerk, signedIn(request).username);
      return kept === null ? reply.code(204).send(null) : reply.code(200).send(kept);
    },
  );

  app.post(
    '/clerks/import',
    {
      ...admin,
      bodyLimit: maxCsvBytes,
      schema: {
        tags,
        summary: 'Import clerks and badges from CSV',
        description: 'Columns `id,name,number,stars,badge`; UTF-8 or GB18030. A bad line refuses that line only.',
        consumes: ['text/csv'],
        querystring: importQuery,
        response: { 200: importReport },
      },
    },
    async (request) => {
      const parts = {
        clerks,
        store,
        sites: (await places.sites()).map((site) => site.id),
        by: signedIn(request).username,
        ...request.query,
      };
      return importClerks(parts, takeCsv(request.body));
    },
  );

  app.get(
    '/badges',
    {
      schema: {
        tags,
        summary: 'Badges, without their codes',
        querystring: pageQuery.extend({ clerk: clerkId.optional() }),
        response: { 200: page(badge) },
      },
    },
    async (request) => {
      const { cursor = '', limit, clerk: of = null } = request.query;
      return toPage(await store.badges(siteScope(signedIn(request)), of, cursor, limit + 1), limit, (row) => row.id);
    },
  );

  app.post(
    '/badges',
    { ...admin, schema: { tags, summary: 'Give a clerk a badge', body: newBadge, response: { 201: badge } } },
    async (request, reply) => {
      const { badge: code, clerk: to } = request.body;
      return reply.code(201).send(await clerks.addBadge(code, to, signedIn(request).username));
    },
  );

  app.delete(
    '/badges/:badge',
    { ...admin, schema: { tags, summary: 'Take a badge away', params: byBadge, response: { 204: z.null() } } },
    async (request, reply) => {
      await clerks.removeBadge(request.params.badge, signedIn(request).username);
      return reply.code(204).send(null);
    },
  );
};
