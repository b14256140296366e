import { page } from '@manyi/config/api';
import {
  asDelivered,
  auditEntry,
  auditedAct,
  type Hearing,
  hearing,
  type OwnHearing,
  ownHearing,
} from '@manyi/config/audit';
import { clerkId, uuid } from '@manyi/config/ids';
import { startOfDay, toRfc3339 } from '@manyi/config/zone';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { conflict, forbidden } from '../errors.ts';
import { requireRole, signedIn, siteScope } from '../http/auth.ts';
import { belowOf, pageQuery, toPage } from '../people/pages.ts';
import type { AuditStore, HearingRow } from './store.ts';

const tags = ['audit'];
const auditQuery = pageQuery.extend({
  clerk: clerkId.optional(),
  recording: uuid.optional(),
  what: auditedAct.optional(),
});

/** `/audit`: who heard, took and decided what. There is nothing here that writes. */
export const auditRoutes: FastifyPluginAsyncZod<{ store: AuditStore; now: () => number }> = async (
  app,
  { store, now },
) => {
  const byClerk = z.object({ clerk: clerkId });

  app.get(
    '/audit',
    {
      onRequest: requireRole('administrator'),
      schema: {
        tags,
        summary: 'The audit log, newest first',
        description:
          'Each entry carries the hash of the one before it. `npm run hub -- --verify-audit` checks them all, in the data folder or ' +
          'in a copy of its database.',
        querystring: auditQuery,
        response: { 200: page(auditEntry) },
      },
    },
    async (request) => {
      const { cursor, limit, clerk = null, recording = null, what = null } = request.query;
      const filter = { clerk, recording: recording?.toLowerCase() ?? null, what };
      return toPage(store.page(filter, belowOf(cursor), limit + 1), limit, (entry) => String(entry.position));
    },
  );

  app.get(
    '/audit/clerks/:clerk',
    {
      schema: {
        tags,
        summary: 'Who listened to the recordings of a clerk, or in to their counter, newest first',
        description:
          'For supervisors, to the minute: what the clerk may see of it is `/audit/clerks/{clerk}/own`. Users see what belongs to their sites.',
        params: byClerk,
        querystring: pageQuery,
        response: { 200: page(hearing) },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const rows = store.hearings(
        request.params.clerk,
        { sites: siteScope(signedIn(request)) },
        belowOf(cursor),
        limit + 1,
      );
      return toPage(rows.map(toHearing), limit, (entry) => String(entry.position));
    },
  );

  app.get(
    '/audit/clerks/:clerk/own',
    {
      config: { access: 'terminal' },
      schema: {
        tags,
        summary: 'Who listened to a clerk, for the terminal at which they are on duty, newest first',
        description:
          'For the clerk themself, wherever it was. Of plays and downloads those of today are left out, and of others `time` is the start of ' +
          'the day, in which they stand behind the listenings; a page holds whole days, and so may be longer than asked for: they follow bad ratings soon, and would say who gave them. 409 `not-on-duty` unless the ledger has that clerk on duty at the terminal that asks.',
        params: byClerk,
        querystring: pageQuery,
        response: { 200: page(ownHearing) },
      },
    },
    async (request) => {
      const { clerk } = request.params;
      const { cursor, limit } = request.query;
      if (request.terminal === null)
        throw forbidden('only the terminal at which the clerk is on duty may ask for this');
      if (!store.isOnDuty(clerk, request.terminal)) {
        throw conflict('not-on-duty', 'the hub does not know that this clerk is on duty at this terminal');
      }
      const zone = store.zones.of(request.terminal.site);
      const told = { sites: null, playsBefore: startOfDay(now(), zone) };
      const read = (below: number) => store.hearings(clerk, told, below, limit + 1);
      const { items, next } = toDays(read, belowOf(cursor), limit, zone);
      return { items: items.map(toOwn).map(withoutMinute(zone)).toSorted(playsLast(zone)), next };
    },
  );
};

function toHearing(row: HearingRow): Hearing {
  const { site, counter, service, recording } = row;
  const { name: _, ...own } = toOwn(row);
  return { ...own, site, counter, service, recording };
}

/** Whole days, so that no end of a page stands between two listenings and says when the play beside it was: a page may be longer than its limit. */
function toDays(read: (below: number) => HearingRow[], below: number, limit: number, zone: string) {
  const rows = read(below);
  const dayOf = (row: HearingRow | undefined) => (row === undefined ? null : startOfDay(row.at, zone));
  const lastDay = dayOf(rows[limit - 1]);
  for (let last = rows.at(-1); last !== undefined && rows.length > limit && dayOf(last) === lastDay; ) {
    const more = read(last.position);
    rows.push(...more);
    last = more.at(-1);
  }
  const items = rows.filter((row, index) => index < limit || dayOf(row) === lastDay);
  return { items, next: rows.length > items.length ? String(items.at(-1)?.position) : null };
}

/** A listening was seen on the lamp as it went on; a play says of the customers before it which one was looked into. */
function withoutMinute(zone: string): (hearing: OwnHearing) => OwnHearing {
  return (hearing) =>
    hearing.what === 'listening.start'
      ? hearing
      : { ...hearing, time: toRfc3339(startOfDay(Date.parse(hearing.time), zone), zone) };
}

/** Of a day, the listenings and then the plays: by its place between two of them a play would have its minute again. */
function playsLast(zone: string): (one: OwnHearing, other: OwnHearing) => number {
  const day = ({ time }: OwnHearing) => startOfDay(Date.parse(time), zone);
  const isPlay = ({ what }: OwnHearing) => Number(what !== 'listening.start');
  return (one, other) => day(other) - day(one) || isPlay(one) - isPlay(other);
}

function toOwn({ position, at, who, name, what, why, endedAfterMs, endedBy, endDetail }: HearingRow): OwnHearing {
  return {
    position,
    time: new Date(at).toISOString(),
    who,
    name,
    what: hearing.shape.what.parse(what),
    why,
    lastedMs: endedAfterMs,
    ended: endedBy !== null || what === 'recording.download',
    atMost: endDetail === asDelivered,
  };
}
