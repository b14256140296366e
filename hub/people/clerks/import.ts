import { type Clerk, type ImportReport, newBadge, newClerk } from '@manyi/config/api';
import { conflict } from '../../errors.ts';
import { type CsvLine, type LineResult, readCsv, siteOfLine, takeLines } from '../csv.ts';
import type { Clerks, NewClerk } from './clerks.ts';
import type { ClerkStore } from './store.ts';

export interface ClerkImport {
  readonly clerks: Clerks;
  readonly store: ClerkStore;
  readonly sites: readonly string[];
  readonly by: string;
  readonly site?: string | undefined;
  readonly dryRun: boolean;
}

/**
 * Adds and changes clerks and gives them badges from a table `id,name,number,stars,badge`, with `site` where the hub has several.
 * A column that is not there changes nothing; an empty `badge` gives none, an empty `stars` means none.
 */
export async function importClerks(parts: ClerkImport, csv: Buffer): Promise<ImportReport> {
  const { clerks, store, by, dryRun } = parts;
  const seen = new Set<string>();

  function once(key: string, what: string): void {
    if (seen.has(key)) throw conflict('twice-in-table', `${what} stands in the table twice`);
    seen.add(key);
  }

  /** Whether the badge has yet to be given; refuses one that somebody else has. */
  async function isNewBadge(code: string, clerk: string): Promise<boolean> {
    const wanted = await clerks.identify(code, clerk);
    once(wanted.id, 'the badge');
    const known = await store.badge(wanted.id);
    if (known !== null && known.clerk !== clerk)
      throw conflict('badge-in-use', `the badge belongs to clerk ${known.clerk}`);
    return known === null;
  }

  async function put(wanted: NewClerk, before: Clerk | null): Promise<LineResult> {
    if (before === null) {
      if (!dryRun) await clerks.add(wanted, by);
      return 'added';
    }
    if (before.active && sameClerk(before, wanted)) return 'unchanged';
    if (!dryRun) await clerks.change(wanted.id, { ...wanted, active: true }, by);
    return 'changed';
  }

  async function take(cells: CsvLine['cells']): Promise<LineResult> {
    const before = await store.clerk(cells['id'] ?? '');
    const wanted = clerkOfLine(cells, before, siteOfLine(cells, parts.site, parts.sites));
    once(`clerk ${wanted.id}`, `clerk ${wanted.id}`);
    if (before !== null && before.site !== wanted.site)
      throw conflict('other-site', `clerk ${wanted.id} belongs to site ${before.site}`);
    const code = cells['badge'] || null;
    const givesBadge =
      code !== null && (await isNewBadge(newBadge.parse({ badge: code, clerk: wanted.id }).badge, wanted.id));
    const result = await put(wanted, before);
    if (code === null || !givesBadge) return result;
    if (!dryRun) await clerks.addBadge(code, wanted.id, by);
    return result === 'unchanged' ? 'changed' : result;
  }

  return takeLines(readCsv(csv, ['id', 'name', 'number']), take);
}

function clerkOfLine(cells: CsvLine['cells'], before: Clerk | null, site: string): NewClerk {
  const stars = cells['stars'] === undefined ? (before?.stars ?? null) : starsOf(cells['stars']);
  return newClerk.parse({ id: cells['id'], name: cells['name'], number: cells['number'], stars, site });
}

function starsOf(text: string): number | null {
  return text === '' ? null : Number(text);
}

function sameClerk(before: Clerk, wanted: NewClerk): boolean {
  return before.name === wanted.name && before.number === wanted.number && before.stars === wanted.stars;
}
