import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAacMaker } from '@manyi/hub/recordings/sound/aac';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';

/** An ffmpeg that makes forty megabytes of whatever it is given. */
function makeMuch(): void {
  const folder = temporaryFolder();
  const script = '#!/bin/sh\ncat > /dev/null\nhead -c 40000000 /dev/zero >&3\n';
  writeFileSync(join(folder, 'ffmpeg'), script, { mode: 0o755 });
  const path = process.env['PATH'];
  process.env['PATH'] = `${folder}:${path}`;
  onTestFinished(() => {
    process.env['PATH'] = path;
  });
}

test('what is more than is remembered is forgotten at once, whatever else is still being made', async () => {
  makeMuch();
  const aac = createAacMaker();
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const at = async function* () {
    yield Buffer.from('clip');
  };
  const late = async function* () {
    await finished;
    yield Buffer.from('clip');
  };
  const of = (recording: string, source = at) => aac.of({ recording, durationMs: 1000 }, source);
  const [first, second, third] = [of('first'), of('second'), of('third', late)];
  await Promise.all([first, second]);
  const again = of('first');
  finish();
  expect((await again) === (await first)).toBe(false);
  expect((await again).length).toBe((await third).length);
});
