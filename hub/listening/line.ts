import type { WebSocket } from '@fastify/websocket';
import type { ListeningMessage } from '@manyi/config/listening';

/** The WebSocket of one listener. What waits in it is bounded: sound that cannot be heard now is dropped. */
export interface Line {
  /** Sends a frame, or drops it because the listener has not taken those before; answers whether it was sent. */
  send(frame: Buffer): boolean;
  tell(message: ListeningMessage): void;
  /** Looks, once a second, whether the listener is still there and takes the sound. */
  check(): 'well' | 'gone' | 'too-slow';
  /** Closes it: nothing is told of it any more. */
  close(code: number, reason: string): void;
}

/** Frames that a listener may be behind: two seconds of sound. */
const mostBehind = 20;
/** So many more dropped than sent, and the listener is cut off: ten seconds of nothing. */
const mostDebt = 100;
const pingEveryFrames = 4;
const pingEveryMs = 3_000;
/** A listener that answers no ping for so long is gone, whatever the connection says. */
const silentMs = 9_000;

/** `onClosed` is told once when the listener closes it, or it breaks: `left` is whether they said so. */
export function openLine(socket: WebSocket, onClosed: (left: boolean) => void): Line {
  let [sent, taken, debt] = [0, 0, 0];
  let heardAt = performance.now();
  let pingedAt = heardAt;
  let open = true;

  /** Each ping carries how many frames went before it: its answer says that they have arrived. */
  function ping(): void {
    pingedAt = performance.now();
    socket.ping(String(sent));
  }

  socket.on('pong', (data: Buffer) => {
    heardAt = performance.now();
    const count = Number(data.toString());
    if (count <= sent && count > taken) taken = count;
  });
  socket.on('close', (code: number) => {
    if (!open) return;
    open = false;
    onClosed(code === 1000 || code === 1001 || code === 1005);
  });
  ping();

  return {
    send(frame) {
      if (!open) return false;
      if (sent - taken >= mostBehind) {
        debt += 1;
        return false;
      }
      debt = Math.max(0, debt - 1);
      sent += 1;
      socket.send(frame, { binary: true });
      if (sent % pingEveryFrames === 0) ping();
      return true;
    },
    tell(message) {
      if (open) socket.send(JSON.stringify(message));
    },
    check() {
      const now = performance.now();
      if (now - pingedAt >= pingEveryMs) ping();
      if (now - heardAt >= silentMs) return 'gone';
      return debt >= mostDebt ? 'too-slow' : 'well';
    },
    close(code, reason) {
      if (!open) return;
      open = false;
      socket.close(code, reason);
      // One that does not answer must not hold anything open.
      setTimeout(() => socket.terminate(), 2_000).unref();
    },
  };
}
