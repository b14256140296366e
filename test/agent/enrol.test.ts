import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { enrolTerminal, needsEnrolment } from '@manyi/agent/enrol';
import { createHubHttp } from '@manyi/agent/hub-http';
import { openIdentity } from '@manyi/agent/identity';
import { createLog } from '@manyi/agent/log';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { openHall, site } from '../support/hall.ts';

const log = createLog('silent');
const never = new AbortController().signal;

/** Leads to the hub, but the first answer is lost on the way, and `instead` is told. */
async function losingFirstAnswer(target: string, instead = ''): Promise<string> {
  const { port } = new URL(target);
  let lost = false;
  const lead = (near: Socket) => {
    const far = connect(Number(port), '127.0.0.1');
    near.on('error', () => far.destroy()).on('close', () => far.destroy());
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
    near.pipe(far);
    far.on('data', (bytes) => {
      if (lost) return near.write(bytes);
      lost = true;
      near.end(instead);
    });
  };
  const server: Server = createServer(lead);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function parts(url: string, folder = temporaryFolder()) {
  const identity = await openIdentity(folder, () => {});
  return { hub: createHubHttp(url, () => identity.data.enrolled), identity, wanted: {}, log, signal: never };
}

test('a lost answer is asked for again with the same nonce, and the identity is kept', async () => {
  const hall = await openHall();
  const code = await hall.newCode(1);
  const folder = temporaryFolder();
  const enrolling = await parts(await losingFirstAnswer(hall.hub.url), folder);
  const enrolled = await enrolTerminal(enrolling, code);
  expect(enrolled).toMatchObject({ site, counter: 'counter-1', terminal: 'terminal-1' });
  const kept = await openIdentity(folder, () => {});
  expect(kept.data.enrolled).toEqual(enrolled);
  expect(needsEnrolment(kept, code)).toBe(false);
  expect(needsEnrolment(kept, 'another-code')).toBe(true);
  expect(needsEnrolment(kept, undefined)).toBe(false);
});

test('a hub that has been asked too often, also by others, is asked again later', async () => {
  const hall = await openHall();
  const tooMany = 'HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';
  const enrolling = await parts(await losingFirstAnswer(hall.hub.url, tooMany));
  expect(await enrolTerminal(enrolling, await hall.newCode(1))).toMatchObject({ terminal: 'terminal-1' });
});

test('a code that the hub refuses is not tried again', async () => {
  const hall = await openHall();
  expect(await enrolTerminal(await parts(hall.hub.url), 'no-such-code')).toBeNull();
});

test('a code of another terminal than the settings want makes nobody of it', async () => {
  const hall = await openHall();
  const said: string[] = [];
  const enrolling = {
    ...(await parts(hall.hub.url)),
    wanted: { MANYI_TERMINAL: 'terminal-9' },
    log: { ...log, error: (line: string) => void said.push(line) },
  };
  expect(await enrolTerminal(enrolling, await hall.newCode(1))).toBeNull();
  expect(enrolling.identity.data.enrolled).toBeNull();
  expect(said).toEqual([expect.stringMatching(/^MANYI_TERMINAL is wrong: it says terminal-9, but the enrolment code/)]);
});

test('while the hub is away it is tried until somebody stops', async () => {
  const stop = new AbortController();
  const waiting = { ...(await parts('http://127.0.0.1:1')), signal: stop.signal };
  const asked = enrolTerminal(waiting, 'some-code');
  await expect.poll(() => waiting.identity.data.asked).not.toBeNull();
  stop.abort();
  expect(await asked).toBeNull();
});
