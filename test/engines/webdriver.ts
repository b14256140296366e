/**
 * The few commands of WebDriver (W3C Recommendation; sections cited below) that a visit takes. Its clients from npm have left the Node.js that
 * Manyi runs on, and bring drivers of other browsers along.
 */
export interface WebDriver {
  goTo(url: string): Promise<void>;
  /** Puts a piece of script into the page, and answers what it returns; it may be a promise. */
  run<T>(script: string): Promise<T>;
  /** Clicks what a selector of CSS finds first, as a mouse does; waits until it is there. */
  click(selector: string): Promise<void>;
  /** Types into it. */
  type(selector: string, text: string): Promise<void>;
  close(): Promise<void>;
}

/** How long is waited for an element. Milliseconds. */
const patienceMs = 20_000;
/** The name of an element's reference (section 12.1). */
const elementKey = 'element-6066-11e4-a52e-4f735466cecf';

/** Begins a session (section 8.1) with a driver that listens at an address. Answers it with what the browser says that it is. */
export async function openSession(
  driver: string,
  capabilities: object,
): Promise<{ readonly web: WebDriver; readonly browser: string }> {
  const { sessionId, capabilities: given } = await command<{
    sessionId: string;
    capabilities: { browserName: string; browserVersion: string };
  }>(driver, 'POST', '/session', { capabilities: { alwaysMatch: capabilities } });
  const ask = <T>(method: string, path: string, body?: object) =>
    command<T>(driver, method, `/session/${sessionId}${path}`, body);
  await ask('POST', '/timeouts', { implicit: patienceMs, script: patienceMs, pageLoad: patienceMs });
  const find = async (selector: string) =>
    (await ask<Record<string, string>>('POST', '/element', { using: 'css selector', value: selector }))[elementKey];
  return {
    browser: `${given.browserName} ${given.browserVersion}`,
    web: {
      goTo: (url) => ask('POST', '/url', { url }),
      run: (script) => ask('POST', '/execute/sync', { script, args: [] }),
      click: async (selector) => ask('POST', `/element/${await find(selector)}/click`, {}),
      type: async (selector, text) => ask('POST', `/element/${await find(selector)}/value`, { text }),
      close: () => ask('DELETE', ''),
    },
  };
}

/** Rejects with the error that the driver names (section 6.6). */
async function command<T>(driver: string, method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(`${driver}${path}`, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const { value } = (await answer.json()) as { value: T };
  if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value).slice(0, 500)}`);
  return value;
}
