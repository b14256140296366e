/// <reference lib="dom" />
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openBrowser } from '../agent/screen/browser.ts';
import { openDashboard, signInAs } from '../browser/dashboard.ts';
import { askToListen, type Ear, isLive, joinListening } from '../listening/ear.ts';
import { eventually } from '../support/api.ts';
import { openScreen, placeFor, startAgent } from './agent-process.ts';
import { type BenchHub, startHub } from './hub.ts';
import { ms, percentile, type Row } from './row.ts';

const site = 'listening-hall';
const measureMs = 30_000;
const mostMs = 800;
const place = { site, counter: 'counter-1', purpose: 'measuring how late it is' };

/**
 * How late a listener hears the counter: agent, hub and browser in processes of their own. The age of a sample is counted from the moment
 * at which the microphone heard it, so it holds the recorder's own eighth of a second too.
 */
export async function run(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'manyi-bench-'));
  const hub = await startHub(join(folder, 'hub'));
  const code = await placeFor(hub, site, 'called');
  const settings = { MANYI_MICROPHONE: 'simulated' };
  const agent = await startAgent({ folder: join(folder, 'agent'), hub, code, settings });
  const screen = await openScreen(agent.screen);
  await screen.shows((view) => view.notice === null && view.online && view.counter === 'Counter 1');
  await eventually(
    () => hub.ask(`/floor?site=${site}`),
    (floor) => floor.includes('"microphone":true'),
  );
  const atClient = await throughSocket(hub);
  const inBrowser = await throughBrowser(hub);
  screen.close();
  await agent.stop();
  await hub.stop();
  rmSync(folder, { recursive: true });
  return [
    row(`microphone to a WebSocket client, p95 of ${atClient.length} frames`, atClient, 200),
    row(`microphone to the sound that Chromium plays, p95 of ${inBrowser.length}`, inBrowser, 200),
  ];
}

function row(name: string, ages: readonly number[], least: number): Row {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(ages, share));
  return {
    name,
    figure: `${ms(p95 ?? Number.NaN)} (p50 ${ms(p50 ?? Number.NaN)}, p99 ${ms(p99 ?? Number.NaN)})`,
    floor: null,
    ratio: null,
    target: `<= ${mostMs} ms`,
    pass: (p95 ?? Number.NaN) <= mostMs && ages.length >= least,
  };
}

/** The age of each frame's first sample when the frame is here. */
async function throughSocket(hub: BenchHub): Promise<number[]> {
  const token = hub.headers['authorization']?.slice('Bearer '.length) ?? '';
  const { listening } = await askToListen(hub.http, token, place);
  const ear: Ear = await joinListening(hub.http, listening, token);
  await ear.until(isLive);
  const ages: number[] = [];
  ear.socket.on('message', (_data, isBinary) => {
    const frame = ear.frames.at(-1);
    if (isBinary && frame !== undefined) ages.push(Date.now() - frame.heardAt);
  });
  await wait(measureMs);
  ear.hangUp();
  await ear.closed;
  return ages;
}

/** Tells the age of what the dashboard's player hands out next, every tenth of a second, with what the system's output adds. */
const watchPlayer = `
  window.ages = [];
  window.AudioWorkletNode = class extends AudioWorkletNode {
    constructor(context, ...rest) {
      super(context, ...rest);
      this.port.addEventListener('message', ({ data }) => {
        if (data.heardAt !== null) window.ages.push(Date.now() - data.heardAt + 1000 * (context.outputLatency || context.baseLatency));
      });
    }
  };
`;

async function throughBrowser(hub: BenchHub): Promise<number[]> {
  const browser = await openBrowser();
  const { page } = await openDashboard(browser, `${hub.http}/favicon.svg`);
  await page.addInitScript(watchPlayer);
  await page.goto(`${hub.http}/?site=${site}`);
  await signInAs(page, 'admin', 'bench-password');
  await page.getByRole('button', { name: 'Listen in to Counter 1' }).click();
  await page.getByLabel('Why do you listen in?').fill(place.purpose);
  await page.keyboard.press('Enter');
  await page.getByText('You hear the counter live').waitFor();
  await wait(1_000);
  await page.evaluate('window.ages.length = 0');
  await wait(measureMs);
  const ages = await page.evaluate<number[]>('window.ages');
  await browser.close();
  return ages;
}
