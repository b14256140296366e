import { Aedes, type AedesOptions, type Client, type PublishPacket } from 'aedes';

/** Takes a message of a client; resolves, or gives null at once, when the client may be read on. */
export type Intake = (client: Client, packet: PublishPacket) => Promise<void> | null;

type Done = (error?: Error) => void;

/**
 * aedes, where what clients publish goes to the hub alone and is neither routed nor retained: nobody else may read it. Until the hub
 * has room for it, the client is not read on; its packets wait in its own socket. What the hub publishes takes the usual way.
 */
export class HubAedes extends Aedes {
  readonly #intake: Intake;

  constructor(options: AedesOptions, intake: Intake) {
    super(options);
    this.#intake = intake;
  }

  override publish(packet: PublishPacket, client: Client | Done | null, done?: Done): void {
    if (typeof client === 'function') {
      super.publish(packet, client);
      return;
    }
    const then = done ?? (() => {});
    if (client === null || client === undefined) {
      super.publish(packet, then);
      return;
    }
    const wait = this.#intake(client, packet);
    if (wait !== null) wait.then(() => then(), then);
    // aedes calls this for QoS 0 while it still parses, and must not be called back before it has finished.
    else if (packet.qos === 0) setImmediate(then);
    else then();
  }
}
