import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { adminPassword, eventually, signIn } from '../../support/api.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { hubSettings } from '../../support/hub-program.ts';
import { freePort, type Settings, startProgram } from '../../support/process.ts';

/** Starts the compiled hub, which must fail: gives what it wrote. */
async function failure(settings: Settings): Promise<string> {
  const program = startProgram('hub/dist/main.js', settings);
  expect(await program.ended).toBe(1);
  const output = program.output().trim();
  expect(output.split('\n')).toHaveLength(1);
  return output;
}

test('a taken port stops the hub with one line that names the port and its setting', async () => {
  const first = startProgram('hub/dist/main.js', hubSettings(temporaryFolder()));
  const http = (await first.writes(/Hub: http:\/\/127\.0\.0\.1:(\d+)/))[1] ?? '';
  const mqtt = (await first.writes(/Terminals: mqtt:\/\/127\.0\.0\.1:(\d+)/))[1] ?? '';
  const second = temporaryFolder();
  expect(await failure(hubSettings(second, { MANYI_HTTP_PORT: http }))).toMatch(`port ${http} on 127.0.0.1 is taken`);
  const taken = await failure(hubSettings(second, { MANYI_MQTT_PORT: mqtt }));
  expect(taken).toMatch(`port ${mqtt} on 127.0.0.1 is taken`);
  expect(taken).toMatch('MANYI_MQTT_PORT');
  expect(await first.stop()).toBe(0);
});

test.each([
  ['a number out of range', { MANYI_HTTP_PORT: '99999' }, /^MANYI_HTTP_PORT is wrong: must be at most 65535 /],
  ['no number', { MANYI_MQTT_PORT: '1883x' }, /^MANYI_MQTT_PORT is wrong: must be a number /],
  ['half a port', { MANYI_MQTT_PORT: '1883.5' }, /^MANYI_MQTT_PORT is wrong: must be a whole number /],
  ['neither yes nor no', { MANYI_ALLOW_PLAINTEXT: 'true' }, /^MANYI_ALLOW_PLAINTEXT is wrong: .* yes no /],
  [
    'no address',
    { MANYI_S3_ENDPOINT: 'storage:9000' },
    /^MANYI_S3_ENDPOINT is wrong: must be an address such as http:/,
  ],
  ['a misspelt name', { MANYI_HTPP_PORT: '8080' }, /^MANYI_HTPP_PORT is not a setting/],
  ['a short password', { MANYI_ADMIN_PASSWORD: 'short' }, /^MANYI_ADMIN_PASSWORD is wrong/],
  ['a reserved setting', { MANYI_DATABASE_URL: 'postgres://x' }, /^MANYI_DATABASE_URL .*reserved/],
  ['plain text for the network', { MANYI_HTTP_HOST: '0.0.0.0' }, /^MANYI_HTTP_HOST=0\.0\.0\.0 .*MANYI_ALLOW_PLAINTEXT/],
  ['plain MQTT for the network', { MANYI_MQTT_HOST: '::' }, /^MANYI_MQTT_HOST=:: .*MANYI_ALLOW_PLAINTEXT/],
  [
    'a foreign address',
    { MANYI_HTTP_HOST: '192.0.2.1', MANYI_ALLOW_PLAINTEXT: 'yes' },
    /^192\.0\.2\.1 is not an address/,
  ],
  [
    'a folder that cannot be made',
    { MANYI_DATA: '/proc/manyi' },
    /^the data folder \/proc\/manyi\/hub cannot be written/,
  ],
])('a wrong setting stops the hub with one line: %s', async (_name, wrong, line) => {
  expect(await failure(hubSettings(temporaryFolder(), wrong))).toMatch(line);
});

test('a file where the folder should be, a damaged database and a newer one are told apart', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  expect(await failure(hubSettings(join(folder, 'file')))).toMatch(/cannot be written .*MANYI_DATA/);

  const damaged = join(folder, 'damaged', 'hub');
  mkdirSync(damaged, { recursive: true });
  writeFileSync(join(damaged, 'hub.db'), 'not a database at all, but long enough to look like one'.repeat(20));
  expect(await failure(hubSettings(join(folder, 'damaged')))).toMatch(/hub\.db is damaged .*backup/);

  const newer = join(folder, 'newer', 'hub');
  mkdirSync(newer, { recursive: true });
  const sqlite = new Sqlite(join(newer, 'hub.db'));
  sqlite.pragma('user_version = 999');
  sqlite.close();
  expect(await failure(hubSettings(join(folder, 'newer')))).toMatch(/newer version of Manyi/);
});

test('a second hub on one data folder stops with one line, and a killed hub keeps nobody out', async () => {
  const folder = temporaryFolder();
  const first = startProgram('hub/dist/main.js', hubSettings(folder));
  await first.writes(/Hub: http/);
  expect(await failure(hubSettings(folder))).toMatch(/^another hub is running on the data folder/);
  await first.kill();
  const third = startProgram('hub/dist/main.js', hubSettings(folder));
  await third.writes(/Hub: http/);
  expect(await third.stop()).toBe(0);
});

test('listening on every address works where plain text is meant', async () => {
  const wide = { MANYI_HTTP_HOST: '0.0.0.0', MANYI_MQTT_HOST: '0.0.0.0', MANYI_ALLOW_PLAINTEXT: 'yes' };
  const program = startProgram('hub/dist/main.js', hubSettings(temporaryFolder(), wide));
  const url = (await program.writes(/Hub: (http:\/\/127\.0\.0\.1:\d+)/))[1] ?? '';
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect(await program.stop()).toBe(0);
});

test('npm start: an empty machine gets a hub, a set-up link and a terminal that comes back', async () => {
  const [http, mqtt, screen] = [await freePort(), await freePort(), await freePort()].map(String);
  const program = startProgram('hub/dist/start.js', {
    MANYI_DATA: temporaryFolder(),
    MANYI_HTTP_PORT: http ?? '',
    MANYI_MQTT_PORT: mqtt ?? '',
    MANYI_SCREEN_PORT: screen ?? '',
  });
  const setup = (await program.writes(/once: (http\S+)/))[1] ?? '';
  expect(setup).toMatch(`http://127.0.0.1:${http}/setup?code=`);
  await program.writes(/Counter screen: http/);
  const metrics = async () => (await fetch(`http://127.0.0.1:${http}/metrics`)).text();
  await eventually(metrics, (text) => text.includes('manyi_terminals{state="online"} 1'));

  const [agent] = childrenOf(program.pid);
  process.kill(agent ?? 0, 'SIGKILL');
  await program.writes(/ended unexpectedly \(SIGKILL\)[\s\S]*Counter screen: http[\s\S]*connected to/);
  expect(childrenOf(program.pid)).not.toEqual([agent]);

  const last = childrenOf(program.pid);
  process.kill(program.pid, 'SIGINT');
  expect(await program.stop()).toBe(0);
  expect(last.filter(isAlive)).toEqual([]);
});

test('npm start: a terminal that was revoked stays so, and the start says it', async () => {
  const settings = {
    MANYI_DATA: temporaryFolder(),
    MANYI_HTTP_PORT: String(await freePort()),
    MANYI_MQTT_PORT: String(await freePort()),
    MANYI_SCREEN_PORT: String(await freePort()),
    MANYI_ADMIN_PASSWORD: adminPassword,
  };
  const first = startProgram('hub/dist/start.js', settings);
  await first.writes(/connected to/);
  const api = await signIn(`http://127.0.0.1:${settings.MANYI_HTTP_PORT}`);
  await api.post('/terminals/terminal-1/revoke', {});
  expect(await first.stop()).toBe(0);

  const second = startProgram('hub/dist/start.js', settings);
  await second.writes(/terminal-1 was revoked on this hub and stays so/);
  const again = await signIn(`http://127.0.0.1:${settings.MANYI_HTTP_PORT}`);
  expect(await again.get('/terminals/terminal-1')).toMatchObject({ enrolled: false });
  expect(childrenOf(second.pid)).toEqual([]);
  expect(await second.stop()).toBe(0);
});

test('what the hub keeps is for nobody else to read, and it says once where it listens', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'hub'), { mode: 0o755 });
  const program = startProgram('hub/dist/main.js', hubSettings(folder));
  await program.writes(/Terminals: mqtt/);
  const rights = (name: string) => statSync(join(folder, name)).mode & 0o777;
  expect(rights('hub')).toBe(0o700);
  expect(['hub.db', 'hub.db-wal', 'hub.db-shm'].map((name) => rights(`hub/${name}`))).toEqual([0o600, 0o600, 0o600]);
  expect(await program.stop()).toBe(0);
  expect(program.output()).not.toMatch(/listening/i);
});

test('npm start: a hub that was killed takes its terminal along, so that the next start finds every port free', async () => {
  const settings = {
    MANYI_DATA: temporaryFolder(),
    MANYI_HTTP_PORT: String(await freePort()),
    MANYI_MQTT_PORT: String(await freePort()),
    MANYI_SCREEN_PORT: String(await freePort()),
  };
  const first = startProgram('hub/dist/start.js', settings);
  await first.writes(/connected to/);
  await first.kill();
  const second = startProgram('hub/dist/start.js', settings);
  await second.writes(/Counter screen: http[\s\S]*connected to/);
  expect(await second.stop()).toBe(0);
});

test('npm start: a terminal that cannot start at all ends both, with the reason', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  const screen = String((taken.address() as AddressInfo).port);
  const program = startProgram('hub/dist/start.js', hubSettings(temporaryFolder(), { MANYI_SCREEN_PORT: screen }));
  expect(await program.ended).toBe(1);
  expect(program.output()).toMatch(`Port ${screen} is taken`);
  expect(program.output()).toMatch(/the terminal could not start: it says why above/);
});

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}
