import { keyDown, loneKeyMs, type Meaning, quiet, settle, twoFacesMs } from '@manyi/agent/screen/web/keys';
import * as limits from '@manyi/config/limits';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** What the keys mean when the keyboard is then left alone. */
function type(...keys: [key: string, at: number][]): { said: string[]; swallowed: string[] } {
  let state = quiet;
  const meanings: Meaning[] = [];
  const swallowed: string[] = [];
  for (const [key, at] of keys) {
    const step = keyDown(state, key, at);
    state = step.state;
    meanings.push(...step.meanings);
    if (step.swallow) swallowed.push(key);
  }
  meanings.push(...settle(state, Number.POSITIVE_INFINITY).meanings);
  return { said: meanings.map(say), swallowed };
}

function say(meaning: Meaning): string {
  if (meaning.type === 'face') return `face ${meaning.index}`;
  return meaning.type === 'badge' ? `badge ${meaning.code}` : meaning.key;
}

/** A reader's burst: a key every `gap` ms. */
function burst(text: string, start = 0, gap = 12): [string, number][] {
  return [...text, 'Enter'].map((key, index) => [key, start + index * gap]);
}

describe('a key', () => {
  it('is a face when it is a lone digit', () => expect(type(['1', 0]).said).toEqual(['face 0']));
  it('is a face only after 80 ms of quiet', () => {
    const { state } = keyDown(quiet, '4', 0);
    expect(settle(state, 80).meanings).toEqual([]);
    expect(settle(state, 81).meanings).toEqual([{ type: 'face', index: 3 }]);
  });
  it('is no face when another comes 80 ms later', () => expect(type(['1', 0], ['2', 80]).said).toEqual([]));
  it('is a face when the next comes 81 ms later', () =>
    expect(type(['1', 0], ['2', 81]).said).toEqual(['face 0', 'face 1']));
  it('is no face when any other key at all is near it', () =>
    expect(type(['ArrowUp', 0], ['1', 30], ['x', 500], ['2', 520]).said).toEqual([]));
  it('is a command of the clerk when it is a lone letter or function key', () =>
    expect(type(['n', 0], ['i', 200], ['E', 400], ['p', 600], ['F2', 800], ['F9', 1000]).said).toEqual([
      'next',
      'invite',
      'end',
      'pause',
      'next',
      'pause',
    ]));
  it('means nothing when it has no meaning', () =>
    expect(type(['x', 0], ['0', 200], ['Enter', 400], ['Tab', 600]).said).toEqual([]));
  it('keeps to the limits of the treaty', () =>
    expect([loneKeyMs, twoFacesMs]).toEqual([limits.loneKeyMs, limits.twoFacesWithinMs]));
});

describe('a badge reader', () => {
  it('types a badge', () => expect(type(...burst('0004711')).said).toEqual(['badge 0004711']));
  it('types letters, also those of the clerk keys', () =>
    expect(type(...burst('n1E2i3p4')).said).toEqual(['badge n1E2i3p4']));
  it('may end with a tab', () =>
    expect(type(['1', 0], ['2', 9], ['3', 18], ['4', 27], ['Tab', 36]).said).toEqual(['badge 1234']));
  it('never lets a key of its burst reach a button', () =>
    expect(type(...burst('12345')).swallowed).toEqual(['2', '3', '4', '5', 'Enter']));
  it('leaves a lone Enter to the button that has the focus', () =>
    expect(type(['Enter', 0], ['Tab', 500]).swallowed).toEqual([]));
  it('types nothing when the code is too short, too long or spoilt', () => {
    for (const text of ['1', '123', '1'.repeat(33), '1'.repeat(90), '12-34', '12 34']) {
      expect(type(...burst(text)).said, text).toEqual([]);
    }
  });
  it('types nothing when Enter is missing', () =>
    expect(type(['1', 0], ['2', 10], ['3', 20], ['4', 30]).said).toEqual([]));
  it('may read two badges in a row', () =>
    expect(type(...burst('1111'), ...burst('2222', 400)).said).toEqual(['badge 1111', 'badge 2222']));
  it('does not rate with a digit that follows its Enter at once', () =>
    expect(type(...burst('1111'), ['3', 60]).said).toEqual(['badge 1111']));

  it('never rates, whatever it types and however fast', () => {
    const text = fc.stringMatching(/^[0-9A-Za-z]{1,40}$/);
    fc.assert(
      fc.property(
        text,
        fc.array(fc.integer({ min: 0, max: loneKeyMs }), { minLength: 42, maxLength: 42 }),
        (code, gaps) => {
          let at = 0;
          const keys = [...code, 'Enter'].map((key, index): [string, number] => {
            at += gaps[index] ?? 0;
            return [key, at];
          });
          const wanted = code.length >= 4 && code.length <= 32 ? [`badge ${code}`] : [];
          expect(type(...keys).said).toEqual(wanted);
        },
      ),
    );
  });
});
