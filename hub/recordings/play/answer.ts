import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../../errors.ts';
import type { RecordingRecord } from '../recording.ts';
import { NoFfmpeg, NoUse, TooSlow } from '../sound/ffmpeg.ts';
import { damageOf } from '../sounds.ts';
import type { Form } from './form.ts';
import { readRange } from './range.ts';

/** Says what a client is sent, and how long it may keep it: not at all. */
export function nameSound(
  reply: FastifyReply,
  { recording, sha256 }: RecordingRecord,
  { ending }: Form,
  shown: 'inline' | 'attachment',
): void {
  reply.headers({
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-store',
    'content-disposition': `${shown}; filename="${recording}.${ending}"`,
    etag: `"${sha256}-${ending}"`,
    vary: 'accept',
  });
}

/** Why there is nothing to hear, to who asked for it. */
export function sayWhy(error: unknown): never {
  if (error instanceof NoFfmpeg) throw new Refusal(501, error.message, [], null, 'no-ffmpeg');
  if (error instanceof Refusal) throw error;
  if (error instanceof NoUse) throw new Refusal(422, `no AAC can be made of it: ${error.message}`);
  if (error instanceof TooSlow) throw new Refusal(503, error.message, [], 60);
  if (damageOf(error) !== null) throw new Refusal(409, damaged, [], null, 'recording-damaged');
  throw new Refusal(
    503,
    `the storage of the recordings fails: ${error instanceof Error ? error.message : error}`,
    [],
    30,
  );
}

const damaged = 'its sound is missing where it is kept, or was changed there: put it back from a copy, or delete it';

/** Whether a part can be joined to what the client has: if it says of what that is (RFC 9110, 13.1.5), of the same. */
function goesOn({ headers }: FastifyRequest, reply: FastifyReply): boolean {
  const known = headers['if-range'];
  return known === undefined || known === reply.getHeader('etag');
}

/** Answers with the whole, or with the range that is asked for. Throws a refusal when nothing of it can be read. */
export async function sendPart(
  request: FastifyRequest,
  reply: FastifyReply,
  { type, size, part }: Form,
): Promise<FastifyReply> {
  // RFC 9110, 14.2: a range means nothing but of a GET.
  const range = request.method === 'GET' && goesOn(request, reply) ? readRange(request.headers.range, size) : null;
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${size}`);
    throw new Refusal(416, `it has ${size} bytes`);
  }
  const { from, to } = range ?? { from: 0, to: size };
  const stream = Readable.from(part(from, to), { objectMode: false });
  // What cannot be read at all is said before anything is sent.
  await once(stream, 'readable').catch(sayWhy);
  stream.on('error', (error) => request.log.error({ err: error }, 'a recording could not be read to its end'));
  if (range !== null) reply.code(206).header('content-range', `bytes ${from}-${to - 1}/${size}`);
  reply.header('content-length', to - from).type(type);
  return reply.send(stream);
}
