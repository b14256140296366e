import type { ServerResponse } from 'node:http';

/** The picture formats that a clerk's photo may have, by their first bytes. */
const formats: readonly { readonly type: string; readonly begins: (bytes: Buffer) => boolean }[] = [
  { type: 'image/jpeg', begins: (bytes) => bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff])) },
  { type: 'image/png', begins: (bytes) => bytes.subarray(1, 4).toString('latin1') === 'PNG' },
  { type: 'image/webp', begins: (bytes) => bytes.subarray(8, 12).toString('latin1') === 'WEBP' },
];

/** Answers with the picture, or 404 when there is none that a browser may be shown. */
export function sendPhoto(response: ServerResponse, bytes: Buffer | null): void {
  const format = bytes === null ? undefined : formats.find((one) => one.begins(bytes));
  if (bytes === null || format === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': format.type, 'content-length': bytes.length });
  response.end(bytes);
}
