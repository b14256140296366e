import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { packageFolder } from '../package-folder.ts';
import { nothingHere, sendProblem } from './problems.ts';

/** Serves the built dashboard at `/`. A path that only the dashboard knows gets its page, so that a reload stays where it was; any other
 * path that nothing serves is a problem. */
export async function serveDashboard(app: FastifyInstance): Promise<void> {
  const root = join(packageFolder(import.meta.dirname), 'web', 'dist');
  const isBuilt = existsSync(join(root, 'index.html'));
  app.setNotFoundHandler((request, reply) => {
    if (isBuilt && isPage(request)) return reply.sendFile('index.html');
    return sendProblem(reply, nothingHere(request));
  });
  if (!isBuilt) return;
  await app.register(fastifyStatic, {
    root,
    cacheControl: false,
    setHeaders: (response, path) => {
      const lasting = path.startsWith(join(root, 'assets'));
      response.setHeader('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}

function isPage(request: FastifyRequest): boolean {
  const path = request.url.split('?')[0] ?? '';
  return (
    request.method === 'GET' &&
    !path.startsWith('/api/') &&
    !path.startsWith('/assets/') &&
    (request.headers.accept ?? '').includes('text/html')
  );
}
