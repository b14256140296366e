import type { z } from 'zod';

/** The hub answered, and the answer is no. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** What the terminal asks of the hub over HTTP. Every call rejects after 10 s without an answer. */
export interface HubHttp {
  getJson<T>(path: string, schema: z.ZodType<T>): Promise<T>;
  getBytes(path: string): Promise<Buffer>;
  postJson<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T>;
}

const patienceMs = 10_000;

/** A caller of the hub at `url`. `credentials` are asked for at every call and sent as basic auth when there are any. */
export function createHubHttp(url: string, credentials: () => { username: string; password: string } | null): HubHttp {
  async function call(path: string, init: RequestInit = {}): Promise<Response> {
    const target = new URL(path.replace(/^\//, ''), url.endsWith('/') ? url : `${url}/`);
    const known = credentials();
    const authorization = known && `Basic ${Buffer.from(`${known.username}:${known.password}`).toString('base64')}`;
    const headers = { ...(authorization ? { authorization } : {}), 'content-type': 'application/json' };
    const response = await fetch(target, { ...init, headers, redirect: 'error', signal: AbortSignal.timeout(patienceMs) });
    if (response.ok) return response;
    throw new Refused(response.status, await detailOf(response));
  }
  return {
    getJson: async (path, schema) => schema.parse(await (await call(path)).json()),
    getBytes: async (path) => Buffer.from(await (await call(path)).arrayBuffer()),
    postJson: async (path, body, schema) => {
      const response = await call(path, { method: 'POST', body: JSON.stringify(body) });
      return schema.parse(await response.json());
    },
  };
}

/** The problem's own words (RFC 9457), or the bare status. */
async function detailOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => null);
  if (typeof body === 'object' && body !== null) {
    const { detail, title } = body as { detail?: unknown; title?: unknown };
    if (typeof detail === 'string') return detail;
    if (typeof title === 'string') return title;
  }
  return `the hub answered ${response.status}`;
}
