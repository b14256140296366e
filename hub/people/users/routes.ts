import { login, me, newPassword, newUser, page, setup, setupState, token, user } from '@manyi/config/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { unauthenticated, wrongCredentials } from '../../errors.ts';
import { clearSessionCookie, requireRole, setSessionCookie, signedIn } from '../../http/auth.ts';
import type { Throttle } from '../../http/throttle.ts';
import { pageQuery, toPage } from '../pages.ts';
import type { Setup } from './setup.ts';
import type { UserStore } from './store.ts';
import type { SignIn, Users } from './users.ts';

export interface UserRoutesParts {
  readonly users: Users;
  readonly store: UserStore;
  readonly setup: Setup;
  readonly throttle: Throttle;
}

const admin = { onRequest: requireRole('administrator') };
const byName = z.object({ username: z.string().max(64) });
const userChange = newUser
  .omit({ username: true, sites: true })
  .extend({ sites: user.shape.sites.removeDefault() })
  .partial();

/** Signing in and out, the first administrator, and the users. */
export const userRoutes: FastifyPluginAsyncZod<UserRoutesParts> = async (
  app,
  { users, store, setup: setUp, throttle },
) => {
  app.post(
    '/login',
    {
      config: { access: 'open' },
      schema: { tags: ['sign-in'], summary: 'Sign in', body: login, response: { 200: token } },
    },
    async (request, reply) => {
      const { username, password } = request.body;
      const work = () => users.signIn(username, password);
      return welcome(request, reply, await throttled(request, throttle, username, work));
    },
  );

  app.post(
    '/logout',
    { schema: { tags: ['sign-in'], summary: 'Sign out', response: { 204: z.null() } } },
    async (request, reply) => {
      if (request.token !== null) users.signOut(request.token);
      clearSessionCookie(request, reply);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/me',
    { schema: { tags: ['sign-in'], summary: 'Who is signed in', response: { 200: me } } },
    async (request) => signedIn(request),
  );

  app.get(
    '/setup',
    {
      config: { access: 'open' },
      schema: {
        tags: ['sign-in'],
        summary: 'Whether the first administrator is missing',
        response: { 200: setupState },
      },
    },
    async () => ({ needed: setUp.needed() }),
  );

  app.post(
    '/setup',
    {
      config: { access: 'open' },
      schema: { tags: ['sign-in'], summary: 'Make the first administrator', body: setup, response: { 200: token } },
    },
    async (request, reply) => {
      const { code, password } = request.body;
      const work = async () => ((await setUp.finish(code, password)) ? users.signIn('admin', password) : null);
      return welcome(request, reply, await throttled(request, throttle, 'set-up', work));
    },
  );

  app.get(
    '/users',
    { ...admin, schema: { tags: ['people'], summary: 'Users', querystring: pageQuery, response: { 200: page(user) } } },
    async (request) => {
      const { cursor = '', limit } = request.query;
      return toPage(await store.list(cursor, limit + 1), limit, (row) => row.username);
    },
  );

  app.post(
    '/users',
    { ...admin, schema: { tags: ['people'], summary: 'Add a user', body: newUser, response: { 201: user } } },
    async (request, reply) => {
      const { password, ...added } = request.body;
      return reply.code(201).send(await users.add(added, password, signedIn(request).username));
    },
  );

  app.patch(
    '/users/:username',
    {
      ...admin,
      schema: { tags: ['people'], summary: 'Change a user', params: byName, body: userChange, response: { 200: user } },
    },
    async (request) => users.change(request.params.username, request.body, signedIn(request).username),
  );

  app.delete(
    '/users/:username',
    { ...admin, schema: { tags: ['people'], summary: 'Remove a user', params: byName, response: { 204: z.null() } } },
    async (request, reply) => {
      await users.remove(request.params.username, signedIn(request).username);
      return reply.code(204).send(null);
    },
  );

  app.put(
    '/me/password',
    {
      schema: {
        tags: ['sign-in'],
        summary: 'Change your own password',
        body: z.object({ password: login.shape.password, newPassword }),
        response: { 200: token },
      },
    },
    async (request, reply) => {
      const { username } = signedIn(request);
      const { password, newPassword: wanted } = request.body;
      const work = () => users.signIn(username, password);
      await throttled(request, throttle, username, work);
      await users.change(username, { password: wanted }, username);
      return welcome(request, reply, await users.signIn(username, wanted));
    },
  );
};

/** Runs an attempt to get in; failed ones are slowed down, logged, and answered all alike. */
async function throttled(
  request: FastifyRequest,
  throttle: Throttle,
  name: string,
  work: () => Promise<SignIn | null>,
): Promise<SignIn> {
  const result = await throttle.attempt(request.ip, name, work);
  if (result !== null) return result;
  request.log.warn({ address: request.ip, route: request.routeOptions.url }, 'a sign-in failed');
  throw wrongCredentials();
}

function welcome(request: FastifyRequest, reply: FastifyReply, signIn: SignIn | null): { token: string } {
  if (signIn === null) throw unauthenticated();
  setSessionCookie(request, reply, signIn.token, signIn.expires);
  return { token: signIn.token };
}
