import { Aedes, type AedesOptions, type Client, type PublishPacket } from 'aedes';

/** Takes a message of a client; resolves, or gives null at once, when the client may be read on. */
export type Intake = (client: Client, packet: PublishPacket) => Promise<void> | null;

type Done = (error?: Error) => void;

/**
 * aedes, where what clients publish goes to the hub, and but for the topics that `isRouted` names to nobody else: it is neither routed
 * nor retained. Until the hub has room for it, the client is not read on; its packets wait in its own socket. What the hub publishes
 * takes the usual way.
 */
export class HubAedes extends Aedes {
  readonly #intake: Intake;
  readonly #isRouted: (topic: string) => boolean;

  constructor(options: AedesOptions, intake: Intake, isRouted: (topic: string) => boolean) {
    super(options);
    this.#intake = intake;
    this.#isRouted = isRouted;
  }

  override publish(packet: PublishPacket, client: Client | Done | null, done?: Done): void {
    if (typeof client === 'function') {
      super.publish(packet, client);
      return;
    }
    const answer = done ?? (() => {});
    if (client === null || client === undefined) {
      super.publish(packet, answer);
      return;
    }
    const wait = this.#intake(client, packet);
    const then = this.#isRouted(packet.topic) ? () => super.publish(packet, answer) : answer;
    if (wait !== null) wait.then(() => then(), answer);
    // aedes calls this for QoS 0 while it still parses, and must not be called back before it has finished.
    else if (packet.qos === 0) setImmediate(then);
    else then();
  }
}
