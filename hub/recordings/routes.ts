import { setImmediate } from 'node:timers/promises';
import { type Me, page } from '@manyi/config/api';
import { clerkId, id, uuid } from '@manyi/config/ids';
import { levelName } from '@manyi/config/levels';
import {
  recording,
  recordingFaults,
  recordingState,
  recordingsState,
  waitingRecordings,
  withOrWithout,
} from '@manyi/config/recordings';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { invalid, notFound } from '../errors.ts';
import { askedSites, requireSite, signedIn } from '../http/auth.ts';
import { pageQuery } from '../people/pages.ts';
import { instantOf, momentText, readMoment } from '../scores/window.ts';
import { type RecordingCursor, type RecordingFilter, readCursor, toRecording, writeCursor } from './recording.ts';
import type { State } from './state.ts';
import type { RecordingStep, RecordingStore } from './store.ts';

export interface RecordingRoutesParts {
  readonly store: RecordingStore;
  /** Where clips lie, and why they cannot be taken in and played now; null when they can. */
  readonly state: () => Promise<State>;
  /** Since when all that is stored has been read again (epoch milliseconds); null before that. */
  readonly verifiedSince: () => number | null;
  readonly mayDownload: (username: string) => boolean;
}

const listQuery = pageQuery.extend({
  site: id.optional(),
  clerk: clerkId.optional(),
  counter: id.optional(),
  level: levelName.optional(),
  service: uuid.optional(),
  state: recordingState.optional(),
  case: withOrWithout.optional(),
  from: momentText.optional(),
  to: momentText.optional(),
  faultFrom: momentText.optional(),
  leastMs: z.coerce.number().int().min(0).optional(),
  mostMs: z.coerce.number().int().min(0).optional(),
});
type ListQuery = z.infer<typeof listQuery>;

const tags = ['recordings'];
/** Steps that one page may take before it is handed out as it is. */
const stepsAPage = 20;

/** `/recordings`: what there is, without its sound. */
export const recordingRoutes: FastifyPluginAsyncZod<RecordingRoutesParts> = async (
  app,
  { store, state, verifiedSince, mayDownload },
) => {
  app.get(
    '/recordings',
    {
      schema: {
        tags,
        summary: 'The recordings, newest first',
        description:
          '`from` is included, `to` excluded; dates are those of the site. `faultFrom` is when the hub was told of a fault, or found it. ' +
          '`leastMs` and `mostMs` are lengths. `case` is whether the service has one, open or closed. A page may be shorter than `limit` while `next` is not null.',
        querystring: listQuery,
        response: { 200: page(recording) },
      },
    },
    async (request) => {
      const zones = store.zones.all();
      const filter = readFilter(request.query, signedIn(request), zones);
      const { records, next } = await takePage(store, filter, cursorOf(request.query.cursor), request.query.limit);
      const items = records.map((record) => toRecording(record, zones.get(record.site) ?? 'UTC'));
      return { items, next: next === null ? null : writeCursor(next) };
    },
  );

  app.get(
    '/recordings/state',
    {
      schema: {
        tags,
        summary:
          'Whether recordings can be taken in, played and deleted, how much there is, and whether you may download',
        response: { 200: recordingsState },
      },
    },
    async (request) => {
      const now = await state();
      const may = mayDownload(signedIn(request).username);
      const since = verifiedSince();
      const verified = since === null ? null : new Date(since).toISOString();
      return { works: now.why === null, ...now, ...store.totals(), verifiedSince: verified, mayDownload: may };
    },
  );

  app.get(
    '/recordings/faults',
    {
      schema: {
        tags,
        summary: 'How many recordings of a site were told to be lost since a time, and how many are damaged',
        description: '`since` is when the hub was told, not when they were made. A date is that of the site.',
        querystring: z.object({ site: id, since: momentText }),
        response: { 200: recordingFaults },
      },
    },
    async (request) => {
      const { site, since } = request.query;
      askedSites(signedIn(request), site, store.zones);
      return store.faults(site, instantOf(readMoment('since', since), store.zones.of(site)));
    },
  );

  app.get(
    '/recordings/waiting',
    {
      schema: {
        tags,
        summary: 'How many recordings each terminal has told of and not sent yet',
        description:
          'A terminal that is removed, or enrolled at another site or under another id, never sends them. One that has sent all is not named.',
        querystring: z.object({ site: id.optional() }),
        response: { 200: page(waitingRecordings) },
      },
    },
    async (request) => {
      const sites = askedSites(signedIn(request), request.query.site, store.zones);
      return { items: store.waiting(sites), next: null };
    },
  );

  app.get(
    '/recordings/:recording',
    {
      schema: {
        tags,
        summary: 'A recording',
        params: z.object({ recording: uuid }),
        response: { 200: recording },
      },
    },
    async (request) => {
      const record = store.find(request.params.recording.toLowerCase());
      if (record === null) throw notFound('recording');
      requireSite(signedIn(request), record.site, 'recording');
      return toRecording(record, store.zones.of(record.site));
    },
  );
};

/** Between steps everybody else has a turn, so that looking for rare ones slows nobody. */
async function takePage(
  store: RecordingStore,
  filter: RecordingFilter,
  cursor: RecordingCursor | null,
  limit: number,
): Promise<RecordingStep> {
  let step = store.list(filter, cursor, limit);
  const records = [...step.records];
  for (let taken = 1; step.next !== null && records.length < limit && taken < stepsAPage; taken += 1) {
    await setImmediate();
    step = store.list(filter, step.next, limit - records.length);
    records.push(...step.records);
  }
  return { records, next: step.next };
}

function readFilter(query: ListQuery, user: Me, zones: ReadonlyMap<string, string>): RecordingFilter {
  const sites = askedSites(user, query.site, zones);
  const { clerk = null, counter = null, level = null, service = null, state = null } = query;
  const { case: cases = null, leastMs = null, mostMs = null } = query;
  const moment = (field: 'from' | 'to' | 'faultFrom') => {
    const text = query[field];
    if (text === undefined) return null;
    const read = readMoment(field, text);
    return instantOf(read, 'date' in read ? zoneOf(field, sites, zones) : 'UTC');
  };
  const times = { from: moment('from'), to: moment('to'), faultFrom: moment('faultFrom') };
  return { sites, clerk, counter, level, service, state, cases, leastMs, mostMs, ...times };
}

/** The zone whose dates are meant; a date that begins at different times at the sites in question is refused. */
function zoneOf(field: string, sites: readonly string[] | null, zones: ReadonlyMap<string, string>): string {
  const asked = new Set([...zones].filter(([site]) => sites === null || sites.includes(site)).map(([, zone]) => zone));
  const [zone = 'UTC', ...others] = asked;
  if (others.length === 0) return zone;
  throw invalid(
    `querystring.${field}`,
    'dates begin at different times at your sites: name a site, or give a time with its offset',
  );
}

function cursorOf(text: string | undefined): RecordingCursor | null {
  if (text === undefined) return null;
  const cursor = readCursor(text);
  if (cursor === null) throw invalid('querystring.cursor', 'is not the `next` of a page');
  return cursor;
}
