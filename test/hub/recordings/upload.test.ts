import type { Recording } from '@manyi/config/recordings';
import { expect, test } from 'vitest';
import { makeClip } from './clips.ts';
import { openStudio } from './studio.ts';

test('a clip is told of, sent, and heard again as it was', async () => {
  const studio = await openStudio();
  const terminal = await studio.terminal();
  const clip = makeClip();
  await terminal.tell(clip, { level: 'dissatisfied' });
  await terminal.send(clip);
  const stored = await studio.api.get<Recording>(`/recordings/${clip.recording}`);
  expect(stored).toMatchObject({ state: 'stored', clerk: 'C0017', counter: 'counter-1', level: 'dissatisfied' });
  const answer = await studio.ask(`/recordings/${clip.recording}/audio?purpose=training`);
  expect(Buffer.from(await answer.arrayBuffer()).equals(clip.bytes)).toBe(true);
});
