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
  return out.map((one) => (one.type === 'press' ? `${one.level}@${one.at}` : `${one.levels.join('+')}@${one.at}`));
}

describe('a panel filtered', () => {
  it('lets a lone face through, at the time it was pressed', () => expect(outcome(['a', 7])).toEqual(['a@7']));
  it('waits 50 ms before it calls a face lone', () => {
    const { state } = edge(untouched, 'a', 0);
    expect(settle(state, 50).out).toEqual([]);
    expect(settle(state, 51).out).toHaveLength(1);
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
    expect(outcome(['a', 0], ['b', 10], ['c', 40], ['d', 85])).toEqual(['a+b@10']));
  it('takes a face again soon after a grab', () =>
    expect(outcome(['a', 0], ['b', 10], ['c', 61])).toEqual(['a+b@10', 'c@61']));
  it('does not need its timer in time', () =>
    expect(outcome(['a', 0], ['b', 400], ['c', 900])).toEqual(['a@0', 'b@400', 'c@900']));
});

it('gives the answer by itself when nobody touches the panel again', async () => {
  const answer = await new Promise<Filtered>((resolve) => createPressFilter(resolve).edge('average', 3));
  expect(answer).toEqual({ type: 'press', level: 'average', at: 3 });
});
