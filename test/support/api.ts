/** A signed-in program speaking HTTP with a hub. */
export interface Api {
  readonly token: string;
  /** Sends a request below `/api/v1` and gives the answer's body; fails on any other status than success. */
  readonly call: <T = unknown>(method: string, path: string, body?: unknown) => Promise<T>;
  readonly get: <T = unknown>(path: string) => Promise<T>;
  readonly post: <T = unknown>(path: string, body: unknown) => Promise<T>;
}

export const adminPassword = 'only-for-tests-1';

/** Signs in as the first administrator of a test hub. */
export async function signIn(hub: string): Promise<Api> {
  const { token } = await send<{ token: string }>(hub, 'POST', '/login', {
    username: 'admin',
    password: adminPassword,
  });
  const call = <T>(method: string, path: string, body?: unknown) => send<T>(hub, method, path, body, token);
  return { token, call, get: (path) => call('GET', path), post: (path, body) => call('POST', path, body) };
}

async function send<T>(hub: string, method: string, path: string, body?: unknown, token?: string): Promise<T> {
  const response = await fetch(`${hub}/api/v1${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Waits until what is asked for is as expected; fails with what it was at last. */
export async function eventually<T>(
  ask: () => Promise<T>,
  expected: (value: T) => boolean,
  withinMs = 30_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const value = await ask();
    if (expected(value)) return value;
    if (Date.now() > deadline) throw new Error(`it stayed ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
