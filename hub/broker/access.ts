import { rosterTopic, type TerminalChannel, terminalTopic } from '@manyi/config/topics';

/** Who a connection belongs to. */
export interface TerminalIdentity {
  readonly site: string;
  readonly terminal: string;
}

/** The channels that come from a terminal. */
export type UpChannel = Extract<TerminalChannel, 'events' | 'status' | 'audio'>;

/** Why something was refused, as it is counted. */
export type RefusalReason = 'foreign-topic' | 'foreign-subscription' | 'foreign-will' | 'packet-too-large';

/** What one connection may do. */
export interface Grants {
  /** The topics that it publishes on, and what each is. */
  readonly publishes: ReadonlyMap<string, UpChannel>;
  /** The filters that it may subscribe to. */
  readonly subscribes: ReadonlySet<string>;
}

/**
 * A terminal publishes on its own `events`, `status` and `audio` only, and hears what the hub says to it, one by one or all at once
 * (of what terminals publish only their status is routed, so `#` under its own name hears that too), what it last said of itself, and its
 * site's roster.
 */
export function grantsOf({ site, terminal }: TerminalIdentity): Grants {
  const topic = (channel: TerminalChannel) => terminalTopic(site, terminal, channel);
  const own = topic('events').slice(0, -'events'.length);
  return {
    publishes: new Map([
      [topic('events'), 'events'],
      [topic('status'), 'status'],
      [topic('audio'), 'audio'],
    ]),
    subscribes: new Set([
      topic('receipts'),
      topic('commands'),
      topic('settings'),
      topic('status'),
      `${own}#`,
      `${own}+`,
      rosterTopic(site),
    ]),
  };
}
