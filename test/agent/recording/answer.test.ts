import { judge } from '@manyi/agent/recording/upload/answer';
import { expect, test } from 'vitest';

const answered = (method: string, status: number) => judge({ how: 'answered', method, status, retryAfterMs: 0 });

test.each([
  ['HEAD', 410, { what: 'done' }],
  ['PATCH', 460, { what: 'differs' }],
  ['HEAD', 460, { what: 'differs' }],
  ['PATCH', 415, { what: 'differs' }],
  ['HEAD', 404, { what: 'again', anew: true }],
  ['PATCH', 404, { what: 'again', anew: true }],
  ['PATCH', 409, { what: 'again', anew: false }],
  ['POST', 404, { what: 'waits', mend: expect.stringContaining('MANYI_HUB_URL') }],
  ['POST', 409, { what: 'unknown', mend: expect.stringContaining('quarantine') }],
  ['HEAD', 409, { what: 'unknown', mend: expect.stringContaining('quarantine') }],
  ['POST', 400, { what: 'waits', mend: expect.stringContaining('otherwise') }],
  ['POST', 413, { what: 'refused' }],
  ['PATCH', 413, { what: 'later', mend: expect.stringContaining('512 KiB') }],
  ['POST', 401, { what: 'later', mend: expect.stringContaining('enrol it again') }],
  ['PATCH', 403, { what: 'later', mend: expect.stringContaining('enrol it again') }],
  ['PATCH', 423, { what: 'later' }],
  ['POST', 429, { what: 'later' }],
  ['POST', 502, { what: 'later', mendIfLong: expect.stringContaining('MANYI_HUB_URL') }],
  ['POST', 503, { what: 'later' }],
  ['PATCH', 507, { what: 'later' }],
])('%s answered with %i', (method, status, verdict) => {
  const judged = answered(method, status);
  expect(judged).toMatchObject(verdict);
  expect('mend' in judged).toBe('mend' in verdict);
  // Of what the hub itself says that it cannot do, somebody is told there.
  if (status === 503 || status === 507) expect(judged).not.toHaveProperty('mendIfLong');
});

test('a clip that arrived is done with, and a line that was cut is tried again', () => {
  expect(judge({ how: 'arrived' })).toEqual({ what: 'done' });
  expect(judge({ how: 'cut', why: 'socket hang up' })).toMatchObject({ what: 'later', mendIfLong: expect.any(String) });
});
