import { counter, type ImportReport } from '@manyi/config/api';
import { conflict } from '../../errors.ts';
import { type CsvLine, type LineResult, readCsv, siteOfLine, takeLines } from '../csv.ts';
import type { Places } from './places.ts';
import type { PlaceStore } from './store.ts';

export interface CounterImport {
  readonly places: Places;
  readonly store: PlaceStore;
  readonly by: string;
  readonly site?: string | undefined;
  readonly dryRun: boolean;
}

/** Adds and renames counters from a table `id,name`, with `site` where the hub has several. */
export async function importCounters(
  { places, store, by, site, dryRun }: CounterImport,
  csv: Buffer,
): Promise<ImportReport> {
  const sites = (await places.sites()).map((known) => known.id);
  const seen = new Set<string>();

  async function take(cells: CsvLine['cells']): Promise<LineResult> {
    const given = counter.parse({ id: cells['id'], name: cells['name'], site: siteOfLine(cells, site, sites) });
    const key = `${given.site}/${given.id}`;
    if (seen.has(key)) throw conflict('twice-in-table', `counter ${given.id} stands in the table twice`);
    seen.add(key);
    const before = await store.counter(given.site, given.id);
    if (before === null) {
      if (!dryRun) await places.addCounter(given, by);
      return 'added';
    }
    if (before.name === given.name) return 'unchanged';
    if (!dryRun) await places.changeCounter(given.site, given.id, given.name, by);
    return 'changed';
  }

  return takeLines(readCsv(csv, ['id', 'name']), take);
}
