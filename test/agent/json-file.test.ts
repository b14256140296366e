import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openJsonFile } from '@manyi/agent/files/json-file';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { temporaryFolder } from '../support/folder.ts';

const schema = z.object({ n: z.number() });

async function open(path: string) {
  const said: string[] = [];
  const file = await openJsonFile(path, schema, { n: 0 }, (what) => said.push(what));
  return { file, said };
}

test('what was written is read again, and the copy before it is kept', async () => {
  const path = join(temporaryFolder(), 'a.json');
  const { file } = await open(path);
  expect(file.data).toEqual({ n: 0 });
  await file.write({ n: 1 });
  await file.write({ n: 2 });
  expect((await open(path)).file.data).toEqual({ n: 2 });
  expect(JSON.parse(readFileSync(`${path}.previous`, 'utf8'))).toEqual({ n: 1 });
});

test.each(['{"n": 2', '{"n": "two"}', ''])(
  'a broken file (%j) is put aside, and the copy before it takes its place',
  async (text) => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.json');
    const { file } = await open(path);
    await file.write({ n: 1 });
    await file.write({ n: 2 });
    writeFileSync(path, text);
    const again = await open(path);
    expect(again.file.data).toEqual({ n: 1 });
    expect(again.said[0]).toContain('a.json.broken-');
    const [aside] = readdirSync(folder).filter((name) => name.includes('.broken-'));
    expect(readFileSync(join(folder, String(aside)), 'utf8')).toBe(text);
  },
);

test('without an older copy a broken file counts as missing', async () => {
  const path = join(temporaryFolder(), 'a.json');
  writeFileSync(path, 'x');
  const { file, said } = await open(path);
  expect(file.data).toEqual({ n: 0 });
  expect(said).toHaveLength(1);
});
