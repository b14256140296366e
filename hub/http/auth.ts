import cookie from '@fastify/cookie';
import type { Me, Role } from '@manyi/config/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { forbidden, notFound, unauthenticated } from '../errors.ts';
import { type Asker, watchBeyond } from './beyond.ts';
import { answerProblem } from './problems.ts';
import { createThrottle, type Throttle } from './throttle.ts';

/*
 * Who may do what over HTTP.
 *
 * Every route wants a signed-in user unless its options say otherwise:
 *
 *   app.get('/scores', { … }, (request) => { const user = signedIn(request); … })   any user
 *   app.post('/sites', { onRequest: requireRole('administrator'), … }, …)           administrators only
 *   app.get('/healthz', { config: { access: 'open' }, … }, …)                       anybody
 *   app.get('/sites/:site/roster', { config: { access: 'terminal' }, … }, …)        users, and terminals by basic auth
 *
 * `siteScope(user)` is the list of sites that a user may see, null for all; `requireSite(user, site)` answers 404 for a foreign one;
 * `askedSites(user, site, zones)` is the sites of a list, of which one may be asked for.
 *
 * There is one kind of secret: an opaque random token. The browser holds it in a cookie that scripts cannot read, a program sends
 * it as a bearer; the hub keeps its hash in one table, and signing out deletes that row. A session library would keep a second
 * kind beside it for programs, and has nothing to keep in a session here but the user's name.
 */

declare module 'fastify' {
  interface FastifyRequest {
    /** The signed-in user, or null. Behind a route's door use `signedIn(request)`. */
    user: Me | null;
    /** The terminal that came with basic auth, on routes with `access: 'terminal'`. */
    terminal: SignedInTerminal | null;
    /** The token that the request was signed in with. */
    token: string | null;
  }
  interface FastifyContextConfig {
    /** Who passes: signed-in users (the default), also terminals, or everybody. */
    access?: 'user' | 'terminal' | 'open';
  }
}

export interface SignedInTerminal {
  readonly site: string;
  readonly terminal: string;
}

/** What the door asks of others: who a token, or a terminal's name and password, belongs to. */
export interface AuthParts {
  readonly userOfToken: (token: string) => Me | null;
  readonly terminalOf: (username: string, password: string) => SignedInTerminal | null;
}

export const sessionCookie = 'manyi_session';

/** Puts the door before every route that is registered in this instance, or inside it, afterwards. */
export async function guard(app: FastifyInstance, parts: AuthParts): Promise<void> {
  await app.register(cookie);
  app.decorateRequest('user', null);
  app.decorateRequest('terminal', null);
  app.decorateRequest('token', null);
  const foreign = createThrottle();
  const wrong = createThrottle();
  const beyond = watchBeyond();
  app.setErrorHandler(async (error, request, reply) =>
    answerProblem(await beyond(error, request, askerOf(request)), request, reply),
  );
  app.addHook('onRequest', async (request) => {
    const byCookie = identify(request, parts);
    const access = request.routeOptions.config.access ?? 'user';
    if ((byCookie || access === 'open') && !isSameOrigin(request)) await refuseForeign(request, foreign);
    if (access === 'open' || request.user !== null) return;
    if (access === 'terminal' && request.terminal !== null) return;
    if (request.terminal === null) await countWrongTerminal(request, wrong);
    throw unauthenticated();
  });
}

/** The user that the door let in. */
export function signedIn(request: FastifyRequest): Me {
  if (request.user === null) throw unauthenticated();
  return request.user;
}

/** A route option: only these roles pass. */
export function requireRole(...roles: readonly Role[]): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    if (!roles.includes(signedIn(request).role)) throw forbidden();
  };
}

/** The sites that a user may see, null for all. */
export function siteScope(user: Me): readonly string[] | null {
  return user.role === 'administrator' ? null : user.sites;
}

/** Whether a user may see a site. */
export function maySee(user: Me, site: string): boolean {
  const scope = siteScope(user);
  return scope === null || scope.includes(site);
}

/** The sites that a list is about: the one that was asked for, or all that the user may see, null for all. Answers 404 for one that is not there. */
export function askedSites(
  user: Me,
  site: string | undefined,
  known: { has(site: string): boolean },
): readonly string[] | null {
  if (site === undefined) return siteScope(user);
  if (!known.has(site)) throw notFound('site');
  requireSite(user, site);
  return [site];
}

/** Answers 404 for a site that the user may not see, as for one that does not exist; `what` is what they asked for. */
export function requireSite(user: Me, site: string, what = 'site'): void {
  if (!maySee(user, site)) throw notFound(what);
}

/** Gives the browser its token: unreadable to scripts, never sent along from other sites. */
export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, token: string, expires: number): void {
  reply.setCookie(sessionCookie, token, { ...cookieOptions(request), expires: new Date(expires) });
}

/** Takes the browser's token away. */
export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(sessionCookie, cookieOptions(request));
}

function cookieOptions(request: FastifyRequest) {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: request.protocol === 'https' } as const;
}

/** Who asks, and what they may see. */
function askerOf({ user, terminal }: FastifyRequest): Asker | null {
  if (user !== null) return { name: user.username, sites: siteScope(user) };
  return terminal === null ? null : { name: terminal.terminal, sites: [terminal.site] };
}

/** Finds out who asks; answers whether it was the browser's cookie that said so. */
function identify(request: FastifyRequest, parts: AuthParts): boolean {
  const [scheme = '', credentials = ''] = (request.headers.authorization ?? '').split(' ', 2);
  const held = request.cookies[sessionCookie];
  if (scheme.toLowerCase() === 'bearer') takeToken(request, parts, credentials);
  else if (scheme.toLowerCase() === 'basic') request.terminal = terminalOfBasic(credentials, parts);
  else if (held !== undefined) {
    takeToken(request, parts, held);
    return request.user !== null;
  }
  return false;
}

function takeToken(request: FastifyRequest, parts: AuthParts, token: string): void {
  request.user = parts.userOfToken(token);
  request.token = request.user === null ? null : token;
}

function terminalOfBasic(credentials: string, parts: AuthParts): SignedInTerminal | null {
  const text = Buffer.from(credentials, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? null : parts.terminalOf(text.slice(0, colon), text.slice(colon + 1));
}

/** Where a terminal's name and password were wrong: says so in the log, and throws 429 after a few in a row. A right one never comes here. */
async function countWrongTerminal(request: FastifyRequest, throttle: Throttle): Promise<void> {
  const [scheme = '', credentials = ''] = (request.headers.authorization ?? '').split(' ', 2);
  if (scheme.toLowerCase() !== 'basic') return;
  const [name = ''] = Buffer.from(credentials, 'base64').toString().split(':', 1);
  await throttle.attempt(request.ip, name, async () => {
    const said = { address: request.ip, route: request.routeOptions.url };
    request.log.warn(said, 'a wrong terminal name or password was refused');
    return null;
  });
}

/** Refuses a page of another site; after a few in a row no longer says so in the log. */
async function refuseForeign(request: FastifyRequest, throttle: Throttle): Promise<never> {
  await throttle.attempt(request.ip, 'foreign', async () => {
    request.log.warn({ address: request.ip, route: request.routeOptions.url }, 'a page of another site was refused');
    return null;
  });
  throw forbidden('the request comes from another site');
}

/**
 * Against forged requests: browsers name the page that an unsafe request comes from, and it must be ours. A program that sends
 * neither header is no browser, and nobody rides on its cookie.
 */
function isSameOrigin(request: FastifyRequest): boolean {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  // A page of another site may open a WebSocket here, and would read what it says.
  if (isRead && request.headers.upgrade === undefined) return true;
  if (request.headers['sec-fetch-site'] === 'same-origin') return true;
  const origin = request.headers.origin;
  if (origin === undefined) return request.headers['sec-fetch-site'] === undefined;
  return URL.canParse(origin) && new URL(origin).host === request.host;
}
