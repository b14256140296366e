import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { ffmpeg, NoUse, TooSlow } from '@manyi/hub/recordings/sound/ffmpeg';
import { afterEach, expect, test } from 'vitest';
import { eventually } from '../../support/api.ts';
import { temporaryFolder } from '../../support/folder.ts';

const path = process.env['PATH'];
afterEach(() => {
  process.env['PATH'] = path;
});

const args = ['-f', 's16le', 'pipe:1'];

test('a program that hangs, and does not hear of its end, is ended when its time is over', async () => {
  const folder = temporaryFolder();
  const program = join(folder, 'ffmpeg');
  writeFileSync(program, `#!/bin/sh\ntrap '' TERM\necho $$ > ${folder}/pid\nexec /bin/sleep 600 <&-\n`);
  chmodSync(program, 0o755);
  process.env['PATH'] = folder;
  const running = ffmpeg({ source: Readable.from([Buffer.alloc(10)]), args, limitMs: 1500 });
  await expect(running).rejects.toThrow(TooSlow);
  expect(existsSync(join(folder, 'pid'))).toBe(true);
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
  await eventually(
    async () => isAlive(pid),
    (is) => !is,
  );
});

test('what is no sound is told apart from what took too long', async () => {
  const source = Readable.from([Buffer.from('no sound at all')]);
  await expect(ffmpeg({ source, args, limitMs: 30_000 })).rejects.toThrow(NoUse);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
