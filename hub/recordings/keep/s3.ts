import { Readable } from 'node:stream';
import type { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { type Keep, NotKept } from './keep.ts';
import { whole } from './sealed.ts';

/** An S3-compatible bucket. `endpoint` null is Amazon's own; without keys the SDK looks for them in its usual places. */
export interface Bucket {
  readonly bucket: string;
  readonly endpoint: string | null;
  readonly region: string;
  readonly accessKeyId: string | null;
  readonly secretAccessKey: string | null;
  /** How long nothing may move before the storage counts as silent, in milliseconds: left out, twenty seconds. */
  readonly silentMs?: number;
}

const connectMs = 5_000;
const usualSilentMs = 20_000;

/**
 * Asked for at once, in bytes: taken at the storage's pace, whatever that of the player is. An answer that waits for a player who pauses
 * could not be told from a storage that has fallen silent.
 */
const stepBytes = 1024 * 1024;

/** The package is large: it is loaded only where there is a bucket. */
const aws = () => import('@aws-sdk/client-s3');

/** What goes wrong is thrown, and told by whoever asked. */
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Keeps clips in a bucket. They are sealed before they leave, and carry their own checks, so no others are asked of the storage. */
export function s3Keep(settings: Bucket): Keep {
  const { bucket } = settings;
  let opened: Promise<S3Client> | null = null;
  const client = () => {
    opened ??= openClient(settings);
    return opened;
  };

  /** The next bytes of a range, or none where the object ends before them. */
  async function step(name: string, from: number, to: number): Promise<Buffer> {
    const { GetObjectCommand } = await aws();
    const range = `bytes=${from}-${Math.min(to, from + stepBytes) - 1}`;
    try {
      const { Body } = await (await client()).send(new GetObjectCommand({ Bucket: bucket, Key: name, Range: range }));
      if (!(Body instanceof Readable)) throw new Error(`the storage answered nothing for ${name}`);
      return await whole(Body as AsyncIterable<Buffer>);
    } catch (error) {
      return nothingOf(name, error);
    }
  }

  async function* steps(name: string, first: Buffer, from: number, to: number): AsyncGenerator<Buffer> {
    yield first;
    let at = from + first.length;
    for (let last = first; last.length === stepBytes && at < to; at += last.length) {
      last = await step(name, at, to);
      yield last;
    }
  }

  return {
    kind: 's3',
    free: async () => Number.POSITIVE_INFINITY,
    async put(name, bytes, source) {
      const { PutObjectCommand } = await aws();
      const body = Readable.from(source);
      const stop = new AbortController();
      // The package does not listen for it: the request would wait for the rest, and the process end by an error that nobody takes.
      body.once('error', () => stop.abort());
      const command = new PutObjectCommand({ Bucket: bucket, Key: name, Body: body, ContentLength: bytes });
      try {
        await (await client()).send(command, { abortSignal: stop.signal });
      } catch (error) {
        throw body.errored ?? error;
      } finally {
        body.destroy();
      }
    },
    async read(name, from, to) {
      const first = await step(name, from, to);
      return steps(name, first, from, to);
    },
    async remove(name) {
      const { DeleteObjectCommand } = await aws();
      await (await client()).send(new DeleteObjectCommand({ Bucket: bucket, Key: name }));
    },
    async *names() {
      const { ListObjectsV2Command } = await aws();
      let after: string | undefined;
      do {
        const from = after === undefined ? {} : { ContinuationToken: after };
        const found = await (await client()).send(new ListObjectsV2Command({ Bucket: bucket, ...from }));
        for (const { Key } of found.Contents ?? []) if (Key !== undefined) yield Key;
        after = found.NextContinuationToken;
      } while (after !== undefined);
    },
  };
}

/** What an answer without bytes means: a name that is not there, or one whose bytes end before those asked for. */
function nothingOf(name: string, error: unknown): Buffer {
  const { name: kind, $metadata } = error as Partial<S3ServiceException>;
  if (kind === 'NoSuchKey') throw new NotKept(name);
  if ($metadata?.httpStatusCode === 416) return Buffer.alloc(0);
  throw error;
}

async function openClient({ endpoint, region, accessKeyId, secretAccessKey, silentMs }: Bucket): Promise<S3Client> {
  const { S3Client } = await aws();
  return new S3Client({
    region,
    logger: silent,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: connectMs, socketTimeout: silentMs ?? usualSilentMs },
    ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
    ...(accessKeyId === null || secretAccessKey === null ? {} : { credentials: { accessKeyId, secretAccessKey } }),
  });
}
