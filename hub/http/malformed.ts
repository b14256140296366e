import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Refusal } from '../errors.ts';
import { problemOf } from './problems.ts';

/** How long the answer may take to get through, in milliseconds. */
const farewellMs = 1000;

/**
 * Answers what is no HTTP, or more of it than anybody needs, as a problem like every other error, and hangs up. The answer is not followed
 * by the end at once: bytes of the client that are still on their way would take it back (RFC 9112, section 9.6).
 */
export function answerMalformed(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal = refusalOf(error.code);
  const body = JSON.stringify(problemOf(refusal));
  const lines = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), farewellMs).unref();
}

function refusalOf(code: string | undefined): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') return new Refusal(431, 'the address and headers are longer than 16 KB');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Refusal(408, 'the request did not come in time');
  return new Refusal(400, 'this is not HTTP');
}
