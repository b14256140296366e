import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { rating } from '../../support/events.ts';
import { closed } from '../../support/mqtt-terminal.ts';
import { counted, eventIds, hall, join } from './hall.ts';

test('disk full: no receipt, nothing half-written, one clear line, terminals cut off; then everything goes on', async () => {
  const core = await hall();
  const terminal = await join(core);
  const outbox = randomUUID();
  const safe = rating(outbox, 1);
  await terminal.send(safe);
  await terminal.receipt(outbox, 1);

  const pages = Number(core.database.sqlite.pragma('page_count', { simple: true }));
  core.database.sqlite.pragma(`max_page_count = ${pages}`);
  const unsafe = Array.from({ length: 300 }, (_, index) => rating(outbox, index + 2, { ticket: 'x'.repeat(60) }));
  const cutOff = closed(terminal.client);
  for (const event of unsafe) terminal.send(event).catch(() => {});
  await cutOff;
  const receipted = terminal.receipts.at(-1)?.through ?? 0;
  expect(eventIds(core)).toHaveLength(receipted);
  expect(counted(core, 'rated')).toBe(receipted);
  expect(receipted).toBeLessThan(301);
  await expect(join(core)).rejects.toThrow(/Server unavailable/);
  expect(core.lines.filter((line) => line.includes('cannot be written'))).toHaveLength(1);

  core.database.sqlite.pragma('max_page_count = 1000000');
  const again = await expect
    .poll(() => core.lines.some((line) => line.includes('can be written again')), { timeout: 10_000 })
    .toBe(true)
    .then(() => join(core));
  await again.send(...unsafe);
  await again.receipt(outbox, 301);
  expect(eventIds(core)).toHaveLength(301);
});
