import { readFileSync } from 'node:fs';
import { agentSettings, hubSettings, isLoopback, readSettings } from '@manyi/config/settings';
import { expect, test } from 'vitest';

const example = (name: string) => {
  const text = readFileSync(new URL(`../../config/${name}`, import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => /^MANYI_/.test(line));
  return Object.fromEntries(lines.map((line) => line.split('=') as [string, string]));
};

test('the defaults are Contract v1', () => {
  expect(readSettings(hubSettings, {})).toMatchObject({
    MANYI_HTTP_PORT: 8080,
    MANYI_MQTT_PORT: 1883,
    MANYI_HTTP_HOST: '127.0.0.1',
  });
  expect(readSettings(agentSettings, {})).toMatchObject({
    MANYI_SCREEN_PORT: 8090,
    MANYI_BUTTONS: 'touch',
    MANYI_INVITATION_SECONDS: 20,
  });
});

test('the example files name every setting with its default', () => {
  expect(readSettings(hubSettings, example('hub.example.env'))).toEqual(readSettings(hubSettings, {}));
  expect(readSettings(agentSettings, example('agent.example.env'))).toEqual(readSettings(agentSettings, {}));
  const reserved = ['MANYI_DATABASE_URL', 'MANYI_BROKER_URL'];
  expect(
    Object.keys(hubSettings.shape)
      .filter((name) => !reserved.includes(name))
      .sort(),
  ).toEqual(Object.keys(example('hub.example.env')).sort());
  expect(Object.keys(agentSettings.shape).sort()).toEqual(Object.keys(example('agent.example.env')).sort());
});

test.each([
  ['MANYI_HTTP_PORT', 'eighty'],
  ['MANYI_MQTT_PORT', '70000'],
  ['MANYI_ADMIN_PASSWORD', 'short'],
  ['MANYI_ALLOW_PLAINTEXT', 'maybe'],
  ['MANYI_DATABASE_URL', 'postgres://somewhere'],
  ['MANYI_BROKER_URL', 'mqtt://somewhere'],
])('a wrong %s is one line that names it', (name, value) => {
  expect(() => readSettings(hubSettings, { [name]: value })).toThrow(new RegExp(`^${name} is wrong: [^\\n]+$`));
});

test('a misspelt setting is told, not ignored', () => {
  expect(() => readSettings(hubSettings, { MANYI_HTPP_PORT: '8080' })).toThrow(/^MANYI_HTPP_PORT is not a setting/);
});

test('button pins are read in the order of the levels', () => {
  expect(readSettings(agentSettings, { MANYI_BUTTON_PINS: '17,27,22,23' }).MANYI_BUTTON_PINS).toEqual([17, 27, 22, 23]);
  expect(() => readSettings(agentSettings, { MANYI_BUTTON_PINS: '17,17,22,23' })).toThrow(
    'MANYI_BUTTON_PINS is wrong: names a pin twice: each key needs a pin of its own',
  );
  expect(() => readSettings(agentSettings, { MANYI_BUTTON_PINS: '17;27' })).toThrow(/MANYI_BUTTON_PINS is wrong/);
});

test("the clerk's pin is one number, or none", () => {
  expect(readSettings(agentSettings, { MANYI_CLERK_PIN: '5' }).MANYI_CLERK_PIN).toBe(5);
  expect(readSettings(agentSettings, { MANYI_CLERK_PIN: '' }).MANYI_CLERK_PIN).toBeUndefined();
  expect(() => readSettings(agentSettings, { MANYI_CLERK_PIN: '5,6' })).toThrow(/^MANYI_CLERK_PIN is wrong: [^\n]+$/);
});

test('loopback is told from wider addresses', () => {
  expect(['127.0.0.1', 'localhost', '::1'].map(isLoopback)).toEqual([true, true, true]);
  expect(['0.0.0.0', '192.168.1.4', '::'].map(isLoopback)).toEqual([false, false, false]);
});
