import { createHealthBook } from '@manyi/agent/health';
import { createLog } from '@manyi/agent/log';
import { sharePart } from '@manyi/agent/recording/shared-part';
import { createTroubles } from '@manyi/agent/troubles';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';

test('a part has failed until everything that it needs works, whatever else comes back before', async () => {
  const health = createHealthBook(temporaryFolder(), ['recording']);
  const troubles = createTroubles({ health, log: createLog('silent'), onNews: () => {} });
  const need = sharePart('recording', troubles);
  const [making, bringing] = [need(), need()];
  making.works();
  bringing.failed('no way in');
  making.works();
  expect(health.works('recording')).toBe(false);
  making.failed('no coder');
  bringing.works();
  expect(health.works('recording')).toBe(false);
  making.works();
  expect(health.works('recording')).toBe(true);
  const told: string[] = [];
  await troubles.tellLedger(async ({ state, detail }) => void told.push(`${state}: ${detail}`));
  expect(told).toEqual(['failed: no way in', 'failed: no coder', 'restored: it works again']);
});

test('two needs that fail again and again are told once each', () => {
  const told: string[] = [];
  const tell = (what: string) => void told.push(what);
  const need = sharePart('recording', { partFailed: (_part, cause) => tell(cause), partRestored: () => tell('works') });
  const [making, keeping] = [need(), need()];
  for (let n = 0; n < 3; n += 1) {
    making.failed('nearly full');
    keeping.failed('full');
  }
  making.failed('no coder');
  keeping.works();
  making.works();
  making.works();
  expect(told).toEqual(['nearly full', 'full', 'no coder', 'no coder', 'works']);
});
