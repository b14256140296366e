import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atWork, clockRows, growthRow, lossRows, type Pace } from './capture.ts';
import type { Row } from './row.ts';

/** Four hours are `npm run bench -- capture-hurried 240`, and take less than half of one. */
const usualMinutes = 20;
const speed = 10;
/** The clocks of all that it starts run so fast, and what they wait for comes so early (Debian's libfaketime). */
const hurried: Pace = { speed, under: ['faketime', '-f', `+0x${speed}`] };

/**
 * The same long service, from the same sound server through the same recorder into the same agent, while time passes ten times as fast for all
 * of them: whether anything is lost or grows is seen ten times sooner. What it costs is another question, see capture.ts.
 */
export async function run(minutes = usualMinutes): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'manyi-bench-'));
  const { cost, ...heard } = await atWork(join(folder, 'recording'), minutes * 60_000, hurried);
  rmSync(folder, { recursive: true });
  return [growthRow(minutes, cost), ...lossRows(minutes, heard.compared), ...clockRows(minutes, heard, speed)];
}
