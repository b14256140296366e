import { findReader } from '@manyi/firmware/badge/hid';
import { createKeyboard } from '@manyi/firmware/badge/keyboard';
import { createTyping, type TypingOptions } from '@manyi/firmware/badge/typing';
import { describe, expect, it } from 'vitest';

const shift = 0x02;
const enter = 0x28;
/** The reports of keys going down and up, as a reader sends them. */
const type = (...keys: (number | [modifiers: number, key: number])[]) =>
  keys.flatMap((one) => {
    const [modifiers, key] = typeof one === 'number' ? [0, one] : one;
    return [Buffer.from([modifiers, 0, key, 0, 0, 0, 0, 0]), Buffer.alloc(8)];
  });
const digits = (text: string) => [...text].map((digit) => (digit === '0' ? 0x27 : 0x1d + Number(digit)));

function codes(reports: readonly Uint8Array[], options: Partial<TypingOptions> = {}, pauseMs = 5): string[] {
  let now = 0;
  const heard: string[] = [];
  const all: TypingOptions = { layout: 'us', format: 'as-typed', prefix: '', suffix: '', ...options };
  const typing = createTyping(
    all,
    () => now,
    (code) => heard.push(code),
  );
  for (const report of reports) {
    typing(report);
    now += pauseMs;
  }
  return heard;
}

describe('a reader that types', () => {
  it('gives a code by Enter, keypad Enter or Tab', () => {
    for (const end of [enter, 0x58, 0x2b]) expect(codes(type(...digits('0012345678'), end))).toEqual(['0012345678']);
  });
  it('may type the same digit again, letters, and on the keypad', () =>
    expect(codes(type(...digits('1100'), 0x04, [shift, 0x05], 0x59, 0x62, enter))).toEqual(['1100aB10']));
  it('may roll over from one key to the next', () => {
    const reports = [[0x1e], [0x1e, 0x1f], [0x1f], [0x1f, 0x20], [0x20, 0x21], [0x21], [], [enter]];
    expect(codes(reports.map((keys) => Buffer.from([0, 0, ...keys, ...Array(6 - keys.length).fill(0)])))).toEqual([
      '1234',
    ]);
  });
  it('may number its reports', () => {
    const numbered = type(...digits('4711'), enter).map((report) => Buffer.concat([Buffer.of(1), report]));
    expect(codes(numbered)).toEqual(['4711']);
  });
  it('may be set up for a French or German keyboard', () => {
    const shifted = digits('4711').map((key): [number, number] => [shift, key]);
    expect(codes(type(...shifted, 0x14, enter), { layout: 'fr' })).toEqual(['4711a']);
    expect(codes(type(...digits('4711'), 0x1c, enter), { layout: 'de' })).toEqual(['4711z']);
  });
  it('may put something before and after the number', () => {
    const stripe = type([shift, 0x22], 0x33, ...digits('4711'), [shift, 0x38], enter);
    expect(codes(stripe, { prefix: '%;', suffix: '?' })).toEqual(['4711']);
    expect(codes(stripe, { prefix: ';', suffix: '?' })).toEqual([]);
    expect(codes(type(0x33, ...digits('4711'), 0x37, enter), { prefix: ';', suffix: '.' })).toEqual(['4711']);
    expect(codes(type(...digits('4711'), enter), { prefix: ';', suffix: '.' })).toEqual([]);
  });
  it.each([
    ['us', 0x2d, '-', '_'],
    ['us', 0x31, '\\', '|'],
    ['us', 0x34, "'", '"'],
    ['us', 0x38, '/', '?'],
    ['us', 0x64, '\\', '|'],
    ['de', 0x2d, 'ß', '?'],
    ['de', 0x30, '+', '*'],
    ['de', 0x32, '#', "'"],
    ['de', 0x36, ',', ';'],
    ['de', 0x38, '-', '_'],
    ['fr', 0x10, ',', '?'],
    ['fr', 0x2d, ')', '°'],
    ['fr', 0x33, 'm', 'M'],
    ['fr', 0x36, ';', '.'],
    ['fr', 0x38, '!', '§'],
  ] as const)('means by its keys what its layout does: %s, %i is %s and %s', (layout, key, plain, shifted) => {
    const keyboard = createKeyboard(layout);
    const typed = type(key, [shift, key]).flatMap(keyboard);
    expect(typed).toEqual([plain, shifted].map((character) => ({ type: 'character', character })));
  });
  it('gives the number by its format', () =>
    expect(codes(type(...digits('188'), 0x36, ...digits('24910'), enter), { format: 'wiegand-26' })).toEqual([
      '0012345678',
    ]));
  it('is not a person who types slowly', () => expect(codes(type(...digits('4711'), enter), {}, 300)).toEqual([]));
  it('says nothing by Enter alone, nor by too much', () => {
    expect(codes(type(enter, enter))).toEqual([]);
    expect(codes(type(...digits('1'.repeat(100)), enter))).toEqual([]);
  });
  it('begins anew after a code', () =>
    expect(codes(type(...digits('4711'), enter, ...digits('4712'), enter))).toEqual(['4711', '4712']));
});

it('tells of what came as a code does and is none, but not of a person', () => {
  let misread = 0;
  const options: TypingOptions = { layout: 'us', format: 'decimal', prefix: '', suffix: '' };
  const heard: string[] = [];
  let now = 0;
  const typing = createTyping(
    options,
    () => now,
    (code) => heard.push(code),
    () => misread++,
  );
  const all = (pauseMs: number, ...reports: readonly Uint8Array[]) => {
    for (const report of reports) {
      typing(report);
      now += pauseMs;
    }
  };
  all(5, ...type(...digits('4711'), 0x04, enter), ...type(enter), ...type(...digits('4711'), enter));
  all(600, ...type(0x04, 0x05, 0x06, 0x07, enter));
  expect([misread, heard]).toEqual([1, ['0000004711']]);
  // A reader that ends with neither Enter nor Tab.
  for (let n = 0; n < 3; n++) {
    all(5, ...type(...digits('4711')));
    now += 3_000;
  }
  expect([misread, heard]).toEqual([3, ['0000004711']]);
});

describe('the reader among the devices', () => {
  const device = (product: string, vendorId: number, productId: number, usage = 6) => ({
    path: `/dev/hidraw${productId}`,
    vendorId,
    productId,
    manufacturer: '',
    product,
    usagePage: 1,
    usage,
  });
  const keyboard = device('Logitech USB Keyboard', 0x046d, 1);
  const mouse = device('RFID-coloured Mouse', 0x046d, 2, 2);
  const reader = device('USB RFID Reader', 0xffff, 3);
  const nameless = device('', 0x08ff, 4);

  it('is found by what it calls itself', () => expect(findReader([keyboard, mouse, reader])).toBe('/dev/hidraw3'));
  it('can be named, by its name or its numbers', () => {
    expect(findReader([keyboard, nameless, reader], '08FF:0004')).toBe('/dev/hidraw4');
    expect(findReader([keyboard, nameless, reader], 'logitech')).toBe('/dev/hidraw1');
  });
  it('is said to be missing, with what is there and the setting', () => {
    expect(() => findReader([keyboard, nameless])).toThrow(
      'no badge reader: plug it in, or set MANYI_BADGE_DEVICE to one of: Logitech USB Keyboard (046d:0001), a device without a name (08ff:0004)',
    );
    expect(() => findReader([], 'acme')).toThrow(
      'no badge reader acme: plug it in, or set MANYI_BADGE_DEVICE to one of: none',
    );
  });
  it('is not guessed among two', () =>
    expect(() => findReader([reader, device('Card Reader', 1, 5)])).toThrow(
      /^more than one badge reader: set MANYI_BADGE_DEVICE/,
    ));
});
