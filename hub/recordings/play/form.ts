import { Readable } from 'node:stream';
import { type audioQuery, clipType } from '@manyi/config/recordings';
import type { z } from 'zod';
import type { ToldRecord } from '../recording.ts';
import type { AacMaker } from '../sound/aac.ts';
import type { Sound } from '../sounds.ts';
import type { Sending } from './plays.ts';
import { wantsAac } from './range.ts';

/** A clip's sound in one of its forms. */
export interface Form {
  readonly type: string;
  readonly ending: string;
  readonly size: number;
  readonly part: (from: number, to: number) => AsyncIterable<Buffer>;
}

/** What a client asks for: a form by its name, or by what it says that it takes. */
export interface Wish {
  readonly format: z.infer<typeof audioQuery>['format'];
  readonly accept: string | undefined;
}

/** Ogg Opus as it is stored, or AAC for who takes nothing else. Throws what `ffmpeg` throws. */
export async function formOf(record: ToldRecord, sound: Sound, aac: AacMaker, { format, accept }: Wish): Promise<Form> {
  const { bytes } = record;
  const wanted = format ?? (wantsAac(accept) ? 'aac' : 'ogg');
  if (wanted === 'ogg') return { type: `${clipType}; codecs=opus`, ending: 'ogg', size: bytes, part: sound };
  const file = await aac.of(record, () => sound(0, bytes));
  const pieces = (from: number, to: number) => Readable.from([file.subarray(from, to)]);
  return { type: 'audio/mp4', ending: 'm4a', size: file.length, part: pieces };
}

/** The same sound, telling what of it is sent. */
export function watched(form: Form, sending: Sending): Form {
  async function* part(from: number, to: number) {
    let at = from;
    for await (const piece of form.part(from, to)) {
      sending.took(at / form.size, (at + piece.length) / form.size);
      at += piece.length;
      yield piece;
    }
  }
  return { ...form, part };
}
