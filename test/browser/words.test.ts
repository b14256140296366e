import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { en } from '@manyi/hub/web/i18n/en';
import { zh } from '@manyi/hub/web/i18n/zh';
import { expect, test } from 'vitest';

const web = join(import.meta.dirname, '../../hub/web');

/** The paths of all texts, singulars with the text that they belong to. */
function keysOf(words: object, before = ''): string[] {
  return Object.entries(words).flatMap(([name, value]) =>
    typeof value === 'string' ? [`${before}${name.replace(/_one$/, '')}`] : keysOf(value, `${before}${name}.`),
  );
}

function sourcesBelow(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !['dist', 'i18n', 'node_modules'].includes(name))
    .map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sourcesBelow(path);
      return /\.tsx?$/.test(entry.name) ? readFileSync(path, 'utf8') : '';
    })
    .join('\n');
}

/** What a template such as `errors.kinds.${kind}` can name: one word in the place of each hole. */
function templatesOf(sources: string): RegExp[] {
  return [...sources.matchAll(/`((?:\w+\.)+)\$\{[^}]*\}((?:\.\w+)*)`/g)].map(
    ([, before = '', after = '']) => new RegExp(`^${quote(before)}[^.]+(\\..+)?${quote(after)}$`),
  );
}

function quote(text: string): string {
  return text.replaceAll('.', '\\.');
}

test('Chinese and English have the same texts, and none is empty', () => {
  expect(new Set(keysOf(zh))).toEqual(new Set(keysOf(en)));
  expect(JSON.stringify([en, zh])).not.toContain('""');
});

test('every text is used by a page', () => {
  const sources = sourcesBelow(web);
  const templates = templatesOf(sources);
  const isUsed = (key: string) => sources.includes(`'${key}'`) || templates.some((template) => template.test(key));
  expect(keysOf(en).filter((key) => !isUsed(key))).toEqual([]);
});

test('both languages fill the same gaps', () => {
  const gaps = (text: string) => [...new Set(text.match(/\{\{\w+\}\}/g))].sort();
  const flat = (words: object): string[][] =>
    Object.entries(words)
      .filter(([name]) => !name.endsWith('_one'))
      .flatMap(([, value]) => (typeof value === 'string' ? [gaps(value)] : flat(value)));
  expect(flat(zh)).toEqual(flat(en));
});
