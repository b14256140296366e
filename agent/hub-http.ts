import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { problem } from '@manyi/config/api';
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
/** Far above any roster or picture: an answer that is larger is not the hub's. */
const maxAnswerBytes = 16 * 1024 * 1024;

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** A caller of the hub at `url`. `credentials` are asked for at every call and sent as basic auth when there are any. */
export function createHubHttp(url: string, credentials: () => { username: string; password: string } | null): HubHttp {
  async function call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Buffer> {
    const target = new URL(path.replace(/^\//, ''), url.endsWith('/') ? url : `${url}/`);
    const known = credentials();
    const headers = {
      ...(known && { authorization: `Basic ${Buffer.from(`${known.username}:${known.password}`).toString('base64')}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const answer = await send(target, { method, headers }, body === undefined ? '' : JSON.stringify(body));
    if (answer.status >= 200 && answer.status < 300) return answer.body;
    throw new Refused(answer.status, detailOf(answer));
  }
  return {
    getJson: async (path, schema) => schema.parse(JSON.parse((await call('GET', path)).toString())),
    getBytes: (path) => call('GET', path),
    postJson: async (path, body, schema) => schema.parse(JSON.parse((await call('POST', path, body)).toString())),
  };
}

/** Node's own client, because `fetch` costs a small terminal a quarter of its memory. */
function send(target: URL, options: RequestOptions, body: string): Promise<Answer> {
  const request = target.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const asked = request(target, { ...options, signal: AbortSignal.timeout(patienceMs) }, (response) => {
      read(response).then((bytes) => resolve({ status: response.statusCode ?? 0, body: bytes }), reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

async function read(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxAnswerBytes) throw new Error("the answer is too large to be the hub's");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The problem's own words (RFC 9457), or the bare status. */
function detailOf({ status, body }: Answer): string {
  const result = problem.partial().safeParse(parse(body));
  return result.data?.detail ?? result.data?.title ?? `the hub answered ${status}`;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return null;
  }
}
