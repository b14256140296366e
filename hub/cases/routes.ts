import { page } from '@manyi/config/api';
import { caseClosing, caseReopening, caseState, newCase, oneCase } from '@manyi/config/cases';
import { id, uuid } from '@manyi/config/ids';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { notFound } from '../errors.ts';
import { askedSites, requireSite, signedIn } from '../http/auth.ts';
import { belowOf, pageQuery, toPage } from '../people/pages.ts';
import { type CaseRecord, toCase } from './case.ts';
import type { FollowUp } from './follow-up.ts';
import type { CaseStore } from './store.ts';

const byNumber = z.object({ number: z.coerce.number().int().min(1) });
const caseQuery = pageQuery.extend({ site: id.optional(), state: caseState.optional(), service: uuid.optional() });
const tags = ['cases'];
const answer = { 200: oneCase };

/** `/cases`: the follow-up of services, for whoever may see them. */
export const caseRoutes: FastifyPluginAsyncZod<{ followUp: FollowUp; store: CaseStore }> = async (
  app,
  { followUp, store },
) => {
  const shown = (record: CaseRecord) => toCase(record, store.zones.of(record.site));

  /** The case of the path, for a user who may see its site. */
  function asked(request: FastifyRequest<{ Params: { number: number } }>): CaseRecord {
    const record = store.find(request.params.number);
    if (record === null) throw notFound('case');
    requireSite(signedIn(request), record.site, 'case');
    return record;
  }

  app.get(
    '/cases',
    {
      schema: {
        tags,
        summary: 'The cases, newest first',
        description: 'The follow-up of services. A bad rating opens one by itself (`openedBy` is null), and users do.',
        querystring: caseQuery,
        response: { 200: page(oneCase) },
      },
    },
    async (request) => {
      const { cursor, limit, site, state = null, service = null } = request.query;
      const filter = { sites: askedSites(signedIn(request), site, store.zones), state, service };
      const { items, next } = toPage(store.list(filter, belowOf(cursor), limit + 1), limit, ({ number }) =>
        String(number),
      );
      return { items: items.map(shown), next };
    },
  );

  app.post(
    '/cases',
    {
      schema: {
        tags,
        summary: 'Open a case on a service',
        description: 'A service has at most one: one that is closed is opened again.',
        body: newCase,
        response: { 201: oneCase },
      },
    },
    async (request, reply) => {
      const user = signedIn(request);
      const { service, note } = request.body;
      const site = store.siteOf(service);
      if (site === null) throw notFound('service');
      requireSite(user, site, 'service');
      return reply.code(201).send(shown(followUp.open(service, note, user.username)));
    },
  );

  app.get(
    '/cases/:number',
    { schema: { tags, summary: 'A case', params: byNumber, response: answer } },
    async (request) => shown(asked(request)),
  );

  app.post(
    '/cases/:number/close',
    {
      schema: {
        tags,
        summary: 'Close a case',
        description:
          'With its cause, what shows that it was seen to (`evidence`), and either the customer’s `answer` or, in `noAnswer`, why there is none.',
        params: byNumber,
        body: caseClosing,
        response: answer,
      },
    },
    async (request) => shown(followUp.close(asked(request).number, request.body, signedIn(request).username)),
  );

  app.post(
    '/cases/:number/reopen',
    {
      schema: { tags, summary: 'Open a closed case again', params: byNumber, body: caseReopening, response: answer },
    },
    async (request) => shown(followUp.reopen(asked(request).number, request.body.note, signedIn(request).username)),
  );
};
