import { uuid } from '@manyi/config/ids';
import { audioQuery, downloadBody, playBody, recording as recordingBody, waveform } from '@manyi/config/recordings';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Audit } from '../../audit/audit.ts';
import { conflict, notFound, Refusal } from '../../errors.ts';
import { requireSite, signedIn } from '../../http/auth.ts';
import { isHere, isTold, placeOf, type RecordingRecord, type ToldRecord, toRecording } from '../recording.ts';
import type { AacMaker } from '../sound/aac.ts';
import type { Outline } from '../sound/outlines.ts';
import type { Sound, Sounds } from '../sounds.ts';
import type { RecordingStore } from '../store.ts';
import { nameSound, sayWhy, sendPart } from './answer.ts';
import { formOf, watched } from './form.ts';
import type { Plays } from './plays.ts';

export interface PlayRoutesParts {
  readonly store: RecordingStore;
  readonly mayDownload: (username: string) => boolean;
  readonly outlineOf: (recording: string) => Outline;
  readonly aac: AacMaker;
  readonly plays: Plays;
  readonly audit: Audit;
  readonly sounds: Sounds;
  /** Is told of a clip that was damaged and is not any more. */
  readonly mended: (recording: string) => void;
}

const tags = ['recordings'];
const byRecording = z.object({ recording: uuid });

/** `/recordings/{id}/audio` and what a player needs beside it. */
export const playRoutes: FastifyPluginAsyncZod<PlayRoutesParts> = async (app, parts) => {
  const { store, mayDownload, outlineOf, aac, plays, audit, sounds, mended } = parts;

  function asked(request: FastifyRequest, recording: string): RecordingRecord {
    const record = store.find(recording.toLowerCase());
    if (record === null) throw notFound('recording');
    requireSite(signedIn(request), record.site, 'recording');
    return record;
  }

  /** What may be heard now: it is stored, and there is a key to open it with. */
  function playable(
    request: FastifyRequest,
    recording: string,
  ): { readonly record: ToldRecord; readonly sound: Sound } {
    const record = requireHere(asked(request, recording));
    return { record, sound: sounds.of(record) };
  }

  app.post(
    '/recordings/:recording/plays',
    {
      schema: {
        tags,
        summary: 'Say why you want to play it; then ask for its sound',
        description:
          'Stands in the audit log before the answer. A play ends when nothing was heard of it for a minute.',
        params: byRecording,
        body: playBody,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { record } = playable(request, request.params.recording);
      plays.begin(signedIn(request), record, request.body.purpose);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/recordings/:recording/audio',
    {
      exposeHeadRoute: false,
      schema: {
        tags,
        summary: 'The sound of a recording that you play, whole or in ranges',
        description:
          'For whoever has said why with `POST /recordings/{recording}/plays`: 409 `say-why` without. Pieces that follow each other are one play. ' +
          'Ogg Opus; AAC in MP4 for a client whose `Accept` takes `audio/mp4` and not `audio/ogg`, or with `format=aac`.',
        params: byRecording,
        querystring: audioQuery,
      },
    },
    async (request, reply) => {
      const { record, sound } = playable(request, request.params.recording);
      const sending = plays.send(signedIn(request), record.recording);
      if (sending === null) throw conflict('say-why', 'say why first: POST …/plays with {"purpose"}');
      reply.raw.once('close', sending.done);
      const wish = { format: request.query.format, accept: request.headers.accept };
      const form = watched(await formOf(record, sound, aac, wish).catch(sayWhy), sending);
      nameSound(reply, record, form, 'inline');
      return sendPart(request, reply, form);
    },
  );

  app.post(
    '/recordings/:recording/download',
    {
      schema: {
        tags,
        summary: 'Take a recording with you',
        description:
          'A right of its own, granted by name. `purpose` stands in the audit log before the first byte is sent.',
        params: byRecording,
        body: downloadBody,
      },
    },
    async (request, reply) => {
      const { username } = signedIn(request);
      const { record, sound } = playable(request, request.params.recording);
      if (!mayDownload(username)) throw noDownloadRight();
      audit.record({ who: username, what: 'recording.download', ...placeOf(record), why: request.body.purpose });
      const wish = { format: request.body.format, accept: request.headers.accept };
      const form = await formOf(record, sound, aac, wish).catch(sayWhy);
      nameSound(reply, record, form, 'attachment');
      return sendPart(request, reply, form);
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
      const { peaks, failed } = outlineOf(recording);
      return { durationMs: durationMs ?? 0, pressedAtMs, peaks: peaks === null ? null : [...peaks], failed };
    },
  );

  app.post(
    '/recordings/:recording/check',
    {
      schema: {
        tags,
        summary: 'Read all of a stored recording again, whether it is as it was',
        description:
          'One that was `damaged` and was put back from a copy is `stored` then. Nobody hears anything by that.',
        params: byRecording,
        response: { 200: recordingBody },
      },
    },
    async (request) => {
      const record = requireHere(asked(request, request.params.recording));
      await sounds.check(record).catch(sayWhy);
      const now = asked(request, record.recording);
      if (record.state === 'damaged' && now.state === 'stored') mended(now.recording);
      return toRecording(now, store.zones.of(now.site));
    },
  );
};

function noDownloadRight(): Refusal {
  const message = 'downloading needs a right of its own: an administrator grants it to you by name';
  return new Refusal(403, message, [], null, 'no-download-right');
}

function requireHere(record: RecordingRecord): ToldRecord {
  const { state } = record;
  if (state === 'announced') throw new Refusal(409, 'its terminal has not sent it yet', [], 30, 'recording-on-its-way');
  if (state === 'lost') throw new Refusal(410, 'its terminal lost it before it was sent', [], null, 'recording-lost');
  if (isHere(record) && isTold(record)) return record;
  throw new Refusal(410, 'it was deleted: the audit log says when and why', [], null, 'recording-deleted');
}
