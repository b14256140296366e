import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { openPageFiles, type PageFiles } from './files.ts';
import { type AskWhoHeard, sendHeard } from './heard.ts';
import { readInput, type ScreenInput } from './input.ts';
import { isOwnHost, isOwnOrigin } from './origin.ts';
import { sendPhoto } from './photo.ts';
import type { ScreenMessage, ScreenView } from './view.ts';

export interface ScreenOptions {
  /** The TCP port on 127.0.0.1; 0 for any free one. */
  readonly port: number;
  /** What to show now. Asked after every `update()`, every input and every two seconds. */
  readonly view: () => ScreenView;
  /**
   * Carries out an input, and is done when what came of it is safe. When it throws or rejects the customer is told that
   * nothing was kept; the cause is for the callee to report.
   */
  readonly onInput: (input: ScreenInput) => Promise<void> | void;
  /** The picture of a clerk (JPEG, PNG or WebP); null without one. */
  readonly photo?: (clerk: string) => Promise<Buffer | null> | Buffer | null;
  /** Who has listened to the clerk on duty. */
  readonly heard?: AskWhoHeard;
}

/** A running counter screen. */
export interface Screen {
  /** `http://127.0.0.1:8090` */
  readonly address: string;
  /** Shows the view as it is now. */
  update(): void;
  /** Stops serving and lets go of the port. */
  close(): Promise<void>;
}

/** How often an open page hears from its agent, in milliseconds: a page that does not says that it is stale. */
const heartbeatMs = 2000;

/** Far above any input; a larger message is not the page's. */
const maxInputBytes = 4096;

/**
 * The page and its pictures come from here and nowhere else, and nothing may frame it. Styles and scripts are files: text that
 * reaches the page can be neither. No other page on the machine may show the clerk's picture.
 */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * Serves the counter screen to this machine alone. Throws an Error of one line when the port is taken.
 */
export async function createScreen(options: ScreenOptions): Promise<Screen> {
  const files = openPageFiles();
  const server = createServer();
  const port = await listen(server, options.port);
  server.on('request', (request, response) => void answer(options, files, port, request, response));
  const pages = servePages(server, port, options, files.edition);
  return { address: `http://127.0.0.1:${port}`, ...pages };
}

function servePages(server: Server, port: number, options: ScreenOptions, edition: string): Omit<Screen, 'address'> {
  const sockets = new WebSocketServer({
    server,
    path: '/screen',
    maxPayload: maxInputBytes,
    perMessageDeflate: false,
    verifyClient: ({ origin, req }: { origin: string; req: IncomingMessage }) =>
      isOwnOrigin(origin, req.headers.host, port),
  });
  const told = new WeakMap<WebSocket, Pick<ScreenMessage, 'heard' | 'kept'>>();
  const show = (socket: WebSocket, view: ScreenView) => {
    const message: ScreenMessage = { view, edition, ...(told.get(socket) ?? { heard: 0, kept: true }) };
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const update = () => {
    if (sockets.clients.size === 0) return;
    const view = options.view();
    for (const socket of sockets.clients) show(socket, view);
  };
  sockets.on('connection', (socket) => {
    // A broken connection also closes, and the page opens another: there is nothing to mend here.
    socket.on('error', () => socket.terminate());
    socket.on('message', async (data) => {
      const message = readInput(String(data));
      if (message === null) return socket.close(1008, 'not an input of this screen');
      const kept = await carryOut(options, message.input);
      told.set(socket, { heard: message.number, kept });
      show(socket, options.view());
    });
    show(socket, options.view());
  });
  const heartbeat = setInterval(update, heartbeatMs);
  const close = async () => {
    clearInterval(heartbeat);
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  };
  return { update, close };
}

async function carryOut(options: ScreenOptions, input: ScreenInput): Promise<boolean> {
  try {
    await options.onInput(input);
    return true;
  } catch {
    return false;
  }
}

async function answer(
  options: ScreenOptions,
  files: PageFiles,
  port: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (!isOwnHost(request.headers.host, port)) {
    response.writeHead(421).end('This screen is served to its own machine only\n');
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
  } else if (request.url?.startsWith('/photo?')) {
    sendPhoto(response, await photoOnDuty(options));
  } else if (options.heard !== undefined && /^\/heard(\?|$)/.test(request.url ?? '')) {
    await sendHeard(response, String(request.url), options.heard);
  } else {
    files.serve(request, response);
  }
}

/** Of the clerk on duty only: the screen gives away nobody else. */
async function photoOnDuty({ view, photo }: ScreenOptions): Promise<Buffer | null> {
  const clerk = view().clerk;
  if (clerk === null || photo === undefined) return null;
  try {
    return await photo(clerk.id);
  } catch {
    // A picture that cannot be read is shown as none: the counter goes on without it.
    return null;
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(taken ? new Error(`Port ${port} is taken: set MANYI_SCREEN_PORT to a free one`) : error);
    });
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
