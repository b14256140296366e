import { newRestoration, newSetAside, service } from '@manyi/config/api';
import { uuid } from '@manyi/config/ids';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Database } from '../database/database.ts';
import { signedIn } from '../http/auth.ts';
import type { Decide } from '../tallies/decide.ts';
import { evidenceOf } from './evidence.ts';
import { createSettingAside } from './set-aside.ts';
import { createServiceStore } from './store.ts';

const byService = z.object({ id: uuid });
const tags = ['ratings'];

/** `POST /services/{id}/set-aside` and `POST /services/{id}/restore`, for whoever may see the service. */
export const setAsideRoutes: FastifyPluginAsyncZod<{ database: Database; decide: Decide }> = async (app, parts) => {
  const store = createServiceStore(parts.database);
  const { setAside, restore } = createSettingAside(parts.decide);
  const asked = (request: FastifyRequest<{ Params: { id: string } }>) =>
    evidenceOf(store, signedIn(request), request.params.id);

  app.post(
    '/services/:id/set-aside',
    {
      schema: {
        tags,
        summary: 'Set a rating aside: out of the scores, until it is restored',
        description:
          'For `misuse` or a `mistaken-press` out of every score; as `not-the-clerk` out of the clerk’s only.',
        params: byService,
        body: newSetAside,
        response: { 200: service },
      },
    },
    async (request) => {
      const { record, zone } = asked(request);
      const { why, note } = request.body;
      setAside(record, zone, why, { by: signedIn(request).username, note });
      return asked(request).chain;
    },
  );

  app.post(
    '/services/:id/restore',
    {
      schema: {
        tags,
        summary: 'Take a rating that was set aside back into the scores',
        params: byService,
        body: newRestoration,
        response: { 200: service },
      },
    },
    async (request) => {
      const { record, zone } = asked(request);
      restore(record, zone, { by: signedIn(request).username, note: request.body.note });
      return asked(request).chain;
    },
  );
};
