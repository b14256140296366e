import { writeFrame } from '@manyi/config/listening';
import type { CounterHardware } from '../hardware.ts';
import type { Request } from '../link/commands.ts';
import type { Log } from '../log.ts';
import { createCutter } from './frames.ts';

/**
 * Somebody listens in to the counter. As long as the hub's word for it holds, the sound goes to the hub as it comes, and lamp and screen
 * say so. Nothing leaves the terminal otherwise.
 */
export interface Listening {
  readonly isOn: () => boolean;
  /** Takes what the hub asks: `listen` begins it or lets it go on for so many seconds, `stop-listening` ends it. */
  take(request: Request): void;
  /** Ends it at once, as when the hub cannot be reached any more. */
  end(): void;
}

export interface ListeningParts {
  readonly hardware: Pick<CounterHardware, 'opened' | 'channels' | 'onAudio' | 'onBreak' | 'showListening'>;
  /** Sends a frame now or drops it: live sound never waits. */
  readonly send: (frame: Uint8Array) => boolean;
  /** The best guess at true time, in epoch milliseconds. */
  readonly now: () => number;
  /** It has begun or ended. */
  readonly onChange: () => void;
  readonly log: Log;
}

export function createListening({ hardware, send, now, onChange, log }: ListeningParts): Listening {
  const channels = hardware.channels === 2 ? 2 : 1;
  const cutter = createCutter(channels);
  let lease: NodeJS.Timeout | null = null;
  let number = 0;
  let dropped = 0;

  function begin(): void {
    number = 0;
    dropped = 0;
    cutter.clear();
    log.info('somebody listens in to the counter');
    changed(true);
  }

  function end(): void {
    if (lease === null) return;
    clearTimeout(lease);
    lease = null;
    log.info(`nobody listens in any more: ${number - dropped} frames were sent, and ${dropped} dropped`);
    changed(false);
  }

  function changed(listening: boolean): void {
    hardware.showListening(listening);
    onChange();
  }

  function listen(seconds: number): void {
    if (hardware.opened().microphone.state() === 'off') {
      log.warn('the hub wants to listen in, and there is no microphone: see MANYI_MICROPHONE');
      return;
    }
    const goesOn = lease !== null;
    if (lease !== null) clearTimeout(lease);
    lease = setTimeout(end, seconds * 1000);
    if (!goesOn) begin();
  }

  hardware.onBreak(cutter.clear);
  hardware.onAudio((audio) => {
    if (lease === null) return;
    for (const { samples, heardAt } of cutter.cut(audio, now())) {
      if (!send(writeFrame({ channels, number, heardAt, samples }))) dropped += 1;
      number += 1;
    }
  });
  return {
    isOn: () => lease !== null,
    take(request) {
      if (request.name === 'listen') listen(request.data.seconds);
      else if (request.name === 'stop-listening') end();
    },
    end,
  };
}
