import { bytesPerSample, samplesPerSecond } from '@manyi/firmware/sound/format';
import type { CounterHardware } from '../hardware.ts';
import type { MicrophonePart } from '../recording/capture/microphone-part.ts';
import { createSilenceWatch, deafLine } from '../recording/capture/silence.ts';

/** Tries what needs no hand, when the hub asks for it; everything else is watched all the time. */
export interface UnattendedTest {
  /**
   * Whether every channel of the microphone gives more than silence, and whether the speaker still takes sound. What has changed is
   * told as any other failure or return. Resolves when it is over; asked for meanwhile it is the one that runs.
   */
  run(): Promise<void>;
}

export interface UnattendedParts {
  readonly hardware: Pick<CounterHardware, 'channels' | 'isHeard' | 'onAudio' | 'opened'>;
  readonly ear: Pick<MicrophonePart, 'deaf' | 'hears'>;
}

/** A room is never so silent for so long; and a microphone that gives no sound at all tells so itself. Seconds. */
const listenedSeconds = 1;
const patienceSeconds = 3;

export function createUnattendedTest({ hardware, ear }: UnattendedParts): UnattendedTest {
  const { channels } = hardware;
  let listen: ((audio: Buffer) => void) | null = null;
  hardware.onAudio((audio) => listen?.(audio));

  /** One that was found deaf is listened to until it hears again: that is no news of the next test only. */
  function hear(done: () => void): void {
    let [left, deaf] = [listenedSeconds * samplesPerSecond * channels * bytesPerSample, false];
    const watch = createSilenceWatch(
      channels,
      (channel) => {
        deaf = channel !== null;
        if (channel === null) heard();
        else ear.deaf(deafLine(channel, channels));
      },
      listenedSeconds,
    );
    listen = (audio) => {
      watch(audio);
      left -= audio.length;
      if (left > 0) return;
      if (!deaf) heard();
      done();
    };
  }

  function heard(): void {
    listen = null;
    ear.hears();
  }

  async function testMicrophone(): Promise<void> {
    if (!hardware.isHeard()) return;
    let late: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      late = setTimeout(resolve, patienceSeconds * 1000);
      hear(resolve);
    });
    clearTimeout(late);
  }

  async function testAll(): Promise<void> {
    await testMicrophone();
    await hardware.opened().speaker.test();
  }

  let running: Promise<void> | null = null;
  return {
    run() {
      running ??= testAll().finally(() => {
        running = null;
      });
      return running;
    },
  };
}
