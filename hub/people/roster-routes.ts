import { id } from '@manyi/config/ids';
import { roster } from '@manyi/config/roster';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { forbidden, notFound } from '../errors.ts';
import { signedIn } from '../http/auth.ts';
import type { Rosters } from './roster.ts';

export interface RosterRoutesParts {
  readonly rosters: Rosters;
}

/** `/sites/{site}/roster`, for the site's terminals (basic auth) and administrators. */
export const rosterRoutes: FastifyPluginAsyncZod<RosterRoutesParts> = async (app, { rosters }) => {
  app.get(
    '/sites/:site/roster',
    {
      config: { access: 'terminal' },
      schema: {
        tags: ['terminals'],
        summary: 'Who may serve at a site, for its terminals',
        params: z.object({ site: id }),
        response: { 200: roster },
      },
    },
    async (request) => {
      const { site } = request.params;
      if (request.terminal !== null && request.terminal.site !== site) throw notFound('site');
      if (request.terminal === null && signedIn(request).role !== 'administrator') throw forbidden();
      return rosters.of(site);
    },
  );
};
