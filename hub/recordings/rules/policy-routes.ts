import { id } from '@manyi/config/ids';
import { reasonBody, recordingPolicy } from '@manyi/config/recordings';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { notFound } from '../../errors.ts';
import { requireRole, requireSite, signedIn } from '../../http/auth.ts';
import type { Policies } from './policy.ts';

const tags = ['recordings'];
const bySite = z.object({ site: id });

/** What a site's terminals record. */
export const policyRoutes: FastifyPluginAsyncZod<{ readonly policies: Policies }> = async (app, { policies }) => {
  app.get(
    '/sites/:site/recording-policy',
    { schema: { tags, summary: "What a site's terminals record", params: bySite, response: { 200: recordingPolicy } } },
    async (request) => {
      const { site } = request.params;
      requireSite(signedIn(request), site);
      if (!policies.exists(site)) throw notFound('site');
      return policies.of(site);
    },
  );

  app.put(
    '/sites/:site/recording-policy',
    {
      onRequest: requireRole('administrator'),
      schema: {
        tags,
        summary: "Say what a site's terminals record: they hear of it at once",
        description:
          '`service` is each service as a whole, `around-rating` from `beforeSeconds` before a rating to `afterSeconds` after it, `off` ' +
          'nothing. With `keep: not-good` only clips of ratings that were not good are kept.',
        params: bySite,
        body: recordingPolicy.extend(reasonBody.shape),
        response: { 200: recordingPolicy },
      },
    },
    async (request) => {
      const { reason, ...policy } = request.body;
      policies.change(request.params.site, policy, signedIn(request).username, reason);
      return policy;
    },
  );
};
