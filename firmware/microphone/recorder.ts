import type { Opened } from '../reopen.ts';
import { samplesPerSecond } from '../sound/format.ts';
import { createSayings, endTrouble, type SoundProgram, startTrouble } from '../sound/trouble.ts';
import type { Recorder } from './microphone.ts';

/** Which program records, from which device (the system's usual one without it). */
export interface RecorderOptions {
  readonly program: 'arecord' | 'sox';
  readonly device?: string | undefined;
  readonly channels: number;
}

const packages = { arecord: 'alsa-utils', sox: 'sox' };

/**
 * A program that records, by way of node-record-lpcm16. That package reports an error at every stop, and takes the process
 * down with a missing program unless somebody listens at once; sox, when it fails, may write its manual in the place of sound.
 */
export function programRecorder({ program, device, channels }: RecorderOptions): Recorder {
  const sound: SoundProgram = {
    program,
    package: packages[program],
    device,
    what: 'microphone',
    setting: 'MANYI_MICROPHONE_DEVICE',
    list: 'arecord -L',
  };
  return async (heard, lost): Promise<Opened> => {
    const { default: recorder } = await import('node-record-lpcm16');
    const recording = recorder.record({
      recorder: program,
      sampleRate: samplesPerSecond,
      channels,
      audioType: 'raw',
      ...(device === undefined ? {} : { device }),
    });
    const { process: child } = recording;
    const sayings = createSayings();
    // What was recorded before the gap lies in the other pipe by now, and is taken out of it first.
    const afterSound = (atLeastMs: number | null) => void setImmediate(() => lost(atLeastMs));
    const ended = new Promise<string>((resolve) => {
      child.on('error', (error) => resolve(startTrouble(error, sound)));
      child.on('close', (code) => resolve(endTrouble(sayings.said(), code, sound)));
    });
    child.stderr.setEncoding('utf8').on('data', sayings.hear).on('data', watchForGaps(afterSound));
    let stopped = false;
    recording
      .stream()
      // What the package reports here, the process has told already.
      .on('error', () => {})
      .on('data', (bytes: Buffer) => {
        stopped ||= isText(bytes);
        if (!stopped) heard(bytes);
      });
    return {
      ended,
      close() {
        stopped = true;
        // Nothing is lost with a recorder, and one that hangs hears no other signal.
        child.kill('SIGKILL');
      },
    };
  };
}

/**
 * What arecord says when it was not read in time, on any system: `overrun!!! (at least 1234.567 ms long)`; sox: `over-run`. A machine that
 * slept says `Suspended`.
 */
const gap = /over-?run|!!!|！！！|suspended/i;

/** Looks for gaps in what a recorder says, line by line. */
function watchForGaps(lost: (atLeastMs: number | null) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(-longestLine);
    for (const line of lines) {
      if (!gap.test(line)) continue;
      const ms = /(\d+)[.,]\d+ ?ms/.exec(line)?.[1];
      lost(ms === undefined ? null : Number(ms));
    }
  };
}

const longestLine = 500;

/** Sound is never text throughout: half its bytes are the high ones of samples, and those near silence are 0 or 255. */
const leastText = 16;

function isText(bytes: Uint8Array): boolean {
  return bytes.length >= leastText && bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13));
}
