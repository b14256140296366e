import { once } from 'node:events';
import {
  type AudioFrame,
  type Listening,
  type ListeningMessage,
  listeningMessage,
  readFrame,
} from '@manyi/config/listening';
import { type ClientOptions, WebSocket } from 'ws';

/** Somebody who listens in, by a WebSocket as a browser has it. */
export interface Ear {
  readonly socket: WebSocket;
  readonly frames: readonly AudioFrame[];
  readonly messages: readonly ListeningMessage[];
  /** Waits until what came so far is as expected; fails when the line closes before. */
  until(expected: (ear: Ear) => boolean): Promise<void>;
  /** The code that the line was closed with. */
  readonly closed: Promise<number>;
  /** Leaves, as a page that is closed does. */
  hangUp(): void;
}

export const isLive = ({ messages }: Ear) =>
  messages.some((message) => message.type === 'state' && message.state === 'live');

/** Why it ended; undefined while it goes on. */
export function endOf({ messages }: Ear): string | undefined {
  return messages.find((message) => message.type === 'ended')?.why;
}

/** Asks the hub; fails on any other answer than the listening. */
export async function askToListen(url: string, token: string, body: object): Promise<Listening> {
  const answer = await fetch(`${url}/api/v1/listenings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (answer.status !== 201) throw new Error(`${answer.status} ${text}`);
  return JSON.parse(text) as Listening;
}

/** Joins a listening. Rejects with the status of the answer when the hub refuses. */
export async function joinListening(
  hub: string,
  listening: string,
  token: string | null,
  options: ClientOptions = {},
): Promise<Ear> {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const url = `${hub.replace('http', 'ws')}/api/v1/listenings/${listening}/audio`;
  const socket = new WebSocket(url, { ...options, headers: { ...headers, ...options.headers } });
  const frames: AudioFrame[] = [];
  const messages: ListeningMessage[] = [];
  const looking = new Set<() => void>();
  const look = () => {
    for (const one of [...looking]) one();
  };
  let over = false;
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) {
      const frame = readFrame(Buffer.from(data));
      if (frame === null) throw new Error('no frame');
      frames.push(frame);
    } else messages.push(listeningMessage.parse(JSON.parse(data.toString())));
    look();
  });
  const closed = new Promise<number>((resolve) => {
    socket.on('close', (code) => {
      over = true;
      resolve(code);
      look();
    });
  });
  const refused = new Promise<never>((_, reject) => {
    socket.on('unexpected-response', (_request, response) => reject(new Error(String(response.statusCode))));
    socket.on('error', reject);
  });
  refused.catch(() => {});
  await Promise.race([once(socket, 'open'), refused]);

  const ear: Ear = {
    socket,
    frames,
    messages,
    closed,
    hangUp: () => socket.close(1001),
    until: (expected) =>
      new Promise((resolve, reject) => {
        const one = () => {
          const met = expected(ear);
          if (!met && !over) return;
          looking.delete(one);
          if (met) resolve();
          else reject(new Error(`the line closed: ${JSON.stringify(messages)}`));
        };
        looking.add(one);
        one();
      }),
  };
  return ear;
}
