/** One entry of the ledger. Times are epoch milliseconds; `data` is its JSON text as it stands there. */
export interface Entry {
  /** The cursor: grows by one with every entry, never changes. */
  readonly position: number;
  readonly id: string;
  readonly type: string;
  /** When it counts. */
  readonly time: number;
  readonly arrived: number;
  readonly site: string | null;
  readonly terminal: string | null;
  readonly counter: string | null;
  readonly clerk: string | null;
  readonly service: string | null;
  /** Whether the site called its customers at that time. */
  readonly called: boolean;
  readonly data: string;
}

/** What a user or the hub itself adds to the ledger, e.g. `manyi.site.made.v1`. What is left out is null; `time` is now. */
export interface Fact {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly time?: number;
  readonly site?: string | null;
  readonly terminal?: string | null;
  readonly counter?: string | null;
  readonly clerk?: string | null;
  readonly service?: string | null;
}

/** An entry before it has a position. `outboxKey` and `seq` are its number, null for facts of users and the hub. */
export interface NewEntry extends Omit<Entry, 'position'> {
  readonly outboxKey: number | null;
  readonly seq: number | null;
  /** What the sender said the time was, where that is not what counts. */
  readonly claimed: number | null;
}
