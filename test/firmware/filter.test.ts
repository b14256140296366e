import { createPressFilter, edge, type Filtered, settle, untouched } from '@manyi/firmware/buttons/filter';
import { describe, expect, it } from 'vitest';

/** What comes of the edges, each a face and its time, when the panel is then left alone. */
function outcome(...edges: [level: string, at: number][]): string[] {
  let state = untouched;
  const out: Filtered[] = [];
  for (const [level, at] of edges) {
    const step = edge(state, level, at);
    state = step.state;
    out.push(...step.out);
  }
  out.push(...settle(state, Number.POSITIVE_INFINITY).out);
  const kept: string[] = [];
  for (const one of out) {
    if (one.type === 'press') kept.push(`${one.level}@${one.at}`);
    // The press before it is taken back, but for one more face of the same grab.
    if (one.type === 'two-faces') {
      if (one.levels.length > 1) kept.pop();
      kept.push(`${one.levels.join('+')}@${one.at}`);
    }
  }
  return kept;
}

describe('a panel filtered', () => {
  it('lets a lone face through, at the time it was pressed', () => expect(outcome(['a', 7])).toEqual(['a@7']));
  it('tells a face at once, and after 50 ms alone that it stands', () => {
    const { state, out } = edge(untouched, 'a', 0);
    expect(out).toEqual([{ type: 'press', level: 'a', at: 0 }]);
    expect(settle(state, 50).out).toEqual([]);
    expect(settle(state, 51).out).toEqual([{ type: 'stands' }]);
  });
  it('takes two faces within 50 ms for no answer', () => expect(outcome(['a', 0], ['b', 50])).toEqual(['a+b@50']));
  it('takes two faces 51 ms apart for two presses', () =>
    expect(outcome(['a', 0], ['b', 51])).toEqual(['a@0', 'b@51']));
  it('drops the bounce of one face', () => expect(outcome(['a', 0], ['a', 4], ['a', 9], ['a', 30])).toEqual(['a@0']));
  it('keeps dropping while the contact bounces on', () =>
    expect(outcome(['a', 0], ['a', 45], ['a', 90], ['a', 200])).toEqual(['a@0', 'a@200']));
  it('still sees a second face behind the bounce of the first', () =>
    expect(outcome(['a', 0], ['a', 20], ['b', 40])).toEqual(['a+b@40']));
  it('takes a whole hand for one grab, not for a press of the last finger', () =>
    expect(outcome(['a', 0], ['b', 10], ['c', 40], ['d', 85])).toEqual(['a+b@10', 'c@40', 'd@85']));
  it('takes a face again soon after a grab', () =>
    expect(outcome(['a', 0], ['b', 10], ['c', 61])).toEqual(['a+b@10', 'c@61']));
  it('does not need its timer in time', () =>
    expect(outcome(['a', 0], ['b', 400], ['c', 900])).toEqual(['a@0', 'b@400', 'c@900']));
});

it('says by itself that a press stands when nobody touches the panel again', async () => {
  const told: Filtered[] = [];
  await new Promise<void>((resolve) => {
    const filter = createPressFilter(async (filtered) => {
      told.push(filtered);
      if (filtered.type === 'stands') resolve();
    });
    filter.edge('average', 3);
  });
  expect(told).toEqual([{ type: 'press', level: 'average', at: 3 }, { type: 'stands' }]);
});

it('still sees a second face that was read late because the first took long to keep', async () => {
  const told: Filtered[] = [];
  let kept = () => {};
  const filter = createPressFilter((filtered) => {
    told.push(filtered);
    return filtered.type === 'press' ? new Promise((resolve) => (kept = resolve)) : Promise.resolve();
  });
  const at = performance.now() - 200;
  filter.edge('average', at);
  kept();
  await new Promise((resolve) => setImmediate(resolve));
  filter.edge('satisfied', performance.now());
  expect(told.map(({ type }) => type)).toEqual(['press', 'two-faces']);
  filter.close();
});

it('lets a press in the moment of the stop stand', async () => {
  const told: string[] = [];
  const filter = createPressFilter(async ({ type }) => void told.push(type));
  filter.edge('average', performance.now());
  filter.close();
  filter.close();
  expect(told).toEqual(['press', 'stands']);
});
