import type { Say } from './words.ts';

/** What came of one part. `absent`: the terminal has none, and need not. `skipped`: the technician has not tried it. */
export interface Result {
  readonly part: string;
  readonly outcome: 'works' | 'failed' | 'absent' | 'skipped';
  readonly remark: string;
}

/** Of a part that was skipped. */
export function notTried(part: string, say: Say): Result {
  return { part, outcome: 'skipped', remark: say('notTried') };
}

/** The results as a table of aligned columns. */
export function table(results: readonly Result[], say: Say): string {
  const rows = [
    [say('part'), say('result'), say('remark')],
    ...results.map(({ part, outcome, remark }) => [part, say(outcome), remark]),
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => width(row[column] ?? ''))));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(cell)))).join('  ');
  const [head = '', ...body] = rows.map((row) => line(row).trimEnd());
  return [head, '-'.repeat(Math.max(...rows.map((row) => width(line(row))))), ...body].join('\n');
}

/** How many columns of a text console it takes: Chinese characters take two. */
function width(text: string): number {
  return [...text].reduce((sum, character) => sum + (/[\u1100-\u115f\u2e80-\uffdc]/.test(character) ? 2 : 1), 0);
}
