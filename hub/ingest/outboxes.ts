import type { IngestStore, Outbox } from './store.ts';

/** The outboxes that are in use, so that a known number costs no query. */
export interface Outboxes {
  /** The outbox; from here on it belongs to the batch. */
  of(terminal: string, outbox: string): Outbox;
  /** Writes back what the batch has touched, and gives it. */
  save(): Outbox[];
  /** Forgets everything, after a rollback. */
  forget(): void;
}

const mostKept = 20_000;

export function openOutboxes(store: IngestStore): Outboxes {
  const known = new Map<string, Outbox>();
  const touched = new Set<Outbox>();

  const load = (terminal: string, outbox: string): Outbox => {
    const loaded = store.outbox(terminal, outbox);
    if (loaded.hasSiblings) {
      for (const other of known.values()) if (other.terminal === terminal) other.hasSiblings = true;
    }
    known.set(`${terminal} ${outbox}`, loaded);
    return loaded;
  };

  return {
    of(terminal, outbox) {
      const found = known.get(`${terminal} ${outbox}`) ?? load(terminal, outbox);
      touched.add(found);
      return found;
    },
    save() {
      const saved = [...touched];
      for (const outbox of saved) store.saveOutbox(outbox);
      touched.clear();
      if (known.size > mostKept) known.clear();
      return saved;
    },
    forget() {
      known.clear();
      touched.clear();
    },
  };
}
