import type { AudioFrame } from '@manyi/config/listening';
import type { Played } from './worklet.ts';
import workletUrl from './worklet.ts?worker&url';

/** What makes the sound of a counter heard here. */
export interface Speaker {
  play(frame: AudioFrame): void;
  /** 0 … 1 */
  setVolume(volume: number): void;
  close(): void;
}

const samplesPerSecond = 16_000;
const fullScale = 32_768;

/** Whether this page may make sound of its own: browsers allow it over HTTPS and on the hub's own machine only. */
export function canSpeak(): boolean {
  return window.isSecureContext && 'AudioWorkletNode' in window;
}

/** Opens the speaker; to be called in answer to a click, or the browser keeps it silent. Rejects when there is none. */
export async function openSpeaker(volume: number, onPlayed: (played: Played) => void): Promise<Speaker> {
  const context = new AudioContext({ sampleRate: samplesPerSecond, latencyHint: 'interactive' });
  void context.resume();
  try {
    await context.audioWorklet.addModule(workletUrl);
  } catch (error) {
    void context.close();
    throw error;
  }
  const options = { numberOfInputs: 0, numberOfOutputs: 1, outputChannelCount: [2] };
  const player = new AudioWorkletNode(context, 'listening-player', options);
  const gain = new GainNode(context, { gain: volume });
  player.connect(gain).connect(context.destination);
  player.port.onmessage = ({ data }: MessageEvent<Played>) => onPlayed(data);
  return {
    play({ channels, heardAt, samples }) {
      const split = channelsOf(samples, channels);
      player.port.postMessage(
        { channels: split, heardAt },
        split.map(({ buffer }) => buffer),
      );
    },
    setVolume: (wanted) => gain.gain.setTargetAtTime(wanted, context.currentTime, 0.02),
    close() {
      player.port.onmessage = null;
      void context.close();
    },
  };
}

/** 16-bit little-endian samples that take turns, as Web Audio wants them. */
function channelsOf(bytes: Uint8Array, channels: number): Float32Array<ArrayBuffer>[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.byteLength / 2 / channels;
  return Array.from({ length: channels }, (_, channel) =>
    Float32Array.from({ length }, (_, at) => view.getInt16(2 * (at * channels + channel), true) / fullScale),
  );
}
