import { z } from 'zod';
import { id } from './ids.ts';
import { defaultListeningMinutes } from './listening.ts';

/** The settings of hub and agent as they stand in the environment, each with its default. Read them with `readSettings`. */

const port = z.coerce.number().int().min(0).max(65535);
const seconds = z.coerce.number().min(0.05).max(600);
const host = z.string().min(1);
const yesOrNo = z.enum(['yes', 'no']).transform((text) => text === 'yes');
const logLevel = z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info');
const data = z.string().min(1).default('data');
const reserved = z.never({ error: 'is reserved for a later version and does nothing yet: remove it' }).optional();

/** `MANYI_…` settings of the hub. */
export const hubSettings = z.object({
  MANYI_DATA: data,
  MANYI_HTTP_HOST: host.default('127.0.0.1'),
  MANYI_HTTP_PORT: port.default(8080),
  MANYI_MQTT_HOST: host.default('127.0.0.1'),
  MANYI_MQTT_PORT: port.default(1883),
  MANYI_ADMIN_PASSWORD: z.string().min(10, 'must have at least 10 characters').optional(),
  MANYI_ALLOW_PLAINTEXT: yesOrNo.default(false),
  MANYI_LOG_LEVEL: logLevel,
  MANYI_LISTENING_MINUTES: z.coerce.number().min(0.01).max(480).default(defaultListeningMinutes),
  MANYI_RECORDING_KEY_FILE: z.string().min(1).optional(),
  MANYI_S3_BUCKET: z.string().min(3).max(63).optional(),
  MANYI_S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  MANYI_S3_REGION: z.string().min(1).default('us-east-1'),
  MANYI_S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  MANYI_S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  MANYI_DATABASE_URL: reserved,
  MANYI_BROKER_URL: reserved,
});
export type HubSettings = z.infer<typeof hubSettings>;

/** How faces are pressed. */
export const buttonKinds = ['touch', 'onoff', 'firmata', 'gpiomon', 'simulated'] as const;

/** Who reads badges: the counter screen (a reader that types into it), or the agent itself. */
export const badgeReaderKinds = ['screen', 'hid', 'serial'] as const;

/** How a counter is heard: by a program that records, by a file or tone in its place, or not at all. */
export const microphoneKinds = ['none', 'arecord', 'sox', 'simulated'] as const;

/** How a counter speaks: by a program that plays, to nobody but in time, or not at all. */
export const speakerKinds = ['none', 'aplay', 'simulated'] as const;

/** `MANYI_…` settings of the agent. */
export const agentSettings = z.object({
  MANYI_DATA: data,
  MANYI_HUB_URL: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:8080'),
  MANYI_SITE: id.optional(),
  MANYI_TERMINAL: id.optional(),
  MANYI_ENROLMENT_CODE: z.string().min(1).optional(),
  MANYI_SCREEN_PORT: port.default(8090),
  MANYI_BUTTONS: z.enum(buttonKinds).default('touch'),
  MANYI_BUTTON_PINS: z
    .string()
    .regex(/^\d+(,\d+)*$/, 'must be GPIO numbers with commas between them, best level first: 17,27,22,23')
    .transform((text) => text.split(',').map(Number))
    .refine((pins) => new Set(pins).size === pins.length, 'names a pin twice: each key needs a pin of its own')
    .optional(),
  MANYI_CLERK_PIN: z.coerce.number().int('must be the number of one pin').min(0).optional(),
  MANYI_GPIO_CHIP: z.string().min(1).optional(),
  MANYI_PANEL_PORT: z.string().min(1).default('/dev/ttyUSB0'),
  MANYI_BADGE_READER: z.enum(badgeReaderKinds).default('screen'),
  MANYI_BADGE_PORT: z.string().min(1).default('/dev/serial0'),
  MANYI_BADGE_DEVICE: z.string().min(1).optional(),
  MANYI_BADGE_FORMAT: z.enum(['as-typed', 'decimal', 'hex', 'wiegand-26']).default('as-typed'),
  MANYI_BADGE_LAYOUT: z.enum(['us', 'de', 'fr']).default('us'),
  MANYI_BADGE_PREFIX: z.string().default(''),
  MANYI_BADGE_SUFFIX: z.string().default(''),
  MANYI_MICROPHONE: z.enum(microphoneKinds).default('none'),
  MANYI_MICROPHONE_DEVICE: z.string().min(1).optional(),
  MANYI_MICROPHONE_CHANNELS: z.coerce.number().int().min(1).max(2).default(1),
  MANYI_RECORDING_MEGABYTES: z.coerce.number().min(10).max(1_000_000).default(1024),
  MANYI_UPLOAD_KILOBYTES_PER_SECOND: z.coerce.number().min(1).max(1_000_000).default(256),
  MANYI_SPEAKER: z.enum(speakerKinds).default('none'),
  MANYI_SPEAKER_DEVICE: z.string().min(1).optional(),
  MANYI_SPEAKER_VOLUME: z.coerce.number().min(0).max(100).default(80),
  MANYI_SPEAKER_LANGUAGES: z
    .enum(['zh', 'en', 'zh,en', 'en,zh'])
    .default('zh,en')
    .transform((text) => text.split(',') as ('zh' | 'en')[]),
  MANYI_SPEAKER_SOUNDS: z.string().min(1).optional(),
  MANYI_INVITATION_SECONDS: seconds.default(20),
  MANYI_THANKS_SECONDS: seconds.default(3),
  MANYI_LOCKOUT_SECONDS: seconds.default(10),
  MANYI_LOG_LEVEL: logLevel,
});
export type AgentSettings = z.infer<typeof agentSettings>;

/** A mistake in the settings: `message` is one line that names the setting, the cause and the mend. */
export class SettingsError extends Error {}

/**
 * Reads settings from an environment. Empty values count as absent. Names with the prefix that neither hub nor agent
 * knows are mistakes too, so that a misspelt setting never goes unnoticed.
 */
export function readSettings<T extends z.ZodObject>(
  schema: T,
  environment: Record<string, string | undefined>,
): z.infer<T> {
  const given = Object.entries(environment).filter(([name, value]) => name.startsWith('MANYI_') && value !== '');
  for (const [name] of given) {
    if (!(name in hubSettings.shape) && !(name in agentSettings.shape)) {
      throw new SettingsError(
        `${name} is not a setting of Manyi: see hub.example.env and agent.example.env for their names`,
      );
    }
  }
  const result = schema.safeParse(Object.fromEntries(given), { error: inWords });
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const name = String(issue?.path[0]);
  throw new SettingsError(`${name} is wrong: ${issue?.message} (see the example .env files in config/)`);
}

/** What a value must be, for whoever sets it; undefined where the schema has said so itself, or zod's own words will do. */
function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'int') return 'must be a whole number';
      return issue.expected === 'number' ? 'must be a number' : undefined;
    case 'too_small':
      return issue.origin === 'string' ? undefined : `must be at least ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'string' ? undefined : `must be at most ${issue.maximum}`;
    case 'invalid_value':
      return `must be one of these: ${issue.values.join(' ')}`;
    case 'invalid_format':
      return issue.format === 'url' ? 'must be an address such as http://hub.example:8080' : undefined;
    default:
      return undefined;
  }
}

/** Whether the address can be reached from this machine only. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || address.startsWith('127.');
}
