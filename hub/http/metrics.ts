import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

interface Count {
  readonly why: string;
  readonly count: number;
}

/** Where the figures come from. They are asked when somebody reads the metrics. */
export interface MetricSources {
  readonly position: () => number;
  readonly counts: () => { readonly refused: readonly Count[]; readonly quarantined: readonly Count[] };
  readonly presences: () => readonly { readonly state: string }[];
  /** Frames of live sound that went no further, by why. */
  readonly droppedFrames: () => ReadonlyMap<string, number>;
}

export interface Metrics {
  /** The text format of Prometheus. */
  text(): Promise<string>;
  /** Entries were committed together. */
  committed(entries: number): void;
  /** Counts the readers of the live stream of the server. */
  watch(app: FastifyInstance): void;
}

export function createMetrics(sources: MetricSources): Metrics {
  const registers = [new Registry()];
  const ingested = new Counter({ name: 'manyi_entries_total', help: 'Ledger entries since the start', registers });
  const batch = new Histogram({
    name: 'manyi_batch_entries',
    help: 'Ledger entries of one commit',
    buckets: [1, 5, 20, 50, 100, 200, 500],
    registers,
  });
  const readers = new Gauge({ name: 'manyi_live_clients', help: 'Readers of the live stream', registers });
  gauge('manyi_ledger_position', 'The newest ledger position', sources.position);
  gauge('process_resident_memory_bytes', 'Resident memory', () => process.memoryUsage.rss());
  byLabel('manyi_refusals', 'Refused at the door of the broker', 'why', () => sources.counts().refused);
  byLabel('manyi_quarantined', 'Put in quarantine', 'why', () => sources.counts().quarantined);
  byLabel('manyi_audio_frames_dropped', 'Frames of live sound that went no further', 'why', () =>
    [...sources.droppedFrames()].map(([why, count]) => ({ why, count })),
  );
  byLabel('manyi_terminals', 'Terminals by presence', 'state', () => counted(sources.presences()));

  function gauge(name: string, help: string, read: () => number): void {
    const made: Gauge = new Gauge({ name, help, registers, collect: () => made.set(read()) });
  }

  function byLabel(name: string, help: string, label: string, read: () => readonly Count[]): void {
    const made: Gauge = new Gauge({
      name,
      help,
      labelNames: [label],
      registers,
      collect() {
        made.reset();
        for (const { why, count } of read()) made.set({ [label]: why }, count);
      },
    });
  }

  return {
    text: async () => registers[0]?.metrics() ?? '',
    committed(entries) {
      ingested.inc(entries);
      batch.observe(entries);
    },
    watch(app) {
      app.addHook('onRequest', async (request, reply) => {
        if (request.routeOptions.url !== '/api/v1/live') return;
        readers.inc();
        reply.raw.once('close', () => readers.dec());
      });
    },
  };
}

function counted(presences: readonly { readonly state: string }[]): Count[] {
  const states = new Map<string, number>();
  for (const { state } of presences) states.set(state, (states.get(state) ?? 0) + 1);
  return [...states].map(([why, count]) => ({ why, count }));
}
