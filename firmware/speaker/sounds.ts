import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { bytesPerSample, samplesPerSecond } from '../sound/format.ts';
import { readWav } from '../sound/wav.ts';
import { type Phrase, phrases } from './contract.ts';

/** The languages that Manyi's own sounds are in. */
export type SpokenLanguage = 'zh' | 'en';

export interface SoundOptions {
  /** In which languages a phrase is said, one after the other. */
  readonly languages: readonly SpokenLanguage[];
  /** A folder of one's own, with `invitation.zh.wav` and its like; what it lacks is said as Manyi does. */
  readonly folder?: string | undefined;
}

/** Every phrase, in the form of sound/format.ts, one channel. */
export type Sounds = Readonly<Record<Phrase, Buffer>>;

const here = import.meta.dirname;
// Compiled, this file lies in dist/speaker; the sounds stay beside its source.
const firmware = basename(dirname(here)) === 'dist' ? dirname(dirname(here)) : dirname(here);
const own = join(firmware, 'speaker/sounds');
const pause = Buffer.alloc(bytesPerSample * 0.3 * samplesPerSecond);

/** Reads the sounds. Throws an Error of one line that names the folder of one's own that cannot be read, or the file that cannot be played. */
export function readSounds({ languages, folder }: SoundOptions): Sounds {
  if (folder !== undefined) checkFolder(folder);
  const read = (phrase: Phrase) =>
    Buffer.concat(
      languages.flatMap((language, n) => {
        const name = `${phrase}.${language}.wav`;
        const sound = (folder === undefined ? null : readOwn(join(folder, name))) ?? readFile(join(own, name));
        return n === 0 ? [sound] : [pause, sound];
      }),
    );
  return Object.fromEntries(phrases.map((phrase) => [phrase, read(phrase)])) as Record<Phrase, Buffer>;
}

/** A name that is misspelt is no folder without sounds: nobody would know why they are not heard. */
function checkFolder(folder: string): void {
  try {
    readdirSync(folder);
  } catch (error) {
    throw new Error(
      `MANYI_SPEAKER_SOUNDS is ${folder}, ${troubleOf(error)}: put the sounds where the agent can read them, such as /etc/manyi/sounds (never below /home)`,
    );
  }
}

function troubleOf(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'which is not there';
    case 'ENOTDIR':
      return 'which is no folder';
    case 'EACCES':
    case 'EPERM':
      return 'which the agent may not read';
    default:
      return `which cannot be read (${(error as Error).message})`;
  }
}

/** Null when there is no such file. */
function readOwn(path: string): Buffer | null {
  try {
    return readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    if (code === 'EACCES') {
      throw new Error(`${path} (see MANYI_SPEAKER_SOUNDS) may not be read by the agent: sudo chmod a+r ${path}`);
    }
    throw new Error(`${path} (see MANYI_SPEAKER_SOUNDS) cannot be played: it is ${(error as Error).message}`);
  }
}

function readFile(path: string): Buffer {
  const { channels, audio } = readWav(readFileSync(path));
  if (channels !== 1) throw new Error(`a file of ${channels} channels: sox it.wav -c 1 new.wav makes one of one`);
  return audio;
}
