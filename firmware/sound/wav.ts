import { bytesPerSample, samplesPerSecond } from './format.ts';

/** Sound out of a WAV file. */
export interface Wav {
  readonly channels: number;
  /** 16-bit samples at 16 kHz, interleaved. */
  readonly audio: Buffer;
}

const pcm = 1;
/** A format whose details stand after the usual ones; those say PCM too where it matters here. */
const extensible = 0xfffe;
const asNeeded = 'a WAV file of 16-bit PCM at 16 kHz (sox yours.wav -r 16000 -b 16 -c 1 new.wav makes one)';

/** Reads a WAV file of 16-bit PCM at 16 kHz. Throws an Error that says what else was given. */
export function readWav(file: Buffer): Wav {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') {
    throw new Error(`not ${asNeeded}`);
  }
  const format = chunk(file, 'fmt ');
  const audio = chunk(file, 'data');
  if (format === null || format.length < 16 || audio === null) throw new Error(`a broken file, not ${asNeeded}`);
  const [kind, channels] = [format.readUInt16LE(0), format.readUInt16LE(2)];
  const [rate, bits] = [format.readUInt32LE(4), format.readUInt16LE(14)];
  if ((kind !== pcm && kind !== extensible) || rate !== samplesPerSecond || bits !== 8 * bytesPerSample) {
    throw new Error(`${bits}-bit sound at ${rate} Hz, not ${asNeeded}`);
  }
  return { channels, audio: audio.subarray(0, audio.length - (audio.length % (bytesPerSample * channels))) };
}

/** The body of the first chunk of that name, as far as it is there: a pipe leaves its length wrong. */
function chunk(file: Buffer, name: string): Buffer | null {
  let at = 12;
  while (at + 8 <= file.length) {
    const length = file.readUInt32LE(at + 4);
    if (file.toString('latin1', at, at + 4) === name) return file.subarray(at + 8, at + 8 + length);
    at += 8 + length + (length % 2);
  }
  return null;
}
