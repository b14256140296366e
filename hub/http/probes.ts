import { isLoopback } from '@manyi/config/settings';
import type { FastifyInstance } from 'fastify';
import { Refusal, unauthenticated } from '../errors.ts';

export interface ProbeParts {
  readonly ready: () => boolean;
  readonly metrics: () => Promise<string>;
}

/** What machines ask: whether the hub lives, with its time; whether it can serve; how it is doing. */
export function serveProbes(app: FastifyInstance, { ready, metrics }: ProbeParts): void {
  const open = { config: { access: 'open' }, schema: { hide: true } } as const;

  app.get('/healthz', open, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { status: 'ok', time: new Date().toISOString() };
  });

  app.get('/readyz', open, async () => {
    if (!ready()) throw new Refusal(503, 'the hub is starting or stopping', [], 1);
    return { status: 'ready' };
  });

  app.get('/metrics', open, async (request, reply) => {
    if (request.user === null && !isLoopback(request.ip)) throw unauthenticated();
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics());
  });
}
