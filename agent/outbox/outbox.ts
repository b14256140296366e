import { join } from 'node:path';
import type { Receipt } from '@manyi/config/receipts';
import { makeFolder } from '../files/folder.ts';
import { isBroken, keepAside, putAside, salvage } from './aside.ts';
import { type Recorded, readBody, voidOf, writeBody } from './body.ts';
import { type Boot, type Correction, settleEnded } from './boots.ts';
import { type EventRow, openStore, type Store } from './store.ts';

/** The disk would not take it: full, worn or gone. Nothing was written, and the same may succeed later. */
export class StorageError extends Error {}

/** An event without its id; `at` stands where it happened before now (epoch milliseconds, by the agent's own time). */
export interface NewEvent extends Omit<Recorded, 'id'> {
  readonly at?: number | undefined;
}

/** What changes together: the state and the events it made, and the command that asked for it. */
export interface Change {
  /** The new state, any JSON; absent when it stays. */
  readonly state?: unknown;
  readonly events: readonly NewEvent[];
  /** The agent's own time (epoch milliseconds). */
  readonly now: number;
  readonly command?: { readonly id: string; readonly expires: number } | undefined;
  /** Given when the events leave at once, so that their first sending needs no sync of its own. */
  readonly leaving?: Correction | null | undefined;
  /** `provisional`: it is kept, but not sent before it stands. `takes-back`: it replaces the provisional change before it. */
  readonly how?: 'provisional' | 'takes-back' | undefined;
}

/** An event with its number and its time, ready to be sent. Epoch milliseconds. */
export interface Numbered extends Recorded {
  readonly seq: number;
  readonly boot: string;
  readonly uptimeMs: number;
  readonly happened: number;
  readonly time: number;
  readonly synced: boolean;
}

export interface OutboxParts {
  /** The folder of `outbox.db`; made when it is missing. */
  readonly folder: string;
  /** To which machine the outbox belongs. */
  readonly fingerprint: string;
  /** The running boot, and its anchor should it be new, given the last known instant. */
  readonly boot: string;
  readonly anchor: (lastKnown: number | null) => number;
  readonly newId: () => string;
  /** Told when the file was broken and has been put aside: one sentence. */
  readonly onBroken: (what: string) => void;
}

export type Outbox = ReturnType<typeof openOutbox>;

/**
 * Opens the durable outbox: the terminal's state and its events, numbered 1, 2, 3 … until the hub's receipt. What `commit`
 * returned from survives a power cut. On another machine, or with numbers that another life has used, the outbox gets a
 * new name and what it holds new numbers (Contract v1, "Events, numbers, receipts"). Throws when the folder cannot be written.
 */
export function openOutbox({ folder, fingerprint, boot, anchor, newId, onBroken }: OutboxParts) {
  makeFolder(folder);
  const path = join(folder, 'outbox.db');
  /** The first number of the change that may still be taken back; after a restart whatever was kept stands. */
  let provisional: number | null = null;
  let store = openOrReplace();
  const before = store.boots().at(-1);
  const lastKnown = before?.last ?? null;
  adopt();

  function openOrReplace(): Store {
    try {
      return openStore(path);
    } catch (error) {
      if (!isBroken(error)) throw error;
      return replaceBroken();
    }
  }

  /** Puts the broken file aside, and begins a new outbox with what can still be read of it. */
  function replaceBroken(): Store {
    const aside = putAside(path);
    const saved = salvage(aside);
    const kept = provisional;
    if (kept !== null) provisional = saved.events.filter(({ seq }) => seq < kept).length + 1;
    const fresh = openStore(path);
    fresh.durably(() => {
      fresh.setTerminal({ outbox: newId(), next: saved.events.length + 1, machine: fingerprint, state: saved.state });
      for (const row of saved.boots) fresh.putBoot(row);
      for (const [i, row] of saved.events.entries()) fresh.insert({ ...row, seq: i + 1 });
    });
    onBroken(`the outbox file was broken: it is now ${aside}, and ${saved.events.length} events in it could be saved`);
    return fresh;
  }

  /** Makes the outbox this machine's and this boot's. */
  function adopt(): void {
    store.durably(() => {
      const row = store.terminal();
      if (!row) store.setTerminal({ outbox: newId(), next: 1, machine: fingerprint, state: null });
      else if (row.machine !== fingerprint) rename();
      enterBoot();
      store.forgetBoots();
    });
  }

  function enterBoot(): void {
    if (store.boots().some((known) => known.boot === boot)) return;
    const at = anchor(lastKnown);
    store.addBoot(boot, at, Math.round(at));
  }

  /** A new outbox with everything the old one holds, numbered anew. */
  function rename(): void {
    const { state, next } = terminal();
    const first = store.first() ?? next;
    if (provisional !== null) provisional -= first - 1;
    store.renumber(first);
    store.setTerminal({ outbox: newId(), next: next - first + 1, machine: fingerprint, state });
  }

  function terminal() {
    const row = store.terminal();
    if (!row) throw new Error('the outbox has lost its name');
    return row;
  }

  /** The number after the last one that may be sent. */
  function end(): number {
    return provisional ?? terminal().next;
  }

  function running(): Boot {
    const found = store.boots().find((known) => known.boot === boot);
    if (!found) throw new Error('the outbox has lost the running boot');
    return found;
  }

  /** Runs work on the store; a file found broken is replaced, and the work done again on the new one. */
  function guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!isBroken(error)) throw asStorageError(error);
      store.close();
      store = replaceBroken();
      adopt();
      return work();
    }
  }

  function append({ type, data, at }: NewEvent, now: number, leaving: Correction | null): void {
    const seq = store.takeNumber();
    if (seq === undefined) throw new Error('the outbox has lost its numbers');
    const { bytes, sum } = writeBody({ id: newId(), type, data });
    const happened = at ?? now;
    const from = bootAt(happened);
    const known = from.boot === boot ? leaving : null;
    const time = known && happened + known.shiftMs;
    store.insert({ seq, boot: from.n, happened, body: bytes, sum, time, synced: known && Number(known.synced) });
  }

  /** The boot that an instant of the agent's own time lies in: an earlier one for what a failure broke off. */
  function bootAt(happened: number): Boot {
    const boots = store.boots();
    return boots.find((known) => known.boot !== boot && known.first <= happened && happened <= known.last) ?? running();
  }

  /** The event under a number, or the void that takes its place when it cannot be read back. */
  function recordedUnder(row: EventRow): Recorded {
    const read = readBody({ bytes: row.body, sum: row.sum });
    return read ?? replaceByVoid(row.seq, row.body, 'unreadable');
  }

  function replaceByVoid(seq: number, bytes: Buffer | null, why: 'unreadable' | 'unreceipted'): Recorded {
    const event = voidOf(bytes, why, newId());
    store.rewrite(seq, writeBody(event));
    return event;
  }

  /** The rows of a page without holes: a number that is not there gets a void. */
  function wholePage(after: number, limit: number): EventRow[] {
    const last = after + limit;
    const rows = store.page(after, limit);
    if (isWhole(rows, after, limit)) return rows;
    const held = new Set(rows.map((row) => row.seq));
    const { n, last: happened } = running();
    for (let seq = after + 1; seq <= last; seq++) {
      if (held.has(seq)) continue;
      const body = writeBody(voidOf(null, 'unreadable', newId()));
      store.insert({ seq, boot: n, happened, body: body.bytes, sum: body.sum, time: null, synced: null });
    }
    return store.page(after, limit);
  }

  /** Fixes the time of every row that is sent for the first time. */
  function stamp(rows: readonly EventRow[], correction: Correction): EventRow[] {
    for (const settled of settleEnded(store.boots(), correction)) {
      if (settled.correction) store.correct(settled.boot, settled.correction.shiftMs, false);
    }
    const boots = new Map(store.boots().map((known) => [known.n, known]));
    return rows.map((row) => {
      if (row.time !== null) return row;
      const known = boots.get(row.boot);
      const { shiftMs, synced } = (known?.boot === boot ? null : known?.correction) ?? correction;
      const time = row.happened + shiftMs;
      store.markSent(row.seq, time, synced);
      return { ...row, time, synced: Number(synced) };
    });
  }

  function numbered(row: EventRow, boots: ReadonlyMap<number, Boot>): Numbered {
    const from = boots.get(row.boot) ?? running();
    return {
      ...recordedUnder(row),
      seq: row.seq,
      boot: from.boot,
      uptimeMs: Math.max(0, Math.round(row.happened - from.anchor)),
      happened: row.happened,
      time: row.time ?? row.happened,
      synced: row.synced === 1,
    };
  }

  return {
    /** The last instant known before this run, by the agent's own time; null on a first start. */
    lastKnown,
    /** The same by true time, where it lies in an earlier boot whose time was known. */
    lastTrue:
      before && before.boot !== boot && before.correction?.synced ? before.last + before.correction.shiftMs : null,
    /** The running boot's anchor and what is known of its correction. */
    boot: (): Pick<Boot, 'anchor' | 'correction'> => running(),
    /** The outbox's name, the oldest number it holds (or `next`), and the number after the last one that may be sent. */
    status() {
      return guarded(() => {
        const { outbox } = terminal();
        const next = end();
        return { outbox, first: store.first() ?? next, next };
      });
    },
    /** The state of the last commit, as `understand` takes it; null without one. One that it does not take (null) is put aside. */
    state<State>(understand: (stored: unknown) => State | null): State | null {
      const text = terminal().state;
      if (text === null) return null;
      const state = understand(parsed(text));
      if (state !== null) return state;
      const aside = keepAside(join(folder, 'state.json'), text);
      onBroken(`the stored state was not understood: it is now ${aside}, and the terminal starts with nobody on duty`);
      return null;
    },
    /** Stores state and events together; on return they are on the disk. Throws StorageError with nothing changed. */
    commit({ state, events, now, command, leaving = null, how }: Change): void {
      guarded(() => {
        const { next } = terminal();
        store.durably(() => {
          if (how === 'takes-back' && provisional !== null) store.takeBack(provisional);
          if (state !== undefined) store.setState(JSON.stringify(state));
          for (const event of events) append(event, now, leaving);
          if (command) store.addCommand(command.id, command.expires);
          store.beat(boot, now);
        });
        provisional = how === 'provisional' ? next : null;
      });
    },
    /** Whether the last change may still be taken back. */
    isProvisional: () => provisional !== null,
    /** The last change stands: it may be sent. */
    stand(): void {
      provisional = null;
    },
    /** Remembers that the agent runs at this instant, and forgets commands that can no longer come again. */
    beat(now: number, trueNow: number): void {
      guarded(() =>
        store.lightly(() => {
          store.beat(boot, now);
          store.dropCommands(trueNow);
        }),
      );
    },
    keepCorrection: ({ shiftMs, synced }: Correction) => guarded(() => store.correct(boot, shiftMs, synced)),
    hasCommand: (id: string) => guarded(() => store.hasCommand(id)),
    /** Up to `limit` events after a number, in order. Those never sent before get their time here, once and for all. */
    read(after: number, limit: number, correction: Correction): Numbered[] {
      return guarded(() => {
        const most = Math.max(0, Math.min(limit, end() - 1 - after));
        const peek = store.page(after, most);
        const whole = isWhole(peek, after, most);
        const sound = peek.every((row) => row.time !== null && readBody({ bytes: row.body, sum: row.sum }) !== null);
        const rows = whole && sound ? peek : store.durably(() => stamp(wholePage(after, most), correction));
        const boots = new Map(store.boots().map((known) => [known.n, known]));
        return rows.map((row) => numbered(row, boots));
      });
    },
    /**
     * Takes the hub's receipt: forgets what is safe. A receipt for a number that was never given out or never sent means
     * that another life of this outbox has used it: then everything held gets a new outbox.
     */
    receipt({ outbox, through }: Receipt): 'forgotten' | 'foreign' | 'renamed' {
      return guarded(() => {
        const { outbox: own } = terminal();
        if (outbox !== own) return 'foreign';
        if (through >= end() || store.hasUnsent(through)) {
          store.durably(rename);
          return 'renamed';
        }
        store.lightly(() => store.dropThrough(through));
        return 'forgotten';
      });
    },
    /** Opens a new outbox with everything this one holds: for a terminal that has become another one. */
    renew(): void {
      guarded(() => store.durably(rename));
    },
    /** Gives up an event that the hub never receipts: its number goes to a void with its bytes. */
    voidUnreceipted(seq: number): void {
      guarded(() => store.durably(() => replaceByVoid(seq, store.one(seq)?.body ?? null, 'unreceipted')));
    },
    close: () => store.close(),
  };
}

/** Whether the rows are just those of the next `limit` numbers: where one is missing, later ones fill the page. */
function isWhole(rows: readonly EventRow[], after: number, limit: number): boolean {
  return rows.length === limit && (rows.at(-1)?.seq ?? after) === after + limit;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asStorageError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!/^SQLITE_(FULL|IOERR|READONLY|CANTOPEN)/.test(code)) return error;
  return new StorageError(`the disk does not take it (${code}): free some space in the data folder or change the card`);
}
