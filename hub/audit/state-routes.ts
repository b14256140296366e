import { type AuditState, auditState } from '@manyi/config/audit';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';

/** `/audit/state`: whether the log is to be trusted, for everybody who relies on it. */
export const stateRoutes: FastifyPluginAsyncZod<{ state: () => AuditState }> = async (app, { state }) => {
  app.get(
    '/audit/state',
    {
      schema: {
        tags: ['audit'],
        summary: 'What the last check of the audit log found',
        description:
          'The hub checks all of it at every start and once a day, what is new once an hour, and notes what was right in a file beside its ' +
          'database.',
        response: { 200: auditState },
      },
    },
    async () => state(),
  );
};
