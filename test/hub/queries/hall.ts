import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Me } from '@manyi/config/api';
import { eventSequence, eventSource } from '@manyi/config/envelope';
import type { EventType } from '@manyi/config/events';
import type { ProfileId } from '@manyi/config/profiles';
import type { SiteMode } from '@manyi/config/terminal-settings';
import { terminalTopic } from '@manyi/config/topics';
import { createFollowUp } from '@manyi/hub/cases/follow-up';
import { caseRoutes } from '@manyi/hub/cases/routes';
import { createCaseStore } from '@manyi/hub/cases/store';
import { openDatabase } from '@manyi/hub/database/database';
import { guard } from '@manyi/hub/http/auth';
import { startIngest } from '@manyi/hub/ingest/ingest';
import { openLedger } from '@manyi/hub/ledger/ledger';
import { liveRoutes } from '@manyi/hub/live/routes';
import { createScoreboard } from '@manyi/hub/scores/board';
import { scoreRoutes } from '@manyi/hub/scores/routes';
import { serviceRoutes } from '@manyi/hub/services/routes';
import { setAsideRoutes } from '@manyi/hub/services/set-aside-routes';
import { createDecide } from '@manyi/hub/tallies/decide';
import { rebuild } from '@manyi/hub/tallies/rebuild';
import { openTallies } from '@manyi/hub/tallies/store';
import { createPresences } from '@manyi/hub/terminals/presence';
import { fastify } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { pino } from 'pino';

export interface HallSite {
  readonly id: string;
  readonly timeZone?: string;
  readonly mode?: SiteMode;
  readonly profile?: ProfileId;
  readonly counters?: number;
}

/** An event to come from a terminal: its type without prefix and version, its data, and when it happened. */
export interface Happening {
  readonly type:
    | 'rating.given'
    | 'service.started'
    | 'service.ended'
    | 'duty.started'
    | 'duty.paused'
    | 'duty.ended'
    | 'reason.given';
  readonly at: number;
  readonly site?: string;
  readonly counter?: number;
  readonly data?: Record<string, unknown>;
}

const foldedTables = ['tallies', 'services', 'ratings'];

const administrator: Me = { username: 'admin', name: 'Admin', role: 'administrator', sites: null };

/**
 * The hub from ingest to HTTP with its real parts: database, ledger, tallies and server; only the broker is left out, and `tell`
 * hands messages to the ingest as the broker would. Terminals are `{site}-t1`, `{site}-t2` … at `counter-1`, `counter-2` …
 */
export async function openHall(sites: readonly HallSite[], now: number) {
  const folder = mkdtempSync(join(tmpdir(), 'manyi-queries-'));
  const database = openDatabase(folder);
  const { sqlite } = database;
  const log = pino({ level: 'silent' });
  const clock = { now: () => now };
  const ledger = openLedger(database, clock, (error) => log.error(error));
  const presences = createPresences(clock.now);
  const receipts = new Map<string, { through: number; wake: () => void }>();
  const markOf = (terminal: string) => {
    const mark = receipts.get(terminal) ?? { through: 0, wake: () => {} };
    receipts.set(terminal, mark);
    return mark;
  };
  for (const site of sites) makeSite(site);

  const ingest = startIngest({
    database,
    ledger,
    clock,
    log,
    sendReceipt({ terminal, receipt }) {
      const mark = markOf(terminal);
      mark.through = receipt.through;
      mark.wake();
    },
    onStatus: ({ terminal, status }) => presences.heard(terminal, status),
    onStorage: () => {},
  });
  const users = new Map<string, Me>([['admin', administrator]]);
  const userOfToken = (token: string) => users.get(token) ?? null;
  const scoreboard = createScoreboard(database, clock);
  const cases = createCaseStore(database);
  const followUp = createFollowUp({ database, store: cases, ledger, now: clock.now });
  const app = fastify({ forceCloseConnections: true });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await guard(app, { userOfToken, terminalOf: () => null });
  await app.register(
    async (api) => {
      await api.register(scoreRoutes, { scoreboard });
      await api.register(serviceRoutes, { database });
      await api.register(setAsideRoutes, { database, decide: createDecide(database, ledger, clock.now) });
      await api.register(caseRoutes, { followUp, store: cases });
      await api.register(liveRoutes, { database, ledger, scoreboard, presences, clock, userOfToken });
    },
    { prefix: '/api/v1' },
  );
  await app.listen({ host: '127.0.0.1', port: 0 });
  const base = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/api/v1`;

  function makeSite({ id, timeZone = 'Asia/Shanghai', mode = 'called', profile = 'four-key', counters = 2 }: HallSite) {
    sqlite
      .prepare('INSERT INTO sites (id, name, time_zone, mode, profile) VALUES (?, ?, ?, ?, ?)')
      .run(id, `Hall ${id}`, timeZone, mode, profile);
    for (let one = 1; one <= counters; one++) {
      sqlite.prepare('INSERT INTO counters (site, id, name) VALUES (?, ?, ?)').run(id, `counter-${one}`, `窗口 ${one}`);
      sqlite
        .prepare('INSERT INTO terminals (id, site, counter) VALUES (?, ?, ?)')
        .run(`${id}-t${one}`, id, `counter-${one}`);
    }
  }

  const outboxes = new Map<string, { outbox: string; seq: number }>();
  const numbered = (terminal: string) => {
    const known = outboxes.get(terminal) ?? { outbox: randomUUID(), seq: 0 };
    outboxes.set(terminal, known);
    known.seq += 1;
    return known;
  };

  function publish(happening: Happening): string {
    const site = happening.site ?? sites[0]?.id ?? '';
    const counter = happening.counter ?? 1;
    const terminal = `${site}-t${counter}`;
    const { outbox, seq } = numbered(terminal);
    const type = `manyi.${happening.type}.v1` satisfies EventType;
    const own = happening.type === 'rating.given' ? { service: randomUUID(), clerk: null } : {};
    const event = {
      specversion: '1.0',
      id: randomUUID(),
      source: eventSource(site, terminal),
      type,
      time: new Date(happening.at).toISOString(),
      sequence: eventSequence(seq),
      data: { outbox, seq, counter: `counter-${counter}`, ...own, ...happening.data },
    };
    const payload = Buffer.from(JSON.stringify(event));
    void ingest.take({
      site,
      terminal,
      channel: 'events',
      topic: terminalTopic(site, terminal, 'events'),
      payload,
      arrived: now,
    });
    return terminal;
  }

  /** Publishes events, and resolves when their terminals have the receipts. */
  async function tell(happenings: readonly Happening[]): Promise<void> {
    const last = new Map(happenings.map((happening) => [publish(happening), 0]));
    for (const terminal of last.keys()) await receipted(terminal, outboxes.get(terminal)?.seq ?? 0);
  }

  function receipted(terminal: string, seq: number): Promise<void> {
    return new Promise((resolve) => {
      const mark = markOf(terminal);
      mark.wake = () => {
        if (mark.through >= seq) resolve();
      };
      mark.wake();
    });
  }

  return {
    base,
    ledger,
    users,
    tell,
    now,
    hearStatus(site: string, counter: number, status: Record<string, unknown>) {
      const terminal = `${site}-t${counter}`;
      const payload = Buffer.from(JSON.stringify(status));
      void ingest.take({
        site,
        terminal,
        channel: 'status',
        topic: terminalTopic(site, terminal, 'status'),
        payload,
        arrived: now,
      });
    },
    addClerk(id: string, name: string, site = sites[0]?.id ?? '') {
      sqlite.prepare('INSERT INTO clerks (id, site, name, number) VALUES (?, ?, ?, ?)').run(id, site, name, id);
    },
    /** Asks as a user, by their token. */
    ask(path: string, headers: Record<string, string> = {}, token = 'admin'): Promise<Response> {
      return fetch(`${base}${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } });
    },
    post(path: string, body: unknown, token = 'admin'): Promise<Response> {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      return fetch(`${base}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    },
    /** Looks at the ratings that nobody has looked at yet for bad ones, a page; true when there may be more. */
    openCases: followUp.openSome,
    /** What is folded from the ledger, and folds it anew. */
    folded: () => foldedTables.map((table) => sqlite.prepare(`SELECT * FROM ${table} ORDER BY 1, 2, 3, 4, 5`).all()),
    rebuild: () => rebuild(database, ledger, openTallies(database), () => 'Asia/Shanghai'),
    async json<T>(path: string, token = 'admin'): Promise<T> {
      const response = await fetch(`${base}${path}`, { headers: { authorization: `Bearer ${token}` } });
      if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    async close() {
      await app.close();
      await ingest.close();
      await database.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export type Hall = Awaited<ReturnType<typeof openHall>>;
