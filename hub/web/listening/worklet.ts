import { createJitterBuffer, type Piece } from './jitter.ts';

/** What TypeScript does not know of the place where this runs (Web Audio API, section 1.32). */
declare const sampleRate: number;
declare function registerProcessor(name: string, processor: unknown): void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

/** What the page is told ten times a second of what is heard: its highest sample, and when it was said at the counter. */
export interface Played {
  readonly peak: number;
  readonly heardAt: number | null;
  readonly bufferedMs: number;
}

/** Runs beside the page, on the thread that makes the sound: a busy page does not interrupt it. */
class ListeningPlayer extends AudioWorkletProcessor {
  readonly #buffer = createJitterBuffer(sampleRate);
  #peak = 0;
  #untold = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<Piece>) => this.#buffer.push(data);
  }

  process(_inputs: unknown, [outputs]: readonly (readonly Float32Array[])[]): boolean {
    if (outputs === undefined) return true;
    this.#buffer.pull(outputs);
    for (const sample of outputs[0] ?? []) this.#peak = Math.max(this.#peak, Math.abs(sample));
    this.#untold += outputs[0]?.length ?? 0;
    if (this.#untold >= sampleRate / 10) this.#tell();
    return true;
  }

  #tell(): void {
    const played: Played = {
      peak: this.#peak,
      heardAt: this.#buffer.heardAt(),
      bufferedMs: this.#buffer.bufferedMs(),
    };
    this.port.postMessage(played);
    this.#peak = 0;
    this.#untold = 0;
  }
}

registerProcessor('listening-player', ListeningPlayer);
