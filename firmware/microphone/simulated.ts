import { readFileSync } from 'node:fs';
import type { Opened } from '../reopen.ts';
import { bytesOf, bytesPerSample, samplesPerSecond } from '../sound/format.ts';
import { readWav } from '../sound/wav.ts';
import type { Microphone } from './contract.ts';
import { createMicrophone } from './microphone.ts';

/** A microphone that hears a file over and over, or a tone, at the pace of a real one. */
export interface SimulatedMicrophone extends Microphone {
  /** Takes it away, as a pulled plug would, until it is opened again by itself. */
  fail(cause: string): void;
  /** Loses so much of what comes next, as on a machine that is too busy. Milliseconds. */
  lose(ms: number): void;
}

/** How often it gives sound, as arecord does. Milliseconds. */
const everyMs = 125;
const toneHz = 440;
const toneHeight = 0.1;

/** `file` is a WAV file of as many channels; it is read at every opening. */
export function createSimulatedMicrophone(channels: number, file?: string): SimulatedMicrophone {
  let unplug: (cause: string) => void = () => {};
  let lose: (ms: number) => void = () => {};
  const microphone = createMicrophone(channels, async (heard, lost): Promise<Opened> => {
    const sound = file === undefined ? tone(channels) : soundOf(file, channels);
    const player = playAtPace(sound, bytesPerSample * channels, heard);
    const ended = new Promise<string>((resolve) => {
      unplug = resolve;
    });
    lose = (ms) => {
      player.skip(Math.round((ms / 1000) * samplesPerSecond) * bytesPerSample * channels);
      lost(ms);
    };
    return { ended, close: player.end };
  });
  return { ...microphone, fail: (cause) => unplug(cause), lose: (ms) => lose(ms) };
}

/** Gives sound over and over, never ahead of the time, but for the bytes that are skipped. */
function playAtPace(sound: Buffer, unit: number, heard: (bytes: Buffer) => void) {
  const begun = performance.now();
  let given = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - begun) / 1000) * samplesPerSecond) * unit;
    while (given < due) {
      const from = given % sound.length;
      const part = sound.subarray(from, Math.min(sound.length, from + due - given));
      given += part.length;
      heard(part);
    }
  }, everyMs);
  return {
    skip: (bytes: number) => {
      given += bytes;
    },
    end: () => clearInterval(timer),
  };
}

function soundOf(file: string, channels: number): Buffer {
  try {
    const wav = readWav(readFileSync(file));
    if (wav.audio.length === 0) throw new Error('empty');
    if (wav.channels !== channels) throw new Error(`a file of ${wav.channels} channels: see MANYI_MICROPHONE_CHANNELS`);
    return wav.audio;
  } catch (error) {
    throw new Error(`the file of MANYI_MICROPHONE_DEVICE, ${file}, cannot be heard: it is ${(error as Error).message}`);
  }
}

/** A second of tone. */
function tone(channels: number): Buffer {
  const turn = (2 * Math.PI * toneHz) / samplesPerSecond;
  return bytesOf(
    Int16Array.from({ length: channels * samplesPerSecond }, (_, n) =>
      Math.round(32_767 * toneHeight * Math.sin(Math.floor(n / channels) * turn)),
    ),
  );
}
