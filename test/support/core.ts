import { terminalTopic } from '@manyi/config/topics';
import { type Broker, startBroker } from '@manyi/hub/broker/broker';
import { systemClock } from '@manyi/hub/clock';
import { type Database, openDatabase } from '@manyi/hub/database/database';
import { type Ingest, startIngest } from '@manyi/hub/ingest/ingest';
import type { HeardStatus } from '@manyi/hub/ingest/work';
import { type Ledger, openLedger } from '@manyi/hub/ledger/ledger';
import { pino } from 'pino';

/** The hub from its broker to its ledger, without people and pages: every terminal's password is its name. */
export interface Core {
  readonly port: number;
  readonly database: Database;
  readonly ledger: Ledger;
  readonly broker: Broker;
  readonly ingest: Ingest;
  readonly statuses: HeardStatus[];
  /** The lines logged so far, as pino wrote them. */
  readonly lines: string[];
  close(): Promise<void>;
}

export interface CoreOptions {
  readonly folder: string;
  readonly port?: number;
  /** The terminals that exist, at counters of the same number. */
  readonly terminals: number;
  readonly mode?: 'called' | 'continuous';
}

export const site = 'main-hall';

export async function startCore({ folder, port = 0, terminals, mode = 'called' }: CoreOptions): Promise<Core> {
  const database = openDatabase(folder);
  enrol(database, terminals, mode);
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const statuses: HeardStatus[] = [];
  const ledger = openLedger(database, systemClock, (error) => log.error({ err: error }, 'a follower failed'));
  const ingest = startIngest({
    database,
    ledger,
    clock: systemClock,
    log,
    sendReceipt: ({ site, terminal, receipt }) => {
      const topic = terminalTopic(site, terminal, 'receipts');
      void broker.publish(topic, JSON.stringify(receipt), { retain: false, qos: 1 });
    },
    onStatus: (heard) => statuses.push(heard),
    onStorage: (works) => broker.setAvailable(works),
  });
  ingest.retryQuarantine();
  const broker = await startBroker({
    host: '127.0.0.1',
    port,
    log,
    authenticate: (username, password) =>
      /^terminal-\d+$/.test(username) && password === username ? { site, terminal: username } : null,
    onMessage: (message) =>
      message.channel === 'audio' ? null : ingest.take({ ...message, channel: message.channel, arrived: Date.now() }),
    onRefused: ingest.countRefusal,
  });
  return {
    port: broker.port,
    database,
    ledger,
    broker,
    ingest,
    statuses,
    lines,
    async close() {
      await broker.close();
      await ingest.close();
      await database.close();
    },
  };
}

function enrol({ sqlite }: Database, terminals: number, mode: string): void {
  sqlite.transaction(() => {
    sqlite
      .prepare("INSERT OR IGNORE INTO sites VALUES (?, 'Main hall', 'Asia/Shanghai', ?, 'four-key')")
      .run(site, mode);
    const counter = sqlite.prepare('INSERT OR IGNORE INTO counters (site, id, name) VALUES (?, ?, ?)');
    const terminal = sqlite.prepare('INSERT OR IGNORE INTO terminals (id, site, counter) VALUES (?, ?, ?)');
    for (let number = 1; number <= terminals; number++) {
      counter.run(site, `counter-${number}`, `Counter ${number}`);
      terminal.run(`terminal-${number}`, site, `counter-${number}`);
    }
  })();
}
