import { IncomingMessage } from 'node:http';

/**
 * A request that leaves HTTP only for a WebSocket. Many clients offer HTTP/2 by the same header, Java's with every first request: that is
 * passed over (RFC 9110 section 7.8), where Node would hand their connection out of HTTP once anybody takes WebSockets.
 */
export class HubRequest extends IncomingMessage {
  declare private asksUpgrade: boolean | undefined;

  get upgrade(): boolean {
    return this.asksUpgrade === true && this.headers.upgrade?.toLowerCase() === 'websocket';
  }

  /** Node's parser sets it. */
  set upgrade(asks: boolean) {
    this.asksUpgrade = asks;
  }
}
