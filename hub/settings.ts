import { join } from 'node:path';
import {
  type HubSettings as Environment,
  hubSettings,
  isLoopback,
  readSettings,
  SettingsError,
} from '@manyi/config/settings';

/** The settings of a hub, complete. */
export interface HubSettings {
  /** The folder of everything the hub keeps: `hub` in the data folder, beside the one of a terminal on this machine. */
  readonly data: string;
  readonly http: Address;
  readonly mqtt: Address;
  /** Makes the first administrator `admin` on a hub without users. */
  readonly adminPassword: string | null;
  readonly logLevel: Environment['MANYI_LOG_LEVEL'];
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
  };
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

/** The environment of the terminal beside the hub: this one, without the administrator's password. */
export function agentEnvironment(
  { hubUrl, site, terminal, code }: CompanionSettings,
  environment: Record<string, string | undefined> = process.env,
): Record<string, string | undefined> {
  return {
    ...environment,
    MANYI_ADMIN_PASSWORD: undefined,
    MANYI_HUB_URL: hubUrl,
    MANYI_SITE: site,
    MANYI_TERMINAL: terminal,
    MANYI_ENROLMENT_CODE: code ?? undefined,
  };
}
