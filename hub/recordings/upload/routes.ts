import { uuid } from '@manyi/config/ids';
import { maxClipBytes, uploadMetadataKey } from '@manyi/config/recordings';
import { Metadata } from '@tus/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { forbidden, invalid, notFound, Refusal } from '../../errors.ts';
import type { RecordingRecord } from '../recording.ts';
import type { RecordingStore } from '../store.ts';
import type { Works } from '../works.ts';
import { hasRoom, noRoom } from './room.ts';

export interface UploadRoutesParts {
  readonly store: RecordingStore;
  /** What is needed to take clips in; throws 503 while recordings are off. */
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

  /** A clip that the terminal has told of itself; 404 for any other, and 409 for one it has not told of yet. */
  function ownClip(request: FastifyRequest, recording: string): RecordingRecord {
    if (request.terminal === null) throw forbidden('clips come from terminals, with the credential of their enrolment');
    if (store.find(recording) === null) catchUp();
    const record = store.find(recording);
    if (record === null) throw new Refusal(409, 'the hub has not heard of this clip yet: its event comes first', [], 1);
    if (record.terminal !== request.terminal.terminal) throw notFound('clip of this terminal');
    if (record.state === 'lost' || record.state === 'deleting' || record.state === 'deleted')
      throw new Refusal(410, 'this clip is not wanted any more');
    return record;
  }

  async function pass(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { tus } = works();
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
          'comes first: until it is here the answer is 409. 410 says that the clip is not wanted any more, 507 that there is no room. The ' +
          "bytes follow with PATCH at the answer's `Location`; HEAD there says how many have come. All have come only when the clip is " +
          'checked and stored; 460 says that it is not the one that was told of, and 415 that it is no Ogg Opus: it then starts anew.',
      },
    },
    async (request, reply) => {
      const record = ownClip(request, clipOf(request.headers['upload-metadata']));
      if (request.headers['upload-length'] !== String(record.bytes)) {
        throw invalid('headers.upload-length', `the terminal told of ${record.bytes} bytes`);
      }
      if (Number(request.headers['content-length'] ?? 0) > 0) throw invalid('body', 'send the bytes with PATCH');
      if (record.bytes > maxClipBytes) throw new Refusal(413, `a clip has at most ${maxClipBytes} bytes`);
      if (record.state === 'announced') await requireRoom(works(), record.bytes);
      return pass(request, reply);
    },
  );

  app.route({
    method: ['HEAD', 'PATCH'],
    url: '/recordings/uploads/:recording',
    config: access,
    schema: { tags, summary: 'How much of a clip has come; its next bytes', params: byRecording },
    handler: async (request, reply) => {
      ownClip(request, (request.params as z.infer<typeof byRecording>).recording.toLowerCase());
      return pass(request, reply);
    },
  });
};

/** The bodies of uploads are read by the upload server, as they come. */
function leaveBodiesAlone(app: FastifyInstance): void {
  app.addContentTypeParser('application/offset+octet-stream', (_request, _payload, done) => done(null));
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

async function requireRoom({ incoming }: Works, bytes: number): Promise<void> {
  if (!(await hasRoom(incoming, bytes))) throw new Refusal(507, noRoom, [], 600);
}
