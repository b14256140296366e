import type { ImportReport } from '@manyi/config/api';
import { id } from '@manyi/config/ids';
import { parse } from 'csv-parse/sync';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { invalid, Refusal } from '../errors.ts';

/** The largest table that is taken, in bytes: some tens of thousands of lines. */
export const maxCsvBytes = 4 * 1024 * 1024;

/** `site` is where lines belong that have no column `site`; a hub with one site needs neither. `dryRun=true` does nothing, and reports alike. */
export const importQuery = z.object({
  site: id.optional(),
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
});

/** One line of a table: its number in the file, and its cells by column. Missing columns are absent. */
export interface CsvLine {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

/** Lets routes of this instance take `text/csv`, as bytes: the text's encoding is found out by `readCsv`. */
export function acceptCsv(app: FastifyInstance): void {
  app.addContentTypeParser('text/csv', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}

/** The bytes of a body that came as `text/csv`. */
export function takeCsv(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  throw new Refusal(415, 'send the table as text/csv');
}

/**
 * Reads a table with a head line. UTF-8 with or without byte order mark; what is not UTF-8 is read as GB18030, which is what
 * Excel writes in China. Throws 400 when a required column is missing or the text is no CSV at all.
 */
export function readCsv(bytes: Buffer, required: readonly string[]): CsvLine[] {
  const [head, ...rows] = parseRows(decode(bytes));
  const columns = (head?.record ?? []).map((name) => name.trim().toLowerCase());
  const missing = required.filter((name) => !columns.includes(name));
  if (missing.length > 0)
    throw invalid(
      'body',
      `the first line must name the columns, and ${missing.join(', ')} is missing`,
      'wrong-columns',
    );
  return rows.map(({ record, info }) => ({
    line: info.lines,
    cells: Object.fromEntries(columns.map((name, index) => [name, (record[index] ?? '').trim()])),
  }));
}

interface Row {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

function parseRows(text: string): Row[] {
  try {
    const options = {
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      delimiter: delimiterOf(text),
    } as const;
    return parse(text, options) as unknown as Row[];
  } catch (error) {
    throw invalid('body', `this is not CSV: ${(error as Error).message}`, 'not-csv');
  }
}

/** Spreadsheets write commas, semicolons or tabs: whichever the head line has most of. */
function delimiterOf(text: string): string {
  const head = text.split('\n', 1)[0] ?? '';
  const counted = [',', ';', '\t'].map((mark) => ({ mark, count: head.split(mark).length }));
  return counted.reduce((best, other) => (other.count > best.count ? other : best)).mark;
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** What has become of one line. */
export type LineResult = 'added' | 'changed' | 'unchanged';

/** Takes the lines one after another. A line that `take` refuses is reported with its reason, and the next one goes on. */
export async function takeLines(
  lines: readonly CsvLine[],
  take: (cells: CsvLine['cells']) => Promise<LineResult>,
): Promise<ImportReport> {
  const report: ImportReport = { added: 0, changed: 0, refused: [] };
  for (const { line, cells } of lines) {
    try {
      const result = await take(cells);
      if (result !== 'unchanged') report[result] += 1;
    } catch (error) {
      report.refused.push({ line, ...whyNot(error) });
    }
  }
  return report;
}

function whyNot(error: unknown): Omit<ImportReport['refused'][number], 'line'> {
  if (error instanceof z.ZodError) {
    const columns = [...new Set(error.issues.map(({ path }) => path.join('.')))];
    return { reason: error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '), columns };
  }
  if (error instanceof Refusal) {
    const reason = error.errors.map(({ path, message }) => `${path}: ${message}`).join('; ') || error.message;
    return { reason, ...(error.kind === null ? {} : { kind: error.kind }) };
  }
  throw error;
}

/** The site that a line belongs to: its own column, else the request's, else the only one there is. */
export function siteOfLine(cells: CsvLine['cells'], asked: string | undefined, sites: readonly string[]): string {
  const site = cells['site'] || asked || (sites.length === 1 ? sites[0] : undefined);
  if (site === undefined) throw invalid('site', 'say which: as a column or as ?site=', 'no-site');
  if (!sites.includes(site)) throw invalid('site', `there is no site ${site}`, 'unknown-site');
  return site;
}
