import type { ScreenInput } from '../input.ts';
import type { ScreenMessage } from '../view.ts';

/** Longer than three heartbeats of the server, in milliseconds: what is shown is no longer true. */
const staleMs = 7000;
/** How long to wait before the next try, in milliseconds. The agent is on this machine: asking often costs nothing. */
const retryMs = 1000;

/** The page's line to its agent. It opens itself again for ever. */
export interface Connection {
  /** Sends an input. False when there is no line: nothing was sent, and nothing will be later. */
  send(input: ScreenInput): boolean;
}

export interface ConnectionListener {
  /** The agent has spoken. `answered` when every input sent on this line has been carried out. */
  onMessage(message: ScreenMessage, answered: boolean): void;
  onLost(): void;
}

/** Opens the line, and keeps opening it. */
export function connect(listener: ConnectionListener): Connection {
  let socket: WebSocket | null = null;
  let sent = 0;
  let watch: ReturnType<typeof setTimeout> | undefined;
  const lose = () => {
    clearTimeout(watch);
    if (socket === null) return;
    const lost = socket;
    socket = null;
    lost.close();
    listener.onLost();
    setTimeout(open, retryMs);
  };
  const open = () => {
    sent = 0;
    const opened = new WebSocket(`ws://${location.host}/screen`);
    socket = opened;
    watch = setTimeout(lose, staleMs);
    opened.onclose = () => {
      if (socket === opened) lose();
    };
    opened.onmessage = ({ data }) => {
      if (socket !== opened) return;
      clearTimeout(watch);
      watch = setTimeout(lose, staleMs);
      const message: ScreenMessage = JSON.parse(String(data));
      listener.onMessage(message, message.heard >= sent);
    };
  };
  open();
  return {
    send(input) {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      sent += 1;
      socket.send(JSON.stringify({ number: sent, input }));
      return true;
    },
  };
}
