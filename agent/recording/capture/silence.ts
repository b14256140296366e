import { bytesPerSample, samplesOf, samplesPerSecond } from '@manyi/firmware/sound/format';

/**
 * The converter of a live microphone in the quietest room gives more than this: it is two steps of 16 bits (−84 dBFS). Less is a plug that
 * is out, a switch that is off, a level at zero.
 */
const deadPeak = 2;
/** So much silence is none of a room's. Devices that gate their noise are quiet at night, and so are halls: it has to be long. */
const deadSeconds = 300;

/** Listens for silence in sound of so many channels: `told` is called with the channel that has been dead for long, and null when all hear. */
export function createSilenceWatch(
  channels: number,
  told: (channel: number | null) => void,
  patienceSeconds = deadSeconds,
): (audio: Buffer) => void {
  const silent = new Array<number>(channels).fill(0);
  const patience = patienceSeconds * samplesPerSecond;
  let dead: number | null = null;
  return (audio) => {
    const samples = samplesOf(audio);
    const count = audio.length / (bytesPerSample * channels);
    for (let channel = 0; channel < channels; channel += 1) {
      silent[channel] = isDead(samples, channel, channels) ? (silent[channel] ?? 0) + count : 0;
    }
    const found = silent.findIndex((length) => length >= patience);
    const now = found < 0 ? null : found;
    // One that is dead stays so until it is heard.
    if (now === dead || (now === null && dead !== null && (silent[dead] ?? 0) > 0)) return;
    dead = now;
    told(dead);
  };
}

function isDead(samples: Int16Array, channel: number, channels: number): boolean {
  for (let n = channel; n < samples.length; n += channels) {
    if (Math.abs(samples[n] ?? 0) > deadPeak) return false;
  }
  return true;
}

/** One line that says what to do. */
export function deafLine(channel: number, channels: number): string {
  const which = channels === 1 ? 'the microphone gives' : `channel ${channel + 1} of the microphone gives`;
  return `${which} nothing but silence: see that it is plugged in and switched on, and raise its level (alsamixer, F4)`;
}
