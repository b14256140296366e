import { command } from '@manyi/config/commands';
import { anyEvent } from '@manyi/config/events';
import { receipt } from '@manyi/config/receipts';
import { rosterNotice } from '@manyi/config/roster';
import { status } from '@manyi/config/status';
import { terminalSettings } from '@manyi/config/terminal-settings';
import { rosterTopic, terminalTopic } from '@manyi/config/topics';
import { z } from 'zod';

interface Channel {
  readonly name: string;
  readonly address: string;
  /** Which way it goes, as the hub sees it. */
  readonly action: 'send' | 'receive';
  readonly summary: string;
  readonly payload: z.ZodType | null;
}

const topic = (channel: Parameters<typeof terminalTopic>[2]) => terminalTopic('{site}', '{terminal}', channel);

const channels: readonly Channel[] = [
  {
    name: 'events',
    address: topic('events'),
    action: 'receive',
    summary: 'QoS 1: one CloudEvents event',
    payload: anyEvent,
  },
  {
    name: 'receipts',
    address: topic('receipts'),
    action: 'send',
    summary: 'QoS 1: all numbers up to `through` are safe',
    payload: receipt,
  },
  {
    name: 'status',
    address: topic('status'),
    action: 'receive',
    summary: 'QoS 1, retained, last will: presence',
    payload: status,
  },
  {
    name: 'commands',
    address: topic('commands'),
    action: 'send',
    summary: 'QoS 1: done once per id, not after `expires`',
    payload: command,
  },
  {
    name: 'settings',
    address: topic('settings'),
    action: 'send',
    summary: 'QoS 1, retained',
    payload: terminalSettings,
  },
  {
    name: 'roster',
    address: rosterTopic('{site}'),
    action: 'send',
    summary: 'QoS 1, retained: the roster itself lies at `href`',
    payload: rosterNotice,
  },
  {
    name: 'audio',
    address: topic('audio'),
    action: 'receive',
    summary: 'QoS 0: listening frames, only while asked',
    payload: null,
  },
];

/** The topics between terminals and hub as an AsyncAPI 3.0 document, from the schemas that both sides run. */
export function asyncApi(): Record<string, unknown> {
  return {
    asyncapi: '3.0.0',
    info: { title: 'Manyi: terminals and hub', version: '1' },
    defaultContentType: 'application/json',
    channels: byName((channel) => ({
      address: channel.address,
      parameters: Object.fromEntries([...channel.address.matchAll(/\{(\w+)\}/g)].map(([, name]) => [String(name), {}])),
      messages: { [channel.name]: { $ref: `#/components/messages/${channel.name}` } },
    })),
    operations: byName((channel) => ({
      action: channel.action,
      summary: channel.summary,
      channel: { $ref: `#/channels/${channel.name}` },
    })),
    components: { messages: byName((channel) => message(channel.payload)) },
  };
}

function byName(describe: (channel: Channel) => Record<string, unknown>): Record<string, Record<string, unknown>> {
  return Object.fromEntries(channels.map((channel) => [channel.name, describe(channel)]));
}

function message(payload: z.ZodType | null): Record<string, unknown> {
  if (payload === null) return { contentType: 'application/octet-stream' };
  return { payload: z.toJSONSchema(payload, { io: 'input', unrepresentable: 'any' }) };
}
