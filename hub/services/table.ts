import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { FastifyReply } from 'fastify';
import writeExcelFile from 'write-excel-file/node';
import { Refusal } from '../errors.ts';

/** What stands in one cell. */
export type Cell = string | number | boolean | null;

/** Something to hand out as a table: its file's name without ending, its heads, and its rows, read as they are needed. */
export interface Table {
  readonly name: string;
  readonly heads: readonly string[];
  readonly rows: AsyncIterable<readonly Cell[]> | Iterable<readonly Cell[]>;
  /** Whether cells hold people's words. Excel takes CSV for UTF-8 only behind a byte order mark, which programs stumble over. */
  readonly words: boolean;
}

export type Format = 'json' | 'csv' | 'xlsx';

const mediaTypes = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  json: 'application/json',
} as const;

/** Rows that a workbook may have: it is made in memory. */
const workbookRows = 50_000;

/** The format that an `Accept` header likes best; JSON when it names none that we have (RFC 9110, 12.5.1). */
export function acceptedFormat(accept: string | undefined): Format {
  const ranges = (accept ?? '').split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((piece) => piece.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) };
  });
  ranges.sort((one, other) => other.quality - one.quality);
  for (const { type, quality } of ranges) {
    if (!(quality > 0)) continue;
    if (type === '*/*' || type === 'application/*') return 'json';
    for (const format of ['json', 'csv', 'xlsx'] as const) if (type === mediaTypes[format]) return format;
  }
  return 'json';
}

/**
 * Sends a table as CSV (RFC 4180), streamed, or as a workbook. In CSV a text that a spreadsheet would take for a formula gets an
 * apostrophe before it; in a workbook texts are texts. A table too long for a workbook is refused.
 */
export async function sendTable(reply: FastifyReply, format: 'csv' | 'xlsx', table: Table): Promise<FastifyReply> {
  reply.header('content-disposition', `attachment; filename="${table.name}.${format}"`);
  if (format === 'xlsx') return reply.type(mediaTypes.xlsx).send(await workbook(table));
  const rows = Readable.from(table.rows);
  const lines = stringify({
    header: true,
    columns: [...table.heads],
    bom: table.words,
    escape_formulas: true,
    cast: { boolean: (value) => String(value) },
  });
  rows.on('error', (error) => lines.destroy(error));
  lines.on('close', () => rows.destroy());
  return reply.type(`${mediaTypes.csv}; charset=utf-8`).send(rows.pipe(lines));
}

async function workbook(table: Table): Promise<Buffer> {
  const sheet: Cell[][] = [[...table.heads]];
  for await (const row of table.rows) {
    if (sheet.length > workbookRows) {
      throw new Refusal(
        400,
        `a workbook takes ${workbookRows} rows: choose a shorter time, or CSV, which has no limit`,
      );
    }
    sheet.push([...row]);
  }
  return writeExcelFile(sheet).toBuffer();
}
