import { failuresOf } from '@manyi/hub/terminals/failures';
import { expect, test } from 'vitest';

const failed = { parts: { panel: false, speaker: true, microphone: false } };
const change = (part: 'panel' | 'speaker', state: 'failed' | 'restored', second: number, detail: string | null) => ({
  part,
  state,
  at: second * 1000,
  detail,
});

test('a failed part has failed since it worked last, and for the cause that was told last', () => {
  const changes = [
    change('panel', 'failed', 9, 'a key is stuck'),
    change('speaker', 'restored', 8, null),
    change('panel', 'failed', 7, 'the panel is not there'),
    change('panel', 'restored', 6, null),
    change('panel', 'failed', 5, 'in use'),
  ];
  expect(failuresOf(failed, changes, 'UTC')).toEqual([
    { part: 'panel', since: '1970-01-01T00:00:07.000+00:00', detail: 'a key is stuck' },
    { part: 'microphone', since: null, detail: null },
  ]);
});
