import { id } from './ids.ts';

/** What a terminal and the hub say to each other, each on its own topic. */
export const terminalChannels = ['events', 'receipts', 'status', 'commands', 'settings', 'audio'] as const;
export type TerminalChannel = (typeof terminalChannels)[number];

/** The channels that a terminal publishes on; on the others it listens. */
export const terminalPublishes: ReadonlySet<TerminalChannel> = new Set(['events', 'status', 'audio']);

const root = 'manyi/v1';

/** `manyi/v1/{site}/{terminal}/{channel}` */
export function terminalTopic(site: string, terminal: string, channel: TerminalChannel): string {
  return `${root}/${site}/${terminal}/${channel}`;
}

/** `manyi/v1/{site}/roster` */
export function rosterTopic(site: string): string {
  return `${root}/${site}/roster`;
}

/** The filter that hears one channel of every terminal. */
export function everyTerminal(channel: TerminalChannel): string {
  return `${root}/+/+/${channel}`;
}

export interface TerminalTopic {
  readonly site: string;
  readonly terminal: string;
  readonly channel: TerminalChannel;
}

/** Reads `manyi/v1/{site}/{terminal}/{channel}`; null for any other topic. */
export function parseTerminalTopic(topic: string): TerminalTopic | null {
  const [product, version, site, terminal, channel, ...rest] = topic.split('/');
  if (`${product}/${version}` !== root || rest.length > 0) return null;
  if (!id.safeParse(site).success || !id.safeParse(terminal).success || !isChannel(channel)) return null;
  return { site: site as string, terminal: terminal as string, channel };
}

function isChannel(text: string | undefined): text is TerminalChannel {
  return (terminalChannels as readonly (string | undefined)[]).includes(text);
}
