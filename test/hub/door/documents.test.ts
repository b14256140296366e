import { expect, test } from 'vitest';
import { openDoor } from './door.ts';

type Schema = Record<string, unknown>;
interface Operation {
  readonly summary?: string;
  readonly security: Record<string, string[]>[];
  readonly responses: Record<string, { content?: Schema }>;
}
interface OpenApi {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Schema; securitySchemes: Schema };
}

/** Every `$ref` in a document. */
function references(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) =>
    name === '$ref' && typeof value === 'string' ? [value] : references(value),
  );
}

/** What a reference within a document points to. */
function follow(document: unknown, reference: string): unknown {
  const steps = reference.replace(/^#\//, '').split('/');
  return steps.reduce<unknown>((part, step) => (part as Schema | undefined)?.[step], document);
}

test('OpenAPI describes every route of the contract, who may use it and how refusals look', async () => {
  const door = await openDoor();
  const document = (await door.ask('GET', '/openapi.json')).body as OpenApi;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, ...operation })),
  );
  const names = operations.map((operation) => operation.name.replace('/api/v1', ''));

  expect(document.openapi).toBe('3.1.0');
  for (const promised of [
    ...['post /login', 'post /logout', 'get /me', 'get /scores', 'get /live', 'get /ratings', 'get /services/{id}'],
    ...['get /sites', 'post /sites', 'get /counters', 'post /counters', 'get /clerks', 'post /clerks'],
    ...[
      'get /badges',
      'post /badges',
      'get /users',
      'post /users',
      'get /terminals',
      'post /enrolments',
      'post /enrol',
    ],
    ...['get /terminals/{terminal}/completeness', 'get /quarantine', 'get /alerts', 'get /sites/{site}/roster'],
  ]) {
    expect(names).toContain(promised);
  }
  for (const { name, summary, responses, security } of operations) {
    expect([name, summary]).toEqual([name, expect.any(String)]);
    expect([name, Object.keys(responses)]).toEqual([name, expect.arrayContaining(['default'])]);
    for (const scheme of security.flatMap((choice) => Object.keys(choice))) {
      expect(document.components.securitySchemes).toHaveProperty(scheme);
    }
  }
  const open = operations.filter((operation) => operation.security.length === 0).map((operation) => operation.name);
  expect(open.sort()).toEqual(['get /api/v1/setup', 'post /api/v1/enrol', 'post /api/v1/login', 'post /api/v1/setup']);
  for (const reference of references(document)) expect(follow(document, reference)).toBeDefined();
});

test('what OpenAPI calls closed is closed', async () => {
  const door = await openDoor();
  const document = (await door.ask('GET', '/openapi.json')).body as OpenApi;
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { security }] of Object.entries(methods)) {
      if (security.length === 0) continue;
      const answer = await door.ask(method.toUpperCase(), path.replace('/api/v1', '').replace(/\{\w+\}/g, 'x'));
      expect([method, path, answer.status]).toEqual([method, path, 401]);
    }
  }
});

test('AsyncAPI describes every topic', async () => {
  const door = await openDoor();
  const document = (await door.ask('GET', '/asyncapi.json')).body as {
    asyncapi: string;
    channels: Record<string, { address: string }>;
    operations: Record<string, { action: string }>;
  };
  expect(document.asyncapi).toMatch(/^3\./);
  expect(Object.values(document.channels).map((channel) => channel.address)).toEqual([
    ...['events', 'receipts', 'status', 'commands', 'settings'].map((name) => `manyi/v1/{site}/{terminal}/${name}`),
    'manyi/v1/{site}/roster',
    'manyi/v1/{site}/{terminal}/audio',
  ]);
  expect(document.operations['events']?.action).toBe('receive');
  expect(document.operations['receipts']?.action).toBe('send');
  for (const reference of references(document)) expect(follow(document, reference)).toBeDefined();
});

test('probes: alive with its time, ready, and metrics for this machine', async () => {
  const door = await openDoor();
  const get = async (path: string, headers: Record<string, string> = {}) => fetch(`${door.url}${path}`, { headers });
  const health = (await (await get('/healthz')).json()) as { status: string; time: string };
  expect(health.status).toBe('ok');
  expect(new Date(health.time).toISOString()).toBe(health.time);
  expect((await get('/readyz')).status).toBe(200);
  expect(await (await get('/metrics')).text()).toMatch(/^manyi_ledger_position \d+$/m);
  expect((await get('/metrics', { 'x-forwarded-for': '192.0.2.7' })).status).toBe(401);
});

test('pages may load what the hub serves, and nothing else', async () => {
  const door = await openDoor();
  const page = await fetch(`${door.url}/docs/`, { headers: { accept: 'text/html' } });
  expect(page.status).toBe(200);
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toMatch(/script-src 'self'(;|$)/);
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
});
