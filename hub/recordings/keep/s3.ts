import { Readable } from 'node:stream';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Keep } from './keep.ts';

/** An S3-compatible bucket. `endpoint` null is Amazon's own; without keys the SDK looks for them in its usual places. */
export interface Bucket {
  readonly bucket: string;
  readonly endpoint: string | null;
  readonly region: string;
  readonly accessKeyId: string | null;
  readonly secretAccessKey: string | null;
}

const connectMs = 5_000;
const answerMs = 60_000;

/** Keeps clips in a bucket. They are sealed before they leave, and carry their own checks, so no others are asked of the storage. */
export function s3Keep({ bucket, endpoint, region, accessKeyId, secretAccessKey }: Bucket): Keep {
  const client = new S3Client({
    region,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: connectMs, requestTimeout: answerMs },
    ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
    ...(accessKeyId === null || secretAccessKey === null ? {} : { credentials: { accessKeyId, secretAccessKey } }),
  });
  return {
    kind: 's3',
    async put(name, bytes, source) {
      const body = Readable.from(source);
      try {
        await client.send(new PutObjectCommand({ Bucket: bucket, Key: name, Body: body, ContentLength: bytes }));
      } catch (error) {
        throw body.errored ?? error;
      } finally {
        body.destroy();
      }
    },
    async read(name, from, to) {
      const range = `bytes=${from}-${to - 1}`;
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: name, Range: range }));
      if (!(Body instanceof Readable)) throw new Error(`the storage answered nothing for ${name}`);
      return Body as AsyncIterable<Buffer>;
    },
    remove: async (name) => void (await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: name }))),
  };
}
