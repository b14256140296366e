import { join } from 'node:path';
import {
  type HubSettings as Environment,
  hubSettings,
  isLoopback,
  readSettings,
  SettingsError,
} from '@manyi/config/settings';
import type { Bucket } from './recordings/keep/s3.ts';
import type { RecordingSettings } from './recordings/recordings.ts';

/** The settings of a hub, complete. */
export interface HubSettings {
  /** The folder of everything the hub keeps: `hub` in the data folder, beside the one of a terminal on this machine. */
  readonly data: string;
  readonly http: Address;
  readonly mqtt: Address;
  /** Makes the first administrator `admin` on a hub without users. */
  readonly adminPassword: string | null;
  readonly logLevel: Environment['MANYI_LOG_LEVEL'];
  /** How long one listening may last; left out, the usual time. */
  readonly listeningMinutes?: number;
  /** Left out, recordings lie in the data folder, and the hub makes their key. */
  readonly recordings?: RecordingSettings;
}

export interface Address {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/**
 * Reads the hub's settings. Throws a SettingsError whose message is one line that names the setting and the mend, also for
 * listening wider than this machine without having said that plain text is meant.
 */
export function readHubSettings(environment: Record<string, string | undefined> = process.env): HubSettings {
  const given = readSettings(hubSettings, environment);
  if (!given.MANYI_ALLOW_PLAINTEXT) {
    refuseWide('MANYI_HTTP_HOST', given.MANYI_HTTP_HOST);
    refuseWide('MANYI_MQTT_HOST', given.MANYI_MQTT_HOST);
  }
  return {
    data: join(given.MANYI_DATA, 'hub'),
    http: { host: given.MANYI_HTTP_HOST, port: given.MANYI_HTTP_PORT },
    mqtt: { host: given.MANYI_MQTT_HOST, port: given.MANYI_MQTT_PORT },
    adminPassword: given.MANYI_ADMIN_PASSWORD ?? null,
    logLevel: given.MANYI_LOG_LEVEL,
    listeningMinutes: given.MANYI_LISTENING_MINUTES,
    recordings: { keyFile: given.MANYI_RECORDING_KEY_FILE ?? null, bucket: bucketOf(given) },
  };
}

/** The S3-compatible storage that the settings name; null when they name none. */
function bucketOf(given: Environment): Bucket | null {
  const [accessKeyId = null, secretAccessKey = null] = [given.MANYI_S3_ACCESS_KEY_ID, given.MANYI_S3_SECRET_ACCESS_KEY];
  const [bucket, endpoint = null] = [given.MANYI_S3_BUCKET, given.MANYI_S3_ENDPOINT];
  if (bucket === undefined) {
    if (endpoint === null && accessKeyId === null && secretAccessKey === null) return null;
    throw new SettingsError('MANYI_S3_BUCKET is missing: name the bucket, or remove the other MANYI_S3_ settings');
  }
  if ((accessKeyId === null) !== (secretAccessKey === null)) {
    const missing = accessKeyId === null ? 'MANYI_S3_ACCESS_KEY_ID' : 'MANYI_S3_SECRET_ACCESS_KEY';
    throw new SettingsError(`${missing} is missing: the two keys of the storage belong together`);
  }
  return { bucket, endpoint, region: given.MANYI_S3_REGION, accessKeyId, secretAccessKey };
}

function refuseWide(name: string, host: string): void {
  if (isLoopback(host)) return;
  throw new SettingsError(
    `${name}=${host} would let passwords cross the network in plain text: put a TLS proxy on this machine before the hub, or set MANYI_ALLOW_PLAINTEXT=yes`,
  );
}

/** What the terminal beside the hub is told. */
export interface CompanionSettings {
  readonly hubUrl: string;
  readonly site: string;
  readonly terminal: string;
  /** Null when it has enrolled. */
  readonly code: string | null;
}

/** The environment of the terminal beside the hub: this one, without the hub's secrets. */
export function agentEnvironment(
  { hubUrl, site, terminal, code }: CompanionSettings,
  environment: Record<string, string | undefined> = process.env,
): Record<string, string | undefined> {
  return {
    ...environment,
    MANYI_ADMIN_PASSWORD: undefined,
    MANYI_S3_SECRET_ACCESS_KEY: undefined,
    MANYI_HUB_URL: hubUrl,
    MANYI_SITE: site,
    MANYI_TERMINAL: terminal,
    MANYI_ENROLMENT_CODE: code ?? undefined,
  };
}
