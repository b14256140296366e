import { createHub } from '@manyi/hub/hub';
import { readHubSettings } from '@manyi/hub/settings';
import { onTestFinished } from 'vitest';
import { type Api, adminPassword, signIn } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';

/** A real hub with one hall, one counter and one clerk with a badge. */
export interface LocalHub {
  readonly http: string;
  readonly api: Api;
  /** A fresh enrolment code for `terminal-1`. */
  readonly newCode: () => Promise<string>;
}

export const badge = '12345678';
export const everySetting = { MANYI_SCREEN_PORT: '0', MANYI_LOG_LEVEL: 'error' };

export async function startLocalHub(): Promise<LocalHub> {
  const settings = readHubSettings({
    MANYI_DATA: temporaryFolder(),
    MANYI_HTTP_PORT: '0',
    MANYI_MQTT_PORT: '0',
    MANYI_ADMIN_PASSWORD: adminPassword,
    MANYI_LOG_LEVEL: 'silent',
  });
  const hub = createHub(settings);
  const { http } = await hub.start();
  onTestFinished(() => hub.close());
  const api = await signIn(http);
  await api.post('/sites', { id: 'hall', name: 'Hall', mode: 'called' });
  await api.post('/counters', { id: 'counter-1', site: 'hall', name: 'Counter 1' });
  await api.post('/clerks', { id: 'C0017', site: 'hall', name: '李', number: '17' });
  await api.post('/badges', { badge, clerk: 'C0017' });
  const wanted = { site: 'hall', counter: 'counter-1', terminal: 'terminal-1' };
  return { http, api, newCode: async () => (await api.post<{ code: string }>('/enrolments', wanted)).code };
}
