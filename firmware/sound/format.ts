/** The one form of sound in Manyi: 16-bit signed little-endian samples, this many a second of each channel. */
export const samplesPerSecond = 16_000;
export const bytesPerSample = 2;

/** The samples of a buffer of whole samples. Everything that Manyi runs on is little-endian itself. */
export function samplesOf(audio: Uint8Array): Int16Array {
  const aligned = audio.byteOffset % bytesPerSample === 0 ? audio : Uint8Array.from(audio);
  return new Int16Array(aligned.buffer, aligned.byteOffset, Math.floor(aligned.byteLength / bytesPerSample));
}

/** The bytes of samples, as recorders give and players take them. */
export function bytesOf(samples: Int16Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}
