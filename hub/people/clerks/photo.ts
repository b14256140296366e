import { createHash } from 'node:crypto';
import { Refusal } from '../../errors.ts';

/** The largest picture of a clerk, in bytes. */
export const maxPhotoBytes = 512 * 1024;

export const photoTypes = ['image/jpeg', 'image/png', 'image/webp'] as const;
export type PhotoType = (typeof photoTypes)[number];

/** A picture as it is stored. */
export interface Photo {
  readonly type: PhotoType;
  readonly bytes: Buffer;
}

/** Takes a picture for what its first bytes say it is; throws 415 when they say none of the three kinds. */
export function takePhoto(body: unknown): Photo {
  if (!Buffer.isBuffer(body)) throw new Refusal(415, 'send the picture itself, as image/jpeg, image/png or image/webp');
  const type = typeOf(body);
  if (type === null) throw new Refusal(415, 'this is no JPEG, PNG or WebP picture, whatever its name says');
  return { type, bytes: body };
}

/** The signatures of JFIF/Exif (ITU T.81 B.1.1.3), PNG (RFC 2083 §3.1) and WebP (RFC 9649 §2.4). */
function typeOf(bytes: Buffer): PhotoType | null {
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg';
  if (bytes.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))) return 'image/png';
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') return 'image/webp';
  return null;
}

/**
 * The stored type: a media type whose parameter `v` names the content (RFC 9110 §8.3.1), so that lists and rosters know a
 * new picture from an old one without reading it.
 */
export function storedType(photo: Photo): string {
  const version = createHash('sha256').update(photo.bytes).digest('hex').slice(0, 12);
  return `${photo.type}; v=${version}`;
}

/** Where a clerk's picture lies on the hub, null without one. A new picture has a new path. */
export function photoPath(clerk: string, stored: string | null): string | null {
  const version = stored?.split('; v=')[1];
  return version === undefined ? null : `/api/v1/clerks/${clerk}/photo?v=${version}`;
}
