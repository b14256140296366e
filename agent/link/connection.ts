import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import mqtt from 'mqtt';
import type { Log } from '../log.ts';

/** The line to the broker: it connects for ever, each time with a client of its own. */
export interface Connection {
  /** Sends with QoS 1 if there is a connection; without one it does nothing, and the caller's own books decide what is sent later. */
  publish(topic: string, payload: string, options?: { retain?: boolean }): void;
  /**
   * Sends with QoS 0, now or never: false when there is no connection, or the hub has not taken what went before. What passes here is
   * never in the way of what is published: at most `maxStreaming` of it is on the line.
   */
  stream(topic: string, payload: Uint8Array): boolean;
  /** How many messages the broker has not acknowledged yet. */
  unacknowledged(): number;
  /** Gives this connection up and makes another. */
  renew(): void;
  /** Says the last words on the status topic and hangs up for good. */
  close(): Promise<void>;
}

export interface ConnectionParts {
  readonly broker: string;
  readonly username: string;
  readonly password: string;
  readonly statusTopic: string;
  /** What the status topic says when a connection, named by a UUID, is gone. */
  readonly offline: (connection: string) => string;
  readonly subscriptions: readonly string[];
  /** Connected and subscribed. */
  readonly onOnline: (connection: string) => void;
  readonly onOffline: () => void;
  readonly onMessage: (topic: string, payload: Buffer) => void;
  readonly log: Log;
}

const connectWithinMs = 10_000;
const keepAliveSeconds = 15;
const farewellMs = 2000;
/** How many streamed messages may be on the line at once: half a second of sound, and so the most that an event can wait for it. */
const maxStreaming = 5;
const firstPauseMs = 500;
const longestPauseMs = 15_000;

/** Between half and all of a pause that doubles with every failure, so that a hall does not come back in one instant. */
export function pauseBefore(attempt: number, random: number): number {
  const pause = Math.min(firstPauseMs * 2 ** Math.min(attempt, 10), longestPauseMs);
  return Math.round(pause * (0.5 + random / 2));
}

export function createConnection(parts: ConnectionParts): Connection {
  const { statusTopic, offline, subscriptions, onOnline, onOffline, onMessage, log } = parts;
  let client: mqtt.MqttClient | null = null;
  let connection = randomUUID();
  let online = false;
  let unacknowledged = 0;
  /** Streamed messages that the broker has not read yet. */
  let streaming = 0;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  /** One client lives for one connection: its own memory of unsent messages never outlives it. */
  function connect(): void {
    connection = randomUUID();
    unacknowledged = 0;
    streaming = 0;
    const mine = mqtt.connect(parts.broker, {
      username: parts.username,
      password: parts.password,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: connectWithinMs,
      keepalive: keepAliveSeconds,
      queueQoSZero: false,
      will: { topic: statusTopic, payload: Buffer.from(offline(connection)), qos: 1, retain: true },
    });
    client = mine;
    // The hub closes what it does not let in; reaching it is not enough to be online, hearing it is.
    mine.on('connect', () => void mine.subscribe([...subscriptions], { qos: 1 }, (error) => greet(mine, error)));
    mine.on('message', (topic, payload) => client === mine && onMessage(topic, payload));
    mine.on('packetreceive', ({ cmd }) => {
      if (client === mine && cmd === 'pingresp') streaming = Math.max(0, streaming - 1);
    });
    mine.on('error', (error) => log.debug(`broker: ${error.message}`));
    mine.on('close', () => lost(mine));
  }

  function greet(mine: mqtt.MqttClient, error: Error | null): void {
    if (client !== mine || closed) return;
    if (error) {
      renew();
      return;
    }
    online = true;
    failures = 0;
    log.info(`connected to ${parts.broker}`);
    onOnline(connection);
  }

  function lost(mine: mqtt.MqttClient): void {
    if (client !== mine) return;
    client = null;
    mine.end(true);
    if (online || failures === 0) log.warn(`no connection to ${parts.broker}, trying for ever`);
    if (online) {
      online = false;
      onOffline();
    }
    if (!closed) timer = setTimeout(connect, pauseBefore(failures++, Math.random()));
  }

  function renew(): void {
    if (client) lost(client);
  }

  connect();
  return {
    publish(topic, payload, { retain = false } = {}) {
      if (!online || !client) return;
      const mine = client;
      unacknowledged += 1;
      mine.publish(topic, payload, { qos: 1, retain }, () => {
        if (client === mine) unacknowledged -= 1;
      });
    },
    stream(topic, payload) {
      if (!online || !client || streaming >= maxStreaming || client.stream.writableNeedDrain) return false;
      streaming += 1;
      client.publish(topic, Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength), { qos: 0 });
      // Nothing acknowledges QoS 0, and the system's own buffers would take minutes of sound: the answer to a ping behind it says that it is through.
      client.sendPing();
      return true;
    },
    unacknowledged: () => unacknowledged,
    renew,
    async close() {
      closed = true;
      clearTimeout(timer);
      const mine = client;
      client = null;
      if (!mine) return;
      if (online) {
        mine.publish(statusTopic, offline(connection), { qos: 1, retain: true });
        // A broker that no longer answers must not hold up a terminal that wants to stop.
        await Promise.race([mine.endAsync(), wait(farewellMs, undefined, { ref: false })]);
      }
      mine.end(true);
    },
  };
}
