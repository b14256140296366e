import { completeness, page, quarantined, quarantineReason, terminal } from '@manyi/config/api';
import { type Command, commandData, commandNames } from '@manyi/config/commands';
import { id } from '@manyi/config/ids';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Zones } from '../database/zones.ts';
import { askedSites, requireRole, requireSite, signedIn, siteScope } from '../http/auth.ts';
import { belowOf, pageQuery, toPage } from '../people/pages.ts';
import type { Commands } from './commands.ts';
import type { CompletenessStore, QuarantineRow } from './completeness/store.ts';
import type { Registry } from './registry.ts';
import type { TerminalRow, TerminalStore } from './store.ts';

export interface TerminalRoutesParts {
  readonly registry: Registry;
  readonly store: TerminalStore;
  readonly deliveries: CompletenessStore;
  readonly commands: Commands;
  readonly zones: Zones;
}

const admin = { onRequest: requireRole('administrator') };
const byTerminal = z.object({ terminal: id });
const tags = ['terminals'];
const listQuery = pageQuery.extend({ site: id.optional() });
const quarantineQuery = pageQuery.extend({ terminal: id.optional() });
const commandBody = z.discriminatedUnion('name', [
  z.object({ name: z.literal('next'), data: commandData.next.default({}) }),
  z.object({ name: z.literal('invite'), data: commandData.invite.default({}) }),
  z.object({ name: z.literal('end'), data: commandData.end.default({}) }),
  z.object({ name: z.literal('pause'), data: commandData.pause.default({}) }),
  z.object({ name: z.literal('resume'), data: commandData.resume.default({}) }),
  z.object({ name: z.literal('self-test'), data: commandData['self-test'].default({}) }),
]);

/** `/terminals`, what they have sent, and what of it could not be used. */
export const terminalRoutes: FastifyPluginAsyncZod<TerminalRoutesParts> = async (app, parts) => {
  const { registry, store, deliveries, commands, zones } = parts;

  /** The terminal of the path, for a user who may see its site. */
  function asked(request: FastifyRequest<{ Params: { terminal: string } }>): TerminalRow {
    const row = registry.find(request.params.terminal);
    requireSite(signedIn(request), row.site, 'terminal');
    return row;
  }

  app.get(
    '/terminals',
    { schema: { tags, summary: 'Terminals', querystring: listQuery, response: { 200: page(terminal) } } },
    async (request) => {
      const { cursor = '', limit, site } = request.query;
      const rows = await store.terminals(askedSites(signedIn(request), site, zones), cursor, limit + 1);
      const { items, next } = toPage(rows, limit, (row) => row.id);
      return { items: await Promise.all(items.map(registry.describe)), next };
    },
  );

  app.get(
    '/terminals/:terminal',
    { schema: { tags, summary: 'A terminal', params: byTerminal, response: { 200: terminal } } },
    async (request) => registry.describe(asked(request)),
  );

  app.patch(
    '/terminals/:terminal',
    {
      ...admin,
      schema: {
        tags,
        summary: 'Move a terminal to another counter of its site',
        params: byTerminal,
        body: z.object({ counter: id }),
        response: { 200: terminal },
      },
    },
    async (request) => {
      const { username } = signedIn(request);
      return registry.describe(await registry.move(request.params.terminal, request.body.counter, username));
    },
  );

  app.post(
    '/terminals/:terminal/revoke',
    {
      ...admin,
      schema: { tags, summary: "Take a terminal's credential away", params: byTerminal, response: { 200: terminal } },
    },
    async (request) => registry.describe(await registry.revoke(request.params.terminal, signedIn(request).username)),
  );

  app.delete(
    '/terminals/:terminal',
    { ...admin, schema: { tags, summary: 'Remove a terminal', params: byTerminal, response: { 204: z.null() } } },
    async (request, reply) => {
      await registry.remove(request.params.terminal, signedIn(request).username);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/terminals/:terminal/completeness',
    {
      schema: {
        tags,
        summary: 'Whether everything has come that a terminal made',
        description: '`day` is a date of its site; without it all days are meant.',
        params: byTerminal,
        querystring: z.object({ day: z.iso.date().optional() }),
        response: { 200: completeness },
      },
    },
    async (request) => registry.completeness(asked(request), request.query.day ?? null),
  );

  app.post(
    '/terminals/:terminal/commands',
    {
      schema: {
        tags,
        summary: 'Send a command of the clerk, or let the terminal try its parts',
        params: byTerminal,
        body: commandBody,
        response: { 202: z.object({ id: z.string(), name: z.enum(commandNames), expires: z.string() }) },
      },
    },
    async (request, reply) => {
      const { name, data } = request.body;
      const sent: Command = await commands.send(asked(request), name, data, signedIn(request).username);
      return reply.code(202).send({ id: sent.id, name: sent.name, expires: sent.expires });
    },
  );

  app.get(
    '/quarantine',
    {
      schema: {
        tags,
        summary: 'What could not be used, newest first',
        querystring: quarantineQuery,
        response: { 200: page(quarantined) },
      },
    },
    async (request) => {
      const { cursor, limit, terminal: of = null } = request.query;
      const rows = await deliveries.quarantine(siteScope(signedIn(request)), of, belowOf(cursor), limit + 1);
      return toPage(rows.map(toQuarantined), limit, (row) => String(row.id));
    },
  );
};

const shownCharacters = 2000;

function toQuarantined({ id: key, terminal: from, topic, reason, detail, arrived, bytes, payload }: QuarantineRow) {
  return {
    id: key,
    terminal: from,
    topic,
    reason: quarantineReason.parse(reason),
    detail,
    arrived: new Date(arrived).toISOString(),
    bytes,
    text: payload.toString('utf8', 0, shownCharacters * 4).slice(0, shownCharacters),
  };
}
