/** Where sealed clips lie. Names are made by the hub, never by a client. */
export interface Keep {
  readonly kind: 'folder' | 's3';
  /** Stores it whole or not at all; it is safe when this resolves. A source that throws leaves nothing behind. */
  put(name: string, bytes: number, source: AsyncIterable<Buffer>): Promise<void>;
  /** Some bytes of it, `to` excluded; fewer where it is shorter. Rejects with `NotKept` when it is not there, also half-way. */
  read(name: string, from: number, to: number): Promise<AsyncIterable<Buffer>>;
  /** Takes it away; it may be gone already. */
  remove(name: string): Promise<void>;
  /** The names of all that lies there, in no order. What an earlier end of the hub has left unfinished is taken away meanwhile. */
  names(): AsyncIterable<string>;
  /** How many bytes more it takes, as far as it says; infinitely many where it does not. */
  free(): Promise<number>;
}

/** What was asked for is not there, or not any more, while the storage itself answers. */
export class NotKept extends Error {
  constructor(name: string, options?: ErrorOptions) {
    super(`${name} is not in the storage`, options);
    this.name = 'NotKept';
  }
}

/** What was asked for lies there, and cannot be read. */
export class Unreadable extends NotKept {}

/** The clip that a name is of; null for a name that the hub gives to none. */
export function clipNamed(name: string): string | null {
  const recording = /^[0-9a-f]{2}\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.clip$/.exec(name)?.[1];
  return recording !== undefined && keptName(recording) === name ? recording : null;
}

/** The name of a clip's file. The last digits spread files over 256 folders also where ids begin with the time. */
export function keptName(recording: string): string {
  return `${recording.slice(-2)}/${recording}.clip`;
}
