import helmet from '@fastify/helmet';
import websocket from '@fastify/websocket';
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyPluginAsync, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { listenFailure } from '../listen-failure.ts';
import { type AuthParts, guard } from './auth.ts';
import { serveDashboard } from './dashboard.ts';
import { serveDocuments } from './documents.ts';
import { answerMalformed } from './malformed.ts';
import { serveProbes } from './probes.ts';
import { answerProblem, answerProblems } from './problems.ts';
import { HubRequest } from './upgrade.ts';

/** The largest body of a request that does not say otherwise, in bytes. */
const bodyLimit = 256 * 1024;

/** The largest message of a client over a WebSocket, in bytes: all of them go the other way. */
const maxPayload = 1024;

export interface ServerParts {
  readonly log: FastifyBaseLogger;
  readonly auth: AuthParts;
  /** Whether everything that requests need is running. */
  readonly ready: () => boolean;
  /** The metrics in the Prometheus text format. */
  readonly metrics: () => Promise<string>;
  /** Registers the routes of the capabilities; paths are below `/api/v1`. */
  readonly routes: FastifyPluginAsync;
}

/**
 * The hub's HTTP: the interface under `/api/v1`, its documents, the dashboard and the probes. It does not listen yet.
 * A proxy on this machine may say where a request came from; no other is believed.
 */
export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    loggerInstance: withoutChatter(parts.log),
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: 'loopback',
    bodyLimit,
    http: { IncomingMessage: HubRequest },
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true },
    // What fastify refuses before it has found a route, such as an address that is none.
    frameworkErrors: answerProblem,
    // And what Node refuses before there is a request.
    clientErrorHandler: answerMalformed,
  });
  takeEmptyJson(app);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerProblems(app);
  await app.register(helmet, { contentSecurityPolicy: { directives }, hsts: false });
  await app.register(websocket, { options: { maxPayload, perMessageDeflate: false } });
  await serveDocuments(app);
  await serveDashboard(app);
  await app.register(behindTheDoor, parts);
  await app.ready();
  return app;
}

const behindTheDoor: FastifyPluginAsync<ServerParts> = async (app, parts) => {
  await guard(app, parts.auth);
  serveProbes(app, parts);
  await app.register(parts.routes, { prefix: '/api/v1' });
};

/** fastify says itself that it listens, beside the line of the program that runs it. */
function withoutChatter(log: FastifyBaseLogger): FastifyBaseLogger {
  return log.level === 'info' ? log.child({}, { level: 'warn' }) : log;
}

/** Many clients name JSON as the type of every request, also of one without a body. */
function takeEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parse(request, String(body), done);
  });
}

/** Listens; answers the port. Throws one clear line when the port is taken or the address is not of this machine. */
export async function listen(app: FastifyInstance, { host, port }: { host: string; port: number }): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw listenFailure(error as NodeJS.ErrnoException, { host, port }, 'MANYI_HTTP');
  }
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** What a page of ours may load: only what the hub serves. The dashboard's components write their styles into the page. */
const directives = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  fontSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  objectSrc: ["'none'"],
  frameAncestors: ["'none'"],
  upgradeInsecureRequests: null,
};
