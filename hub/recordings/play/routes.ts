import { Readable } from 'node:stream';
import type { Me } from '@manyi/config/api';
import { uuid } from '@manyi/config/ids';
import { audioQuery, clipType, waveform } from '@manyi/config/recordings';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Audit } from '../../audit/audit.ts';
import { notFound, Refusal } from '../../errors.ts';
import { requireSite, signedIn } from '../../http/auth.ts';
import { placeOf, type RecordingRecord } from '../recording.ts';
import type { AacMaker } from '../sound/aac.ts';
import { NoFfmpeg } from '../sound/ffmpeg.ts';
import type { RecordingStore } from '../store.ts';
import { soundOf, type Works } from '../works.ts';
import type { Plays } from './plays.ts';
import { readRange, wantsAac } from './range.ts';

export interface PlayRoutesParts {
  readonly store: RecordingStore;
  readonly mayDownload: (username: string) => boolean;
  /** A clip's outline, or why there is none; null while it is not made. */
  readonly outlineOf: (recording: string) => { readonly peaks: Buffer | null; readonly failed: string | null } | null;
  readonly aac: AacMaker;
  readonly plays: Plays;
  readonly audit: Audit;
  readonly works: () => Works;
}

const tags = ['recordings'];
const byRecording = z.object({ recording: uuid });
type AudioQuery = z.infer<typeof audioQuery>;

/** A clip's sound in one of its forms. */
interface Sound {
  readonly type: string;
  readonly ending: string;
  readonly size: number;
  readonly part: (from: number, to: number) => AsyncIterable<Buffer>;
}

/** `/recordings/{id}/audio` and what a player needs beside it. */
export const playRoutes: FastifyPluginAsyncZod<PlayRoutesParts> = async (app, parts) => {
  const { store, mayDownload, outlineOf, aac, plays, audit, works } = parts;

  function asked(request: FastifyRequest, recording: string): RecordingRecord {
    const record = store.find(recording.toLowerCase());
    if (record === null) throw notFound('recording');
    requireSite(signedIn(request), record.site, 'recording');
    return record;
  }

  /** Writes into the audit log what is about to be heard; answers what to call when it has been sent. */
  function account(user: Me, record: RecordingRecord, { purpose, download }: AudioQuery): () => void {
    if (download === 'no') return plays.begin(user, record, purpose);
    if (!mayDownload(user.username)) {
      throw new Refusal(
        403,
        'downloading needs a right of its own: an administrator grants it to you by name',
        [],
        null,
        'no-download-right',
      );
    }
    audit.record({ who: user.username, what: 'recording.download', ...placeOf(record), why: purpose });
    return () => {};
  }

  async function soundFor(
    record: RecordingRecord,
    request: FastifyRequest,
    format: AudioQuery['format'],
  ): Promise<Sound> {
    const { recording, bytes } = record;
    const open = works();
    const part = (from: number, to: number) => soundOf(open, recording, from, to);
    const wanted = format ?? (wantsAac(request.headers.accept) ? 'aac' : 'ogg');
    if (wanted === 'ogg') return { type: `${clipType}; codecs=opus`, ending: 'ogg', size: bytes, part };
    const file = await aac.of(recording, () => part(0, bytes)).catch(sayNoFfmpeg);
    const pieces = (from: number, to: number) => Readable.from([file.subarray(from, to)]);
    return { type: 'audio/mp4', ending: 'm4a', size: file.length, part: pieces };
  }

  app.get(
    '/recordings/:recording/audio',
    {
      exposeHeadRoute: false,
      schema: {
        tags,
        summary: 'The sound of a recording, whole or in ranges',
        description:
          '`purpose` says why, and stands in the audit log before the first byte is sent. Pieces that follow each other are one play. Ogg ' +
          'Opus; AAC in MP4 for a client whose `Accept` takes `audio/mp4` and not `audio/ogg`, or with `format=aac`.',
        params: byRecording,
        querystring: audioQuery,
      },
    },
    async (request, reply) => {
      const record = asked(request, request.params.recording);
      requireStored(record);
      works();
      const sent = account(signedIn(request), record, request.query);
      reply.raw.once('close', sent);
      const sound = await soundFor(record, request, request.query.format);
      const name = `${record.recording}.${sound.ending}`;
      reply.headers({
        'accept-ranges': 'bytes',
        'cache-control': 'private, no-store',
        'content-disposition': `${request.query.download === 'yes' ? 'attachment' : 'inline'}; filename="${name}"`,
        etag: `"${record.sha256}-${sound.ending}"`,
        vary: 'accept',
      });
      return sendPart(request, reply, sound);
    },
  );

  app.post(
    '/recordings/:recording/playing',
    {
      schema: {
        tags,
        summary: 'Say that you still play it: for a player to send every few seconds',
        description:
          'So the audit log can tell how long a play lasted, also where a browser had all of the sound at once.',
        params: byRecording,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { recording } = asked(request, request.params.recording);
      if (!plays.goesOn(signedIn(request), recording)) throw notFound('play of yours: ask for the sound first');
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/recordings/:recording/waveform',
    {
      schema: {
        tags,
        summary: 'The outline of its sound, with the moment of the press',
        params: byRecording,
        response: { 200: waveform },
      },
    },
    async (request) => {
      const { recording, durationMs, pressedAtMs } = asked(request, request.params.recording);
      const { peaks = null, failed = null } = outlineOf(recording) ?? {};
      return { durationMs, pressedAtMs, peaks: peaks === null ? null : [...peaks], failed };
    },
  );
};

function requireStored({ state }: RecordingRecord): void {
  if (state === 'announced') throw new Refusal(409, 'its terminal has not sent it yet', [], 30, 'recording-on-its-way');
  if (state === 'lost') throw new Refusal(410, 'its terminal lost it before it was sent', [], null, 'recording-lost');
  if (state !== 'stored')
    throw new Refusal(410, 'it was deleted: the audit log says when and why', [], null, 'recording-deleted');
}

function sayNoFfmpeg(error: unknown): never {
  if (error instanceof NoFfmpeg) throw new Refusal(501, error.message, [], null, 'no-ffmpeg');
  throw error;
}

function sendPart(request: FastifyRequest, reply: FastifyReply, { type, size, part }: Sound): FastifyReply {
  const range = readRange(request.headers.range, size);
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${size}`);
    throw new Refusal(416, `it has ${size} bytes`);
  }
  const { from, to } = range ?? { from: 0, to: size };
  if (range !== null) reply.code(206).header('content-range', `bytes ${from}-${to - 1}/${size}`);
  reply.header('content-length', to - from).type(type);
  const stream = Readable.from(part(from, to), { objectMode: false });
  stream.on('error', (error) => request.log.error({ err: error }, 'a recording could not be read'));
  return reply.send(stream);
}
