import { acceptCommand } from '@manyi/agent/link/commands';
import { createLog } from '@manyi/agent/log';
import { expect, test } from 'vitest';

const at = Date.parse('2026-11-22T09:00:00Z');
const parts = {
  trueNow: () => at,
  isDone: (id: string) => id === 'done',
  onRequest: () => {},
  log: createLog('silent'),
};
const next = { id: 'c1', name: 'next', data: { ticket: 'A012' }, expires: '2026-11-22T17:00:30+08:00' };

test('a command of the hub becomes an input of the rules', () => {
  expect(acceptCommand(next, parts)).toEqual({
    input: { type: 'next', ticket: 'A012', business: null },
    command: { id: 'c1', expires: at + 30_000 },
  });
});

test('to try the parts is no input of the rules', () => {
  let tried = 0;
  const asked = { ...next, name: 'self-test', data: {} };
  expect(acceptCommand(asked, { ...parts, onRequest: () => tried++ })).toBeNull();
  expect(acceptCommand({ ...asked, id: 'done' }, { ...parts, onRequest: () => tried++ })).toBeNull();
  expect(tried).toBe(1);
});

test.each([
  ['that was done before', { ...next, id: 'done' }],
  ['that came too late', { ...next, expires: '2026-11-22T08:59:59Z' }],
  ['with an unknown name', { ...next, name: 'dance' }],
  ['that is no object', undefined],
])('one %s is not done', (_why, payload) => {
  expect(acceptCommand(payload, parts)).toBeNull();
});
