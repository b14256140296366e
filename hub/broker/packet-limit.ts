import type { Socket } from 'node:net';

/**
 * Reads the fixed headers of MQTT packets (MQTT 3.1.1, section 2.2) as their bytes go by, so that a packet over the limit is refused
 * by its announced length, before anything of it is gathered.
 */
export function packetWatch(maxBytes: number): (chunk: Buffer) => boolean {
  let skip = 0;
  let inLength = false;
  let length = 0;
  let shift = 0;

  /** Takes one byte of a fixed header; false when the packet is too large or the length is malformed. */
  const header = (byte: number): boolean => {
    if (!inLength) {
      inLength = true;
      length = 0;
      shift = 0;
      return true;
    }
    length += (byte & 0x7f) * 2 ** shift;
    shift += 7;
    if (length > maxBytes) return false;
    if ((byte & 0x80) !== 0) return shift < 28;
    inLength = false;
    skip = length;
    return true;
  };

  return (chunk) => {
    for (let at = 0; at < chunk.length; ) {
      const passed = Math.min(skip, chunk.length - at);
      skip -= passed;
      at += passed;
      if (at < chunk.length && !header(chunk[at++] as number)) return false;
    }
    return true;
  };
}

/**
 * Lets nothing of a socket through that belongs to a packet over the limit: the connection is destroyed instead, after `onTooLarge`.
 * Whoever reads the socket does so by `read`, as aedes does; bytes are looked at on their way out of it, and copied nowhere.
 */
export function limitPackets(socket: Socket, maxBytes: number, onTooLarge: () => void): void {
  const watch = packetWatch(maxBytes);
  const read = socket.read.bind(socket);
  socket.read = (size?: number): Buffer | null => {
    const chunk: Buffer | null = read(size);
    if (chunk === null || watch(chunk)) return chunk;
    onTooLarge();
    socket.destroy();
    return null;
  };
}
