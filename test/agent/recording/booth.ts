import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TerminalGround } from '@manyi/agent/base';
import { type Facts, facts } from '@manyi/agent/recording/clips/facts';
import type { Terminal } from '@manyi/agent/terminal';
import { type RecordingPolicy, recordingPolicy } from '@manyi/config/recordings';
import type { SiteMode } from '@manyi/config/terminal-settings';
import { samplesPerSecond } from '@manyi/firmware/sound/format';
import { speak } from '../../firmware/sound-server.ts';
import { eventually } from '../../support/api.ts';
import { makeFolder, removeFolder, temporaryFolder } from '../../support/folder.ts';
import { type Settings, startProgram } from '../../support/process.ts';
import { stepUp } from '../../support/screen.ts';
import { enrolledIn, openAlone } from '../lone-terminal.ts';
import { noShift, outboxIn } from '../outbox-parts.ts';

/** A quarter of a minute of somebody who speaks: no two seconds of it are alike. */
export const speech = (() => {
  const folder = makeFolder();
  const { audio } = speak(
    folder,
    'Good morning, I would like to pay this bill. I moved house in March, and it still goes to my old address. ' +
      'Could you tell me what I have to sign, and whether the deposit comes back to my account?',
  );
  removeFolder(folder);
  return audio;
})();

/** A WAV file of such sound, for a simulated microphone. */
export function wavOf(folder: string, audio: Buffer, channels = 1): string {
  const file = join(folder, `sound-${randomUUID()}.wav`);
  writeFileSync(`${file}.raw`, audio);
  const form = ['-t', 'raw', '-r', '16000', '-e', 'signed', '-b', '16', '-c', String(channels)];
  execFileSync('sox', [...form, `${file}.raw`, file]);
  return file;
}

export interface BoothOptions {
  readonly policy?: Partial<RecordingPolicy>;
  readonly mode?: SiteMode;
  /** What the microphone hears, over and over. */
  readonly sound?: Buffer;
  readonly channels?: number;
  readonly settings?: Record<string, string>;
  readonly ground?: TerminalGround;
  /** The clips that the hub holds. */
  readonly held?: string[];
  /** The folder of an earlier run. */
  readonly folder?: string;
}

export interface Booth {
  readonly terminal: Terminal;
  readonly folder: string;
  /** The clips on the disk, oldest first. */
  readonly clips: () => Facts[];
  /** Waits until the clips are so. */
  readonly until: (isSo: (clips: Facts[]) => boolean) => Promise<Facts[]>;
}

/** A terminal whose hub is away, with a microphone that hears speech. */
export async function openBooth(options: BoothOptions = {}): Promise<Booth> {
  const { mode = 'called', sound = speech, channels = 1, settings, ground } = options;
  const policy = recordingPolicy.parse({ record: 'service', ...options.policy });
  const folder = options.folder ?? temporaryFolder();
  enrolledIn(folder, mode, policy, options.held);
  const terminal = await openAlone(
    folder,
    {
      MANYI_MICROPHONE: 'simulated',
      MANYI_MICROPHONE_DEVICE: wavOf(folder, sound, channels),
      MANYI_MICROPHONE_CHANNELS: String(channels),
      ...settings,
    },
    ground,
  );
  const clips = () => clipsIn(folder);
  return { terminal, folder, clips, until: (isSo) => eventually(async () => clips(), isSo) };
}

/** The compiled agent of an enrolled terminal whose hub is away, with such a microphone, and somebody at its counter. */
export async function startAgent(folder: string, more: Settings = {}) {
  const program = startProgram('agent/dist/main.js', {
    MANYI_DATA: folder,
    MANYI_HUB_URL: 'http://127.0.0.1:1',
    MANYI_SCREEN_PORT: '0',
    MANYI_MICROPHONE: 'simulated',
    MANYI_MICROPHONE_DEVICE: wavOf(folder, speech),
    ...more,
  });
  const [, address = ''] = await program.writes(/Counter screen: (\S+)/);
  return { program, counter: await stepUp(address) };
}

/** Waits until the microphone has been heard for so long from now on. */
export function hears({ terminal }: Pick<Booth, 'terminal'>, seconds: number): Promise<void> {
  const { microphone } = terminal.hardware();
  let left = seconds * samplesPerSecond * 2 * microphone.channels;
  return new Promise((resolve) => {
    microphone.onAudio((audio) => {
      left -= audio.length;
      if (left <= 0) resolve();
    });
  });
}

/** What a clip's times may differ from those of the rules, in milliseconds: what is learnt of the microphone's delay meanwhile. */
export const learntMs = 250;

export function folderOf(folder: string): string {
  return join(folder, 'terminal/recordings');
}

/** What is known of the clips of a terminal, oldest first. */
export function clipsIn(folder: string): Facts[] {
  if (!existsSync(folderOf(folder))) return [];
  return readdirSync(folderOf(folder))
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      try {
        return [facts.parse(JSON.parse(readFileSync(join(folderOf(folder), name), 'utf8')))];
      } catch {
        // Deleted between the two, or not one of ours.
        return [];
      }
    })
    .sort((a, b) => a.startedAt - b.startedAt);
}

export function soundFile(folder: string, { recording }: Pick<Facts, 'recording'>): string {
  return join(folderOf(folder), `${recording}.opus`);
}

/** Waits until the sound of a clip has so many bytes on the disk. */
export function grown(folder: string, bytes: number): Promise<unknown> {
  const sizeOf = (clip: Facts) => statSync(soundFile(folder, clip), { throwIfNoEntry: false })?.size ?? 0;
  return eventually(
    async () => clipsIn(folder).map(sizeOf),
    (sizes) => sizes.some((size) => size >= bytes),
  );
}

/** The sound of an Ogg Opus file as opusdec gives it: raw samples at 16 kHz, those of two channels taking turns. */
export function decoded(file: string): Buffer {
  return execFileSync('opusdec', ['--quiet', '--rate', '16000', file, '-'], { maxBuffer: 2 ** 28 });
}

/** How many samples of each channel a decoder makes of a file. */
export function samplesIn(file: string, channels = 1): number {
  return decoded(file).length / (2 * channels);
}

export interface Told {
  readonly type: string;
  /** By the agent's own time. */
  readonly happened: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a closed terminal has told, in order. */
export function toldIn(folder: string): Told[] {
  const outbox = outboxIn(join(folder, 'terminal'), { boot: randomUUID() });
  const held = outbox.read(0, 1000, noShift);
  outbox.close();
  return held.map(({ type, data, happened }) => ({ type: type.slice(6, -3), data, happened }));
}

/** Those of one type. */
export function told(folder: string, type: string): Told[] {
  return toldIn(folder).filter((one) => one.type === type);
}
