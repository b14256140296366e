import { page } from '@manyi/config/api';
import {
  type AudioFrame,
  type ListeningEnd,
  type ListeningMessage,
  listening,
  listeningClose,
  listeningMessage,
  readFrame,
} from '@manyi/config/listening';
import { address, read } from '../http/client.ts';

/** Why nothing more comes over a line: the hub's reason, another page of this user took it over, or the hub could not be reached again. */
export type LineEnd = ListeningEnd | 'elsewhere' | 'unreachable';

export interface LineListener {
  onFrame(frame: AudioFrame): void;
  onState(message: Extract<ListeningMessage, { type: 'state' }>): void;
  /** The connection broke, and is tried again. */
  onLost(): void;
  onEnd(why: LineEnd): void;
}

const tryAgainMs = 1_000;
/** The hub keeps a listening for ten seconds; a little more, so that it is the hub that says so. */
const giveUpMs = 14_000;

/** Opens the way of a listening's sound, and opens it again when it breaks. The answer closes it for good. */
export function openLine(id: string, listener: LineListener): () => void {
  const path = address(`/listenings/${id}/audio`);
  let socket: WebSocket;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lostAt: number | null = null;
  let over = false;

  function end(why: LineEnd): void {
    if (over) return;
    over = true;
    clearTimeout(timer);
    listener.onEnd(why);
  }

  function hear({ data }: MessageEvent<ArrayBuffer | string>): void {
    lostAt = null;
    if (typeof data !== 'string') {
      const frame = readFrame(new Uint8Array(data));
      if (frame !== null) listener.onFrame(frame);
      return;
    }
    const message = listeningMessage.safeParse(JSON.parse(data)).data;
    if (message?.type === 'state') listener.onState(message);
    else if (message?.type === 'ended') end(message.why);
  }

  function lost({ code }: CloseEvent): void {
    if (over) return;
    if (lostAt === null) listener.onLost();
    lostAt ??= performance.now();
    if (code === listeningClose.joinedAnew) end('elsewhere');
    else if (performance.now() - lostAt > giveUpMs) end('unreachable');
    else timer = setTimeout(() => void again(), tryAgainMs);
  }

  /** A refused WebSocket does not say why; the list does. */
  async function again(): Promise<void> {
    const known = await read(page(listening), '/listenings').catch(() => null);
    if (over) return;
    if (known !== null && !known.items.some((one) => one.listening === id)) end('went-away');
    else open();
  }

  function open(): void {
    socket = new WebSocket(new URL(path, location.href.replace(/^http/, 'ws')));
    socket.binaryType = 'arraybuffer';
    socket.onmessage = hear;
    socket.onclose = lost;
  }

  open();
  return () => {
    over = true;
    clearTimeout(timer);
    socket.close(1000);
  };
}
