import { page } from '@manyi/config/api';
import { id, uuid } from '@manyi/config/ids';
import { downloader, holdBody, reasonBody, recording, retention } from '@manyi/config/recordings';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Audit } from '../../audit/audit.ts';
import { notFound, Refusal } from '../../errors.ts';
import { requireRole, requireSite, signedIn } from '../../http/auth.ts';
import { isHere, placeOf, type RecordingRecord, toRecording } from '../recording.ts';
import type { RecordingStore } from '../store.ts';
import type { Deletion } from './deletion.ts';
import type { RuleStore } from './store.ts';

export interface RuleRoutesParts {
  readonly store: RecordingStore;
  readonly rules: RuleStore;
  readonly audit: Audit;
  readonly deletion: Deletion;
  /** Is told of a terminal for which other clips are held than before. */
  readonly heldChanged: (terminal: string) => void;
}

const tags = ['recordings'];
const admin = { onRequest: requireRole('administrator') };
const byRecording = z.object({ recording: uuid });
const bySite = z.object({ site: id });
const byName = z.object({ username: z.string().max(64) });

/** How long recordings are kept, which are held, and who may download: each change stands in the audit log with its author. */
export const ruleRoutes: FastifyPluginAsyncZod<RuleRoutesParts> = async (app, parts) => {
  const { store, rules, audit, deletion, heldChanged } = parts;

  function known(of: string): RecordingRecord {
    const record = store.find(of.toLowerCase());
    if (record === null) throw notFound('recording');
    return record;
  }

  app.put(
    '/recordings/:recording/hold',
    {
      ...admin,
      schema: {
        tags,
        summary: 'Hold a recording, so that nothing deletes it, or let it go',
        description:
          'One that is still at its terminal is held there too: it is not given up for want of room, as soon as the terminal hears of it.',
        params: byRecording,
        body: holdBody,
        response: { 200: recording },
      },
    },
    async (request) => {
      const record = known(request.params.recording);
      const { held, reason } = request.body;
      if (held && !isHere(record) && record.state !== 'announced')
        throw new Refusal(409, 'there is nothing left to hold');
      store.together(() => {
        store.hold(record.recording, held);
        const what = held ? 'recording.hold' : 'recording.release';
        audit.record({ who: signedIn(request).username, what, ...placeOf(record), why: reason });
      });
      if (record.state === 'announced') heldChanged(record.terminal);
      return toRecording(known(record.recording), store.zones.of(record.site));
    },
  );

  app.post(
    '/recordings/:recording/deletion',
    {
      ...admin,
      schema: {
        tags,
        summary: 'Delete a recording',
        description:
          'Its end stands in the audit log at once. It is `deleting` as long as its sound could not be taken away, and `deleted` then.',
        params: byRecording,
        body: reasonBody,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const record = known(request.params.recording);
      await deletion.delete(record, signedIn(request).username, request.body.reason);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/sites/:site/recording-retention',
    { schema: { tags, summary: 'How many days recordings are kept', params: bySite, response: { 200: retention } } },
    async (request) => {
      requireSite(signedIn(request), request.params.site);
      if (!store.zones.has(request.params.site)) throw notFound('site');
      return rules.retention(request.params.site);
    },
  );

  app.put(
    '/sites/:site/recording-retention',
    {
      ...admin,
      schema: {
        tags,
        summary: 'Say how many days recordings are kept, by what the customer said',
        params: bySite,
        body: retention.extend(reasonBody.shape),
        response: { 200: retention },
      },
    },
    async (request) => {
      const { site } = request.params;
      const { reason, ...days } = request.body;
      if (!store.zones.has(site)) throw notFound('site');
      store.together(() => {
        const detail = JSON.stringify({ before: rules.retention(site), after: days });
        rules.setRetention(site, days);
        audit.record({ who: signedIn(request).username, what: 'retention.change', site, why: reason, detail });
      });
      return days;
    },
  );

  app.get(
    '/recordings/downloaders',
    { ...admin, schema: { tags, summary: 'Who may download recordings', response: { 200: page(downloader) } } },
    async () => ({ items: rules.downloaders().map((username) => ({ username })), next: null }),
  );

  app.put(
    '/recordings/downloaders/:username',
    {
      ...admin,
      schema: {
        tags,
        summary: 'Let a user download recordings',
        params: byName,
        body: reasonBody,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { username } = request.params;
      if (!rules.userExists(username)) throw notFound('user');
      store.together(() => {
        rules.grant(username);
        const fact = { what: 'download-right.grant', why: request.body.reason, detail: username } as const;
        audit.record({ who: signedIn(request).username, ...fact });
      });
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/recordings/downloaders/:username',
    {
      ...admin,
      schema: { tags, summary: 'Take the right to download away', params: byName, response: { 204: z.null() } },
    },
    async (request, reply) => {
      const { username } = request.params;
      if (!rules.mayDownload(username)) throw notFound('user who may download');
      store.together(() => {
        rules.revoke(username);
        audit.record({ who: signedIn(request).username, what: 'download-right.revoke', detail: username });
      });
      return reply.code(204).send(null);
    },
  );
};
