import { machineToken, newMachineToken, token } from '@manyi/config/api';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { notFound } from '../../errors.ts';
import { signedIn } from '../../http/auth.ts';
import type { UserStore } from './store.ts';
import type { Users } from './users.ts';

export interface TokenRoutesParts {
  readonly users: Users;
  readonly store: UserStore;
}

/** `/tokens`: what a user gives to programs that act for them. A new password takes them all away. */
export const tokenRoutes: FastifyPluginAsyncZod<TokenRoutesParts> = async (app, { users, store }) => {
  const tags = ['sign-in'];

  app.get(
    '/tokens',
    {
      schema: {
        tags,
        summary: 'Your tokens for programs, without the tokens themselves',
        response: { 200: z.object({ items: z.array(machineToken), next: z.null() }) },
      },
    },
    async (request) => ({ items: await store.tokens(signedIn(request).username), next: null }),
  );

  app.post(
    '/tokens',
    {
      schema: {
        tags,
        summary: 'Make a token for a program, shown once',
        body: newMachineToken,
        response: { 201: token },
      },
    },
    async (request, reply) =>
      reply.code(201).send({ token: users.addToken(signedIn(request).username, request.body.label) }),
  );

  app.delete(
    '/tokens/:id',
    {
      schema: {
        tags,
        summary: 'Take a token away',
        params: z.object({ id: z.string().max(64) }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      if (!store.removeToken(signedIn(request).username, request.params.id)) throw notFound('token');
      return reply.code(204).send(null);
    },
  );
};
