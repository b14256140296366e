import { clerk } from '@manyi/config/api';
import { clerkId } from '@manyi/config/ids';
import type { FastifyInstance } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { notFound } from '../../errors.ts';
import { maySee, requireRole, signedIn } from '../../http/auth.ts';
import type { Clerks } from './clerks.ts';
import { maxPhotoBytes, photoTypes, takePhoto } from './photo.ts';
import type { ClerkStore } from './store.ts';

export interface PhotoRoutesParts {
  readonly clerks: Clerks;
  readonly store: ClerkStore;
}

const admin = { onRequest: requireRole('administrator') };
const byClerk = z.object({ clerk: clerkId });

/** `/clerks/{clerk}/photo`: the picture itself, for users of the site and for its terminals. */
export const photoRoutes: FastifyPluginAsyncZod<PhotoRoutesParts> = async (app, { clerks, store }) => {
  const tags = ['people'];
  acceptPictures(app);

  app.get(
    '/clerks/:clerk/photo',
    {
      config: { access: 'terminal' },
      schema: {
        tags,
        summary: "A clerk's picture",
        params: byClerk,
        querystring: z.object({ v: z.string().optional() }),
      },
    },
    async (request, reply) => {
      const found = await store.clerk(request.params.clerk);
      const seen =
        request.terminal === null
          ? maySee(signedIn(request), found?.site ?? '')
          : request.terminal.site === found?.site;
      const photo = seen ? await store.photo(request.params.clerk) : null;
      if (photo === null) throw notFound('photo');
      reply.header('cache-control', `private, max-age=${request.query.v === undefined ? 0 : 31_536_000}`);
      return reply.type(photo.type).send(photo.bytes);
    },
  );

  app.put(
    '/clerks/:clerk/photo',
    {
      ...admin,
      bodyLimit: maxPhotoBytes,
      schema: {
        tags,
        summary: "Set a clerk's picture",
        description: 'The picture itself as JPEG, PNG or WebP, at most 512 KiB.',
        consumes: [...photoTypes],
        params: byClerk,
        response: { 200: clerk },
      },
    },
    async (request) => clerks.setPhoto(request.params.clerk, takePhoto(request.body), signedIn(request).username),
  );

  app.delete(
    '/clerks/:clerk/photo',
    { ...admin, schema: { tags, summary: "Remove a clerk's picture", params: byClerk, response: { 200: clerk } } },
    async (request) => clerks.setPhoto(request.params.clerk, null, signedIn(request).username),
  );
};

function acceptPictures(app: FastifyInstance): void {
  app.addContentTypeParser([...photoTypes], { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}
