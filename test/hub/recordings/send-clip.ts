import type { Enrolled } from '@manyi/config/api';
import { Upload, type UploadOptions } from 'tus-js-client';
import type { Clip } from './clips.ts';

/** How a terminal signs in over HTTP. */
export function authorizationOf({ username, password }: Pick<Enrolled, 'username' | 'password'>): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** Sends a clip to a hub as tus-js-client does; rejects when it gives up. */
export function sendClip(
  hub: string,
  enrolled: Pick<Enrolled, 'username' | 'password'>,
  { bytes, recording }: Clip,
  options: Partial<UploadOptions> = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    new Upload(bytes, {
      endpoint: `${hub}/api/v1/recordings/uploads`,
      headers: { authorization: authorizationOf(enrolled) },
      metadata: { recording },
      retryDelays: [0, 10, 20, 50, 100, 200, 500],
      onSuccess: () => resolve(),
      onError: reject,
      ...options,
    }).start();
  });
}
