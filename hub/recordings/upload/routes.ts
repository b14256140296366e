import { uuid } from '@manyi/config/ids';
import { maxClipBytes, uploadMetadataKey } from '@manyi/config/recordings';
import { Metadata } from '@tus/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { forbidden, invalid, Refusal } from '../../errors.ts';
import { isHere, isTold, type ToldRecord } from '../recording.ts';
import type { RecordingStore } from '../store.ts';
import type { Works } from '../works.ts';
import { noRoom } from './room.ts';
import { uploadsPath } from './tus.ts';

export interface UploadRoutesParts {
  readonly store: RecordingStore;
  /** What is needed to take clips in; throws 503 while recordings are off, or the key's file is not as it was. */
  readonly works: () => Works;
  /** Takes in what terminals have told of just now. */
  readonly catchUp: () => void;
}

const tags = ['recordings'];
const access = { access: 'terminal' } as const;
const byRecording = z.object({ recording: uuid });

/** `/recordings/uploads`: resumable uploads (tus 1.0) of terminals, each of its own clips. */
export const uploadRoutes: FastifyPluginAsyncZod<UploadRoutesParts> = async (app, { store, works, catchUp }) => {
  leaveBodiesAlone(app);

  /** A clip that the terminal has told of itself, and that is wanted. */
  function ownClip(request: FastifyRequest, recording: string): ToldRecord {
    if (request.terminal === null) throw forbidden('clips come from terminals, with the credential of their enrolment');
    const known = store.find(recording);
    if (known === null || known.fault === 'removed') catchUp();
    const record = store.find(recording);
    if (record === null) throw unknown();
    if (record.terminal !== request.terminal.terminal) throw ofAnother();
    if (!isTold(record) || record.state === 'lost')
      throw new Refusal(410, 'its terminal has said that it lost this clip', [], null, 'recording-lost');
    if (!isHere(record) && record.state !== 'announced')
      throw new Refusal(410, 'this clip was deleted', [], null, 'recording-deleted');
    return record;
  }

  /**
   * The upload server looks for the clip behind the last slash of an address, also past a question mark: it is given the one that was judged
   * here.
   */
  async function pass(request: FastifyRequest, reply: FastifyReply, judged: string): Promise<FastifyReply> {
    const { tus } = works();
    request.raw.url = judged;
    reply.hijack();
    await tus.handle(request.raw, reply.raw);
    return reply;
  }

  app.post(
    '/recordings/uploads',
    {
      config: access,
      schema: {
        tags,
        summary: 'Begin the upload of a clip (tus 1.0), or find the one that was begun',
        description:
          `\`Upload-Length\` is that of the clip's event, \`Upload-Metadata\` says \`${uploadMetadataKey}\` and its id in base64. The event ` +
          'comes first: until it is here the answer is 409, `recording-unknown`; told again, it is taken. 404, `recording-of-another`, is a clip ' +
          'that another terminal told of. 410 says that the clip is not wanted any more, 507 that there is no room, now or half-way. The ' +
          "bytes follow with PATCH at the answer's `Location`; HEAD there says how many have come. All have come only when the clip is " +
          'checked and stored; 460 says that it is not the one that was told of, and 415 that it is no Ogg Opus: it then starts anew.',
      },
    },
    async (request, reply) => {
      const record = ownClip(request, clipOf(request.headers['upload-metadata']));
      if (request.headers['upload-length'] !== String(record.bytes)) {
        throw invalid('headers.upload-length', `the terminal told of ${record.bytes} bytes`);
      }
      if (hasBody(request)) throw invalid('body', 'send the bytes with PATCH');
      if (record.bytes > maxClipBytes) throw new Refusal(413, `a clip has at most ${maxClipBytes} bytes`);
      if (record.state === 'announced' && !(await works().hasRoomFor(record.bytes, 0)))
        throw new Refusal(507, noRoom, [], fullSeconds);
      return pass(request, reply, uploadsPath);
    },
  );

  app.route({
    method: ['HEAD', 'PATCH'],
    url: '/recordings/uploads/:recording',
    config: access,
    schema: { tags, summary: 'How much of a clip has come; its next bytes', params: byRecording },
    handler: async (request, reply) => {
      const recording = (request.params as z.infer<typeof byRecording>).recording.toLowerCase();
      ownClip(request, recording);
      return pass(request, reply, `${uploadsPath}/${recording}`);
    },
  });
};

/** The bodies of uploads are read by the upload server, as they come. */
function leaveBodiesAlone(app: FastifyInstance): void {
  app.addContentTypeParser('application/offset+octet-stream', (_request, _payload, done) => done(null));
}

/** Also one that comes in chunks, and does not say how long it is. */
function hasBody({ headers }: FastifyRequest): boolean {
  return Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;
}

function clipOf(header: string | string[] | undefined): string {
  const named = uuid.safeParse(readMetadata(String(header ?? ''))[uploadMetadataKey]);
  if (!named.success) throw invalid('headers.upload-metadata', `must say ${uploadMetadataKey} and its id in base64`);
  return named.data.toLowerCase();
}

function readMetadata(header: string): Record<string, string | null> {
  try {
    return Metadata.parse(header);
  } catch {
    return {};
  }
}

/** After how many seconds it may be tried again whether there is room. */
const fullSeconds = 60;

/**
 * The hub has no event of it. A receipted event is always known, so a terminal whose event has its receipt speaks to another hub than it
 * told, or to one that was set back to an older state: it may tell of the clip again.
 */
function unknown(): Refusal {
  const mend =
    'its event comes first. If that has its receipt, the hub was changed or set back: tell of the clip again';
  return new Refusal(409, `the hub has not heard of this clip: ${mend}`, [], 1, 'recording-unknown');
}

function ofAnother(): Refusal {
  const mend = 'it can only come with the credential of the one that told of it';
  return new Refusal(404, `this clip belongs to another terminal: ${mend}`, [], null, 'recording-of-another');
}
