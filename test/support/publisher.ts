import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/**
 * The cheapest MQTT 3.1.1 publisher there can be, for load: it writes QoS 1 packets as fast as the socket takes them.
 */
export interface Publisher {
  /** Writes a packet; resolves when the socket wants more. */
  send(topic: string, payload: Buffer): Promise<void> | null;
  /** Announces a packet with a payload of so many bytes, which is up to the caller to write. */
  sendHead(topic: string, payloadBytes: number): void;
  readonly socket: Socket;
  close(): void;
}

export async function startPublisher(port: number, name: string): Promise<Publisher> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(connectPacket(name));
  await once(socket, 'data');
  socket.on('error', () => {});
  socket.resume();
  let id = 0;
  return {
    send(topic, payload) {
      id = (id % 65_535) + 1;
      const head = publishHead(topic, payload.length, id);
      socket.cork();
      socket.write(head);
      const more = socket.write(payload);
      process.nextTick(() => socket.uncork());
      return more ? null : drained(socket);
    },
    sendHead(topic, payloadBytes) {
      socket.write(publishHead(topic, payloadBytes, 1));
    },
    socket,
    close: () => socket.destroy(),
  };
}

async function drained(socket: Socket): Promise<void> {
  await once(socket, 'drain');
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function remaining(length: number): Buffer {
  const bytes: number[] = [];
  let rest = length;
  do {
    bytes.push((rest % 128) + (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.from(bytes);
}

/** Clean session, with the name as client id, user name and password (section 3.1). */
function connectPacket(name: string): Buffer {
  const body = Buffer.concat([text('MQTT'), Buffer.from([4, 0xc2, 0, 60]), text(name), text(name), text(name)]);
  return Buffer.concat([Buffer.from([0x10]), remaining(body.length), body]);
}

/** Everything of a QoS 1 PUBLISH before its payload (section 3.3). */
function publishHead(topic: string, payload: number, id: number): Buffer {
  const name = text(topic);
  const length = remaining(name.length + 2 + payload);
  const number = Buffer.alloc(2);
  number.writeUInt16BE(id);
  return Buffer.concat([Buffer.from([0x32]), length, name, number]);
}
