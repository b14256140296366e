import { once } from 'node:events';
import { setTimeout as pass } from 'node:timers/promises';
import type { ScreenInput } from '@manyi/agent/screen/input';
import type { ScreenMessage, ScreenView } from '@manyi/agent/screen/view';
import { twoFacesWithinMs } from '@manyi/config/limits';
import { WebSocket } from 'ws';

/** Somebody at a counter screen, by the same connection that the page has. */
export interface Counter {
  /** Does something, and says whether the terminal kept it. Rejects when the connection ends before the answer. */
  readonly does: (input: ScreenInput) => Promise<boolean>;
  /** Waits until the screen shows something. */
  readonly shows: (expected: (view: ScreenView) => boolean) => Promise<ScreenView>;
  readonly close: () => void;
}

/** The time that a hand needs from one face to the next: sooner, they would be two faces at once. */
export const handMoves = () => pass(2 * twoFacesWithinMs);

/** Steps up to the screen at `http://127.0.0.1:…`. */
export async function stepUp(address: string): Promise<Counter> {
  const socket = new WebSocket(`${address.replace('http', 'ws')}/screen`, { origin: address });
  const looking = new Set<(message: ScreenMessage | null) => void>();
  let latest: ScreenMessage | null = null;
  let number = 0;
  socket.on('message', (data) => {
    latest = JSON.parse(String(data)) as ScreenMessage;
    for (const look of looking) look(latest);
  });
  let gone = false;
  socket.on('close', () => {
    gone = true;
    for (const look of looking) look(null);
  });
  socket.on('error', () => {});
  const refused = once(socket, 'close').then(() => {
    throw new Error('no screen');
  });
  refused.catch(() => {});
  await Promise.race([once(socket, 'open'), refused]);

  const until = (expected: (message: ScreenMessage) => boolean) =>
    new Promise<ScreenMessage>((resolve, reject) => {
      const look = (message: ScreenMessage | null) => {
        if (message !== null && !expected(message)) return;
        looking.delete(look);
        if (message === null) reject(new Error('the screen has gone'));
        else resolve(message);
      };
      looking.add(look);
      if (gone) look(null);
      else if (latest !== null) look(latest);
    });
  return {
    does: async (input) => {
      number += 1;
      const mine = number;
      socket.send(JSON.stringify({ number: mine, input }));
      return (await until((message) => message.heard >= mine)).kept;
    },
    shows: async (expected) => (await until((message) => expected(message.view))).view,
    close: () => socket.terminate(),
  };
}
