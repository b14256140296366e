import type { AuditEntry } from '@manyi/config/audit';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { type Clip, makeClip } from '../hub/recordings/clips.ts';
import { openStudio, type Studio, type StudioOptions, type Teller, type Telling } from '../hub/recordings/studio.ts';
import { adminPassword } from '../support/api.ts';
import { openDashboard, signInAs } from './dashboard.ts';

/** A hub with the dashboard, and two terminals that bring recordings to it. */
export interface RecordedHall {
  readonly studio: Studio;
  readonly terminals: readonly [Teller, Teller];
  /** What the audit log has of a clip, newest first. */
  auditOf(clip: Clip): Promise<readonly AuditEntry[]>;
  close(): Promise<void>;
}

export async function startRecordedHall(options: StudioOptions = {}): Promise<RecordedHall> {
  const ends: (() => Promise<void> | void)[] = [];
  const studio = await openStudio({ ...options, onEnd: (end) => ends.unshift(end) });
  const terminals = [await studio.terminal(1), await studio.terminal(2)] as const;
  return {
    studio,
    terminals,
    async auditOf({ recording }) {
      return (await studio.api.get<{ items: AuditEntry[] }>(`/audit?recording=${recording}`)).items;
    },
    async close() {
      for (const end of ends) await end();
    },
  };
}

/** The same for the running test, with the way to open its pages. */
export async function hallOfTest(browser: Browser, options: StudioOptions = {}) {
  const hall = await startRecordedHall(options);
  onTestFinished(hall.close);
  return { ...hall, open: (path: string) => openListener(browser, `${hall.studio.url}${path}`) };
}

/** Brings a clip to the hub, whole, and answers it. */
export async function bring(terminal: Teller, more: Telling = {}, clip: Clip = makeClip(12)): Promise<Clip> {
  await terminal.tell(clip, more);
  await terminal.send(clip);
  return clip;
}

/** What a page does with its sound. */
export interface SoundNow {
  readonly at: number;
  readonly rate: number;
  readonly isPaused: boolean;
  readonly address: string;
}

export interface Listener {
  readonly page: Page;
  readonly errors: string[];
  sound(): Promise<SoundNow>;
}

export interface ListenerOptions extends BrowserContextOptions {
  /** What its browser says that it cannot play. */
  readonly refuses?: string;
  readonly username?: string;
  readonly password?: string;
}

/** Who has signed in where already: doing so again for each test would take longer than the tests. */
const signedIn = new Map<string, BrowserContextOptions['storageState']>();

/** Opens a page of the dashboard, signed in, whose sound can be looked at, for the running test. */
export async function openListener(
  browser: Browser,
  address: string,
  { refuses, username = 'admin', password = adminPassword, ...options }: ListenerOptions = {},
): Promise<Listener> {
  const { origin } = new URL(address);
  const known = signedIn.get(`${username} ${origin}`);
  const { page, errors } = await openDashboard(browser, known === undefined ? origin : 'about:blank', {
    ...options,
    ...(known === undefined ? {} : { storageState: known }),
  });
  onTestFinished(() => page.context().close());
  await page.addInitScript(keepSound, refuses ?? null);
  if (known === undefined) {
    await signInAs(page, username, password);
    await page.locator('.nav').waitFor();
    signedIn.set(`${username} ${origin}`, await page.context().storageState());
  }
  await page.goto(address);
  return { page, errors, sound: () => page.evaluate(soundNow) };
}

/** Runs in the page before its own scripts: keeps the element that plays where it can be looked at. */
function keepSound(refused: string | null): void {
  const { play, canPlayType } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function () {
    Object.assign(window, { heard: this });
    return play.call(this);
  };
  HTMLMediaElement.prototype.canPlayType = function (type) {
    return refused !== null && type.includes(refused) ? '' : canPlayType.call(this, type);
  };
}

function soundNow(): SoundNow {
  const { heard } = window as unknown as { heard?: HTMLAudioElement };
  const { currentTime: at = 0, playbackRate: rate = 0, paused: isPaused = true, src: address = '' } = heard ?? {};
  return { at, rate, isPaused, address };
}
