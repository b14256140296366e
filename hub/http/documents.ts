import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { asyncApi } from './asyncapi.ts';

/** Serves what a reader needs: OpenAPI for HTTP, AsyncAPI for the topics, and a page to try the former. */
export async function serveDocuments(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Manyi',
        version: '1',
        description: 'Service evaluation at the counter. Errors are problem details (RFC 9457).',
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'the token of POST /api/v1/login' },
          cookie: { type: 'apiKey', in: 'cookie', name: 'manyi_session' },
        },
      },
      security: [{ token: [] }, { cookie: [] }],
    },
    transform: jsonSchemaTransform,
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true, uiConfig: { persistAuthorization: false } });
  const hidden = { schema: { hide: true } };
  app.get('/api/v1/openapi.json', hidden, async () => app.swagger());
  app.get('/api/v1/asyncapi.json', hidden, async () => asyncApi());
}
