import swagger, { type SwaggerTransform } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { problem } from '@manyi/config/api';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { asyncApi } from './asyncapi.ts';
import { sessionCookie } from './auth.ts';

/** Serves what a reader needs: OpenAPI for HTTP, AsyncAPI for the topics, and a page to try the former. */
export async function serveDocuments(app: FastifyInstance): Promise<void> {
  await app.register(swagger, { openapi, transform });
  await app.register(swaggerUi, { routePrefix: '/docs' });
  const hidden = { schema: { hide: true } };
  app.get('/api/v1/openapi.json', hidden, async () => app.swagger());
  app.get('/api/v1/asyncapi.json', hidden, async () => asyncApi());
}

const openapi = {
  openapi: '3.1.0',
  info: {
    title: 'Manyi',
    version: '1',
    description: 'Service evaluation at the counter. Errors are problem details (RFC 9457).',
  },
  components: {
    schemas: { Problem: z.toJSONSchema(problem, { target: 'draft-2020-12' }) as object },
    securitySchemes: {
      token: { type: 'http', scheme: 'bearer', description: 'the token of POST /api/v1/login' },
      cookie: { type: 'apiKey', in: 'cookie', name: sessionCookie },
      terminal: { type: 'http', scheme: 'basic', description: 'the credential of POST /api/v1/enrol' },
    },
  },
} as const;

const problemAnswer = {
  description: 'Anything that went wrong',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

/** Adds to each route what holds for all of its kind: who may come in, and how a refusal looks. */
const transform: SwaggerTransform = (given) => {
  const { schema, url } = jsonSchemaTransform(given as Parameters<typeof jsonSchemaTransform>[0]);
  if (schema.hide) return { schema, url };
  const { access = 'user' } = given.route.config ?? {};
  const users = [{ token: [] }, { cookie: [] }];
  const security = { open: [], user: users, terminal: [...users, { terminal: [] }] }[access];
  const response = { ...(schema.response as object | undefined), default: problemAnswer };
  return { schema: { ...schema, security, response }, url };
};
