import type { Socket } from 'node:net';
import type { AedesOptions, AuthErrorCode, AuthenticateError, Client } from 'aedes';
import type { Logger } from 'pino';
import type { RefusalReason, TerminalIdentity } from './access.ts';
import type { Connections } from './connections.ts';
import { failureThrottle } from './throttle.ts';

export interface DoorParts {
  readonly log: Logger;
  readonly known: Connections;
  readonly authenticate: (username: string, password: string) => TerminalIdentity | null;
  readonly onRefused: (terminal: string, why: RefusalReason) => void;
}

/** Decides who comes in, and what each may publish and hear. */
export interface Door {
  readonly handlers: Pick<AedesOptions, 'preConnect' | 'authenticate' | 'authorizePublish' | 'authorizeSubscribe'>;
  setAvailable(available: boolean): void;
}

/** MQTT 3.1.1, table 3.1: connect return codes. */
const serverUnavailable = 3 as AuthErrorCode;
const notAuthorized = 5 as AuthErrorCode;

export function doorOf({ log, known, authenticate, onRefused }: DoorParts): Door {
  const throttle = failureThrottle(() => performance.now());
  const wills = new WeakMap<Client, string>();
  let available = true;

  const refuse = (client: Client, why: RefusalReason, topic: string): Error => {
    const terminal = known.get(client)?.identity.terminal ?? '';
    log.warn({ terminal, topic: topic.slice(0, 200) }, `${why}: the connection of a terminal is closed`);
    onRefused(terminal, why);
    return new Error(why);
  };

  return {
    handlers: {
      preConnect(client, packet, done) {
        // No sessions, so that nothing gathers for those who do not come back; and ids of one terminal never meet another's.
        packet.clean = true;
        if (packet.clientId !== '') packet.clientId = `${packet.username ?? ''}/${packet.clientId}`;
        if (packet.will !== undefined) wills.set(client, packet.will.topic);
        done(null, true);
      },
      authenticate(client, username, password, done) {
        if (!available) return done(refusal(serverUnavailable), false);
        const identity = authenticate(username ?? '', password?.toString() ?? '');
        if (identity === null) return turnAway(client, throttle, log, () => done(refusal(notAuthorized), false));
        const { grants } = known.admit(client, identity);
        const will = wills.get(client);
        if (will !== undefined && !grants.publishes.has(will)) {
          refuse(client, 'foreign-will', will);
          return done(refusal(notAuthorized), false);
        }
        done(null, true);
      },
      authorizePublish(client, { topic }, done) {
        const mayPublish = client !== null && known.get(client)?.grants.publishes.has(topic);
        done(mayPublish || client === null ? null : refuse(client, 'foreign-topic', topic));
      },
      authorizeSubscribe(client, subscription, done) {
        if (known.get(client)?.grants.subscribes.has(subscription.topic)) return done(null, subscription);
        done(refuse(client, 'foreign-subscription', subscription.topic));
      },
    },
    setAvailable(now) {
      available = now;
    },
  };
}

/** Answers a wrong credential, later with every failure, and without a hint which part was wrong. */
function turnAway(client: Client, throttle: ReturnType<typeof failureThrottle>, log: Logger, answer: () => void): void {
  const address = (client.conn as Socket).remoteAddress ?? '';
  const { waitMs, isFirst } = throttle.failed(address);
  if (isFirst)
    log.warn({ address }, 'a wrong terminal name or password; more from this address within a minute are not logged');
  if (waitMs === null) client.conn.destroy();
  else setTimeout(answer, waitMs).unref();
}

function refusal(returnCode: AuthErrorCode): AuthenticateError {
  return Object.assign(new Error('refused'), { returnCode });
}
