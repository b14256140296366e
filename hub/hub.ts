import { terminalTopic } from '@manyi/config/topics';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { type Logger, pino } from 'pino';
import { alertRoutes } from './alerts/routes.ts';
import { type Audit, openAudit } from './audit/audit.ts';
import { type AuditWatch, watchAudit } from './audit/watch.ts';
import { type Broker, startBroker } from './broker/broker.ts';
import { type Cases, openCases } from './cases/cases.ts';
import { type Clock, systemClock } from './clock.ts';
import { makeDataFolder } from './data-folder.ts';
import { type Database, openDatabase } from './database/database.ts';
import { createMetrics } from './http/metrics.ts';
import { createServer, listen } from './http/server.ts';
import { createThrottle } from './http/throttle.ts';
import { type Ingest, startIngest } from './ingest/ingest.ts';
import { type Ledger, openLedger } from './ledger/ledger.ts';
import { type ListeningIn, openListening } from './listening/listening.ts';
import { liveRoutes } from './live/routes.ts';
import { createChanges } from './people/changes.ts';
import { openPeople, type People } from './people/people.ts';
import { openRecordings, type Recordings } from './recordings/recordings.ts';
import { createScoreboard } from './scores/board.ts';
import { scoreRoutes } from './scores/routes.ts';
import { serviceRoutes } from './services/routes.ts';
import { setAsideRoutes } from './services/set-aside-routes.ts';
import type { HubSettings } from './settings.ts';
import { createDecide } from './tallies/decide.ts';
import { openTerminals, type Terminals } from './terminals/terminals.ts';

/** A hub that is listening. */
export interface RunningHub {
  /** `http://host:port` and `mqtt://host:port`, as a program on this machine reaches them. */
  readonly http: string;
  readonly mqtt: string;
  /** The one-time link that makes the first administrator, null when there is a user. */
  readonly setupLink: string | null;
  readonly people: People;
  readonly terminals: Terminals;
}

/** A hub: everything between its data folder, its broker and its HTTP. Many may live in one process. */
export interface Hub {
  /** Opens the data and listens. When it fails it says why in one line, and leaves nothing open. */
  start(): Promise<RunningHub>;
  /** Stops listening, takes in what still waits, and closes the data. Once is enough, more do no harm. */
  close(): Promise<void>;
}

export interface HubOptions {
  readonly clock?: Clock;
  readonly log?: Logger;
}

/** Joins the parts of a hub. Nothing is opened before `start`. */
export function createHub(settings: HubSettings, options: HubOptions = {}): Hub {
  const clock = options.clock ?? systemClock;
  const log = options.log ?? pino({ level: settings.logLevel });
  const closers: (() => Promise<unknown>)[] = [];
  let closing: Promise<void> | null = null;

  async function closeAll(): Promise<void> {
    for (const close of closers.reverse()) await close();
  }

  function close(): Promise<void> {
    closing ??= closeAll();
    return closing;
  }

  return {
    close,
    async start() {
      try {
        return await startParts({ settings, clock, log, onClose: (closer) => closers.push(closer) });
      } catch (error) {
        await close();
        throw error;
      }
    },
  };
}

interface StartParts {
  readonly settings: HubSettings;
  readonly clock: Clock;
  readonly log: Logger;
  /** What must be closed again, in the opposite order. */
  readonly onClose: (close: () => Promise<unknown>) => void;
}

async function startParts({ settings, clock, log, onClose }: StartParts): Promise<RunningHub> {
  const onError = (error: unknown) => log.error({ err: error }, 'a part of the hub failed');
  makeDataFolder(settings.data);
  const database = openDatabase(settings.data);
  onClose(() => database.close());
  const ledger = openLedger(database, clock, onError);
  const changes = createChanges(database, ledger);
  const throttle = createThrottle();
  const line = createLine(onError);
  const people = await openPeople(
    {
      database,
      changes,
      throttle,
      now: Date.now,
      siteChanged: (site) => terminals.announcer.siteChanged(site),
      rosterChanged: (site) => terminals.announcer.rosterChanged(site),
    },
    settings.adminPassword,
  );
  const terminals = openTerminals({
    database,
    ledger,
    changes,
    people,
    throttle,
    now: () => clock.now(),
    publish: line.publish,
    disconnect: line.disconnect,
    brokerFor: (hostname) => urlOf('mqtt', settings.mqtt.host, line.port(), hostname),
    policyOf: (site) => recordings.policyOf(site),
    heldAt: (terminal) => recordings.heldAt(terminal),
    onError,
  });
  onClose(() => terminals.close());
  const ingest = openIngest({ database, ledger, clock, log, line, terminals });
  onClose(() => ingest.close());
  ingest.retryQuarantine();
  const audit = openAudit(database, clock);
  const auditWatch = watchAudit({ database, clock, log, folder: settings.data });
  onClose(() => auditWatch.close());
  const { tell } = line;
  const { places, users } = people;
  const listening = openListening({
    ...{ database, ledger, audit, clock, terminals, places, tell, onError },
    userOfToken: users.userOfToken,
    limitMinutes: settings.listeningMinutes,
  });
  const closeListening = async () => listening.close();
  onClose(closeListening);
  await openBroker({ settings, clock, log, line, terminals, ingest, listening, onClose });
  const recordings = openRecordings({
    ...{ database, ledger, audit, clock, log },
    folder: settings.data,
    settings: settings.recordings ?? { keyFile: null, bucket: null },
    policyChanged: (site) => terminals.announcer.siteChanged(site),
    heldChanged: (terminal) => terminals.announcer.terminalChanged(terminal),
  });
  onClose(() => recordings.close());
  const cases = openCases({ database, ledger, now: () => clock.now(), onError });
  onClose(async () => cases.close());
  const capabilities = { people, terminals, audit, auditWatch, recordings, listening, cases };
  const app = await openHttp({ database, ledger, clock, log, ...capabilities, ready: line.isOpen });
  onClose(() => app.close());
  // Before the server cuts the listeners off: each is told why, and the log too.
  onClose(closeListening);
  await terminals.announcer.all();
  const http = urlOf('http', settings.http.host, await listen(app, settings.http));
  return {
    http,
    mqtt: urlOf('mqtt', settings.mqtt.host, line.port()),
    setupLink: people.setup.code === null ? null : `${http}/setup?code=${people.setup.code}`,
    people,
    terminals,
  };
}

/** The hub's word to terminals: nothing is said before the broker is open, and nothing is lost, because all is told then. */
interface Line {
  open(broker: Broker): void;
  isOpen(): boolean;
  port(): number;
  publish(topic: string, message: unknown, retain: boolean): Promise<void>;
  /** Says something without waiting. */
  tell(topic: string, message: unknown): void;
  disconnect(terminal: string): void;
  setAvailable(available: boolean): void;
  close(): Promise<void>;
}

function createLine(onError: (error: unknown) => void): Line {
  let broker: Broker | null = null;

  async function publish(topic: string, message: unknown, retain: boolean): Promise<void> {
    await broker?.publish(topic, message === null ? '' : JSON.stringify(message), { retain, qos: 1 });
  }

  return {
    publish,
    open: (opened) => {
      broker = opened;
    },
    isOpen: () => broker !== null,
    port: () => broker?.port ?? 0,
    tell: (topic, message) => void publish(topic, message, false).catch(onError),
    disconnect: (terminal) => broker?.disconnect(terminal),
    setAvailable: (available) => broker?.setAvailable(available),
    async close() {
      const closing = broker;
      broker = null;
      await closing?.close();
    },
  };
}

interface IngestParts {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Logger;
  readonly line: Line;
  readonly terminals: Terminals;
}

function openIngest({ line, terminals, ...parts }: IngestParts): Ingest {
  return startIngest({
    ...parts,
    sendReceipt: ({ site, terminal, receipt }) => line.tell(terminalTopic(site, terminal, 'receipts'), receipt),
    onStatus: ({ terminal, status }) => terminals.registry.heard(terminal, status),
    onStorage: (works) => line.setAvailable(works),
  });
}

interface BrokerParts {
  readonly settings: HubSettings;
  readonly clock: Clock;
  readonly log: Logger;
  readonly line: Line;
  readonly terminals: Terminals;
  readonly ingest: Ingest;
  readonly listening: ListeningIn;
  readonly onClose: StartParts['onClose'];
}

async function openBroker(parts: BrokerParts): Promise<void> {
  const { settings, clock, log, line, terminals, ingest, listening, onClose } = parts;
  const broker = await startBroker({
    ...settings.mqtt,
    log,
    authenticate: terminals.access,
    onMessage: ({ channel, ...message }) => {
      if (channel !== 'audio') return ingest.take({ ...message, channel, arrived: clock.now() });
      listening.take(message.terminal, message.payload);
      return null;
    },
    onRefused: ingest.countRefusal,
  });
  line.open(broker);
  onClose(() => line.close());
}

interface HttpParts {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Logger;
  readonly people: People;
  readonly terminals: Terminals;
  readonly audit: Audit;
  readonly auditWatch: AuditWatch;
  readonly recordings: Recordings;
  readonly listening: ListeningIn;
  readonly cases: Cases;
  readonly ready: () => boolean;
}

async function openHttp({
  database,
  ledger,
  clock,
  log,
  people,
  terminals,
  audit,
  auditWatch,
  recordings,
  listening,
  cases,
  ready,
}: HttpParts): Promise<FastifyInstance> {
  const { userOfToken } = people.users;
  const { registry, presences, deliveries, access } = terminals;
  const scoreboard = createScoreboard(database, clock);
  const metrics = createMetrics({
    position: () => ledger.head,
    counts: deliveries.counts,
    presences: registry.presences,
    droppedFrames: listening.drops,
  });
  ledger.onCommit((entries) => metrics.committed(entries.length));
  const routes: FastifyPluginAsync = async (api) => {
    metrics.watch(api);
    await api.register(people.routes);
    await api.register(terminals.routes);
    await api.register(scoreRoutes, { scoreboard });
    await api.register(liveRoutes, { database, ledger, scoreboard, presences, clock, userOfToken });
    await api.register(serviceRoutes, { database });
    await api.register(alertRoutes, { database });
    await api.register(setAsideRoutes, { database, decide: createDecide(database, ledger, () => clock.now()) });
    await api.register(audit.routes);
    await api.register(auditWatch.routes);
    await api.register(recordings.routes);
    await api.register(listening.routes);
    await api.register(cases.routes);
  };
  const auth = { userOfToken, terminalOf: access };
  return createServer({ log, auth, ready, metrics: metrics.text, routes });
}

const everyAddress = new Set(['0.0.0.0', '::']);

/** The address as a client writes it. Where the program listens on every address, `reachedBy` is the one that this client knows. */
function urlOf(protocol: 'http' | 'mqtt', host: string, port: number, reachedBy = '127.0.0.1'): string {
  const name = everyAddress.has(host) ? reachedBy : host;
  return `${protocol}://${name.includes(':') && !name.startsWith('[') ? `[${name}]` : name}:${port}`;
}
