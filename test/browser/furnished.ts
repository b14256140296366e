import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll } from 'vitest';
import { type Api, adminPassword, signIn } from '../support/api.ts';
import { type Hall, type OpenDashboard, openDashboard, signInAs, startHall } from './dashboard.ts';
import { type Device, enrolDevice } from './terminal.ts';

/** A hall with one called site, two counters, two clerks and a device at the first counter. */
export interface FurnishedHall extends Hall {
  readonly api: Api;
  readonly device: Device;
}

/** What a customer's press is to be; the clerk is C0017 unless said otherwise. */
export interface Press {
  readonly level: string;
  readonly clerk?: string | null;
  readonly unprompted?: boolean;
}

/** Starts it. Everything is made through the hub's own interface, as an administrator would. */
export async function startFurnishedHall(): Promise<FurnishedHall> {
  const hall = await startHall({ adminPassword });
  const api = await signIn(hall.http);
  await api.post('/sites', { id: 'hongkou', name: 'Hongkou', mode: 'called' });
  for (const number of [1, 2]) {
    await api.post('/counters', { id: `counter-${number}`, site: 'hongkou', name: `Counter ${number}` });
  }
  await api.post('/clerks', { id: 'C0017', site: 'hongkou', name: '林晓雯', number: '0017', stars: 4 });
  await api.post('/clerks', { id: 'C0018', site: 'hongkou', name: '张伟', number: '0018' });
  await api.post('/badges', { badge: '0008231947', clerk: 'C0017' });
  const place = { site: 'hongkou', counter: 'counter-1', terminal: 'terminal-1' };
  const { code } = await api.post<{ code: string }>('/enrolments', place);
  return { ...hall, api, device: await enrolDevice(hall.http, code) };
}

/** One for all tests of a file, closed after the last. */
export async function furnishedHallOfFile(): Promise<FurnishedHall> {
  const hall = await startFurnishedHall();
  afterAll(hall.close);
  return hall;
}

/** One service and its press, as a terminal tells it. */
export async function press(device: Device, { level, clerk = 'C0017', unprompted = false }: Press): Promise<void> {
  await device.says('manyi.rating.given.v1', { service: randomUUID(), clerk, level, unprompted });
}

/** Opens a page of the hall, signed in as the administrator. */
export async function openAsAdministrator(
  browser: Browser,
  { http }: Hall,
  path: string,
  options: BrowserContextOptions = {},
): Promise<OpenDashboard> {
  const opened = await openDashboard(browser, `${http}${path}`, options);
  await signInAs(opened.page, 'admin', adminPassword);
  await opened.page.waitForURL(`**${path}`);
  return opened;
}
