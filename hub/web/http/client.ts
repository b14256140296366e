import { type Problem, page, problem } from '@manyi/config/api';
import { maxPageItems } from '@manyi/config/limits';
import { z } from 'zod';

// The content security policy forbids the code that zod would otherwise generate.
z.config({ jitless: true });

const base = '/api/v1';

export type Query = Readonly<Record<string, string | number | null | undefined>>;

/** What the hub refused, as its problem details say. `status` is 0 when no hub answered, -1 when its answer could not be read. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(of: Problem) {
    super(of.detail ?? of.title);
    this.name = 'ProblemError';
    this.problem = of;
  }

  get status(): number {
    return this.problem.status;
  }
}

/** The address of a resource below `/api/v1`; empty values are left out. */
export function address(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? `${base}${path}` : `${base}${path}?${text}`;
}

/** Reads one resource. Throws `ProblemError`. */
export async function read<T extends z.ZodType>(schema: T, path: string, query: Query = {}): Promise<z.infer<T>> {
  const answer = await ask(address(path, query), { headers: { accept: 'application/json' } });
  return parse(schema, answer);
}

/** Reads a list to its end, page by page. Throws `ProblemError`. */
export async function readAll<T extends z.ZodType>(item: T, path: string, query: Query = {}): Promise<z.infer<T>[]> {
  const items: z.infer<T>[] = [];
  let cursor: string | null = null;
  do {
    const part: { items: unknown[]; next: string | null } = await read(page(item), path, {
      limit: maxPageItems,
      ...query,
      cursor,
    });
    items.push(...(part.items as z.infer<T>[]));
    cursor = part.next;
  } while (cursor !== null);
  return items;
}

/** Sends a body (an object as JSON, anything else as it is) and reads the answer. Throws `ProblemError`. */
export async function send<T extends z.ZodType>(
  schema: T,
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
  type?: string,
): Promise<z.infer<T>> {
  const answer = await ask(address(path), { method, ...content(body, type) });
  return parse(schema, answer);
}

/** For answers whose body does not matter. */
export const nothing = z.unknown();

function content(body: object | undefined, type: string | undefined): RequestInit {
  if (body === undefined) return {};
  if (body instanceof Blob) return { body, headers: { 'content-type': type ?? body.type } };
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

/** Asks the hub. Throws `ProblemError` when it does not answer, or refuses. */
export async function ask(url: string, init: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(url, { credentials: 'same-origin', ...init });
  } catch {
    throw new ProblemError({ type: 'about:blank', title: 'unreachable', status: 0 });
  }
  if (!answer.ok) throw await refused(answer);
  return answer;
}

async function refused(answer: Response): Promise<ProblemError> {
  const body = problem.safeParse(await answer.json().catch(() => null));
  if (body.success) return new ProblemError(body.data);
  return new ProblemError({ type: 'about:blank', title: answer.statusText, status: answer.status });
}

async function parse<T extends z.ZodType>(schema: T, answer: Response): Promise<z.infer<T>> {
  const text = await answer.text();
  const result = schema.safeParse(text === '' ? null : json(text));
  if (result.success) return result.data;
  throw new ProblemError({
    type: 'about:blank',
    title: 'unreadable',
    status: -1,
    detail: result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
