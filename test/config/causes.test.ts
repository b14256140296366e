import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGaps } from '@manyi/agent/recording/capture/gaps';
import { deafLine } from '@manyi/agent/recording/capture/silence';
import { wordlessLine } from '@manyi/agent/recording/capture/speech-watch';
import { judge } from '@manyi/agent/recording/upload/answer';
import { clerk } from '@manyi/config/api';
import { type CauseCode, causes, readCause } from '@manyi/config/causes';
import { findReader } from '@manyi/firmware/badge/hid';
import { findHeaderChip } from '@manyi/firmware/buttons/chip';
import { programTrouble } from '@manyi/firmware/buttons/gpiod';
import { pinTrouble } from '@manyi/firmware/buttons/trouble';
import { endTrouble, type SoundProgram, startTrouble } from '@manyi/firmware/sound/trouble';
import { readWav } from '@manyi/firmware/sound/wav';
import { fault } from '@manyi/hub/audit/entry';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';

const codes = Object.keys(causes) as CauseCode[];
const arecord: SoundProgram = {
  program: 'arecord',
  package: 'alsa-utils',
  device: 'hw:1',
  what: 'microphone',
  setting: 'MANYI_MICROPHONE_DEVICE',
  list: 'arecord -L',
};

/** What a schema says of a value that it does not take. */
function refused(schema: z.ZodType, value: unknown): string {
  return schema.safeParse(value).error?.issues[0]?.message ?? 'it was taken';
}

const ofSchemas = {
  'text-short': refused(clerk.shape.name, ''),
  'text-long': refused(clerk.shape.name, 'x'.repeat(101)),
  'number-small': refused(clerk.shape.stars, -1),
  'number-large': refused(clerk.shape.stars, 6),
  'not-a-number': refused(clerk.shape.stars, Number.NaN),
};

function thrown(act: () => unknown): string {
  try {
    return `it gave ${act()}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What is told of gaps of so many milliseconds each. */
function gapsTold(...lengths: (number | null)[]): string {
  let told = '';
  const gaps = createGaps(1, {
    failed(cause) {
      told = cause;
    },
    works() {},
  });
  for (const length of lengths) gaps.gap(length);
  return told;
}

describe('a cause is read out of the sentence that says it', () => {
  test.each<[CauseCode, string, Record<string, string>]>([
    ['pin-taken', pinTrouble('taken', 17, 'MANYI_BUTTON_PINS'), { pin: '17', setting: 'MANYI_BUTTON_PINS' }],
    ['pin-missing', pinTrouble('missing', 99, 'MANYI_CLERK_PIN'), { pin: '99', setting: 'MANYI_CLERK_PIN' }],
    ['badge-none', thrown(() => findReader([])), { there: 'none' }],
    ['badge-missing', thrown(() => findReader([], '08ff:0009')), { reader: '08ff:0009', there: 'none' }],
    ['no-pi-chip', thrown(() => findHeaderChip(import.meta.dirname)), { there: 'none' }],
    ['no-chip', thrown(() => findHeaderChip(import.meta.dirname, 'pio')), { chip: 'pio', there: 'none' }],
    ['no-sysfs', thrown(() => findHeaderChip('/nowhere')), { folder: '/nowhere' }],
    [
      'not-installed',
      startTrouble({ name: 'Error', message: '', code: 'ENOENT' }, arecord),
      { program: 'arecord', package: 'alsa-utils' },
    ],
    [
      'cannot-run',
      programTrouble('gpiodetect', new Error('out of memory')),
      { program: 'gpiodetect', said: 'out of memory', package: 'gpiod' },
    ],
    [
      'sound-in-use',
      endTrouble('Device or resource busy', 1, arecord),
      { device: 'microphone hw:1', setting: 'MANYI_MICROPHONE_DEVICE' },
    ],
    [
      'sound-ended-with',
      endTrouble('', 1, arecord),
      { program: 'arecord', code: '1', said: 'it did not say why', setting: 'MANYI_MICROPHONE_DEVICE' },
    ],
    ['wav-other', thrown(() => readWav(Buffer.from('ID3'))), {}],
    ['microphone-silent', deafLine(0, 1), {}],
    ['channel-silent', deafLine(1, 2), { channel: '2' }],
    ['microphone-wordless', wordlessLine(), { clips: '20' }],
    ['sound-gap', gapsTold(null), {}],
    ['sound-gap-of', gapsTold(1200), { seconds: '1.2' }],
    ['sound-gaps', gapsTold(null, null), { times: '2' }],
    ['sound-gaps-of', gapsTold(1200, 300), { times: '2', seconds: '1.5' }],
    ['text-short', ofSchemas['text-short'], { least: '1' }],
    ['text-long', ofSchemas['text-long'], { most: '100' }],
    ['number-small', ofSchemas['number-small'], { least: '0' }],
    ['number-large', ofSchemas['number-large'], { most: '5' }],
    ['not-a-number', ofSchemas['not-a-number'], {}],
    ['clerk-id-wrong', refused(clerk.shape.id, '不'), {}],
    ['audit-missing', fault(null, { position: 2 } as Parameters<typeof fault>[1]) ?? '', { entry: '1' }],
  ])('%s', (code, sentence, values) => {
    expect(readCause(sentence)).toEqual({ code, values });
  });

  test('as the hub’s answers to a clip are', () => {
    const verdict = judge({ how: 'answered', method: 'POST', status: 401, retryAfterMs: 0 });
    expect(readCause('mend' in verdict ? (verdict.mend ?? '') : '')?.code).toBe('upload-credential');
  });

  test('whatever fills its gaps', () => {
    const word = fc.stringMatching(/^[a-z0-9/:_-]{1,20}$/);
    fc.assert(
      fc.property(word, (filling) => {
        const read = codes.map((code) => readCause(causes[code].replaceAll(/\{\{\w+\}\}/g, filling))?.code);
        expect(read).toEqual(codes);
      }),
    );
  });
});

test.each(['no plug in it', '', 'the panel smokes: put it out'])('nothing is read into “%s”', (sentence) => {
  expect(readCause(sentence)).toBeNull();
});

/** Where the sentences stand that are read. */
const readSentences = join(import.meta.dirname, '../../config/causes.ts');

/** The program text of the folders that tell causes. */
function sourcesBelow(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !['dist', 'web', 'node_modules'].includes(name))
    .map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sourcesBelow(path);
      return entry.name.endsWith('.ts') && path !== readSentences ? readFileSync(path, 'utf8') : '';
    })
    .join('\n');
}

test('every cause is still said in these words', () => {
  const sources = ['agent', 'config', 'firmware', 'hub']
    .map((one) => sourcesBelow(join(import.meta.dirname, '../..', one)))
    .join('\n');
  // Some are put together out of parts.
  const pieces = (code: CauseCode) =>
    causes[code].split(/\{\{\w+\}\}|[:,(]/).filter((piece) => piece.trim().length > 7);
  const isSaid = (piece: string) => sources.includes(piece.trim());
  expect(codes.filter((code) => !(code in ofSchemas) && !pieces(code).some(isSaid))).toEqual([]);
});
