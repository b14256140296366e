import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { samplesPerSecond } from '@manyi/firmware/sound/format';
import { readWav } from '@manyi/firmware/sound/wav';
import { makeFolder, removeFolder } from '../support/folder.ts';

/** A sound server of the tests' own, with sound cards that need no hardware: what is played into one can be recorded from it. */
export interface SoundServer {
  /**
   * Plugs a card in, of so many samples per second: at Manyi's own what is played comes back sample for sample. Programs of ALSA play into it by
   * its name, and record from `<name>-heard`; those of PulseAudio from `<name>.monitor`.
   */
  plugIn(card: string, rate?: number): Promise<void>;
  unplug(card: string): Promise<void>;
  /** Plays a WAV file into a card; settles when it has been heard. */
  play(card: string, file: string): Promise<void>;
  /** Programs started from now on find the server by these. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** The cards that ALSA's configuration has names for; they are there once they are plugged in. `under` is a program that all of it runs under. */
export async function startSoundServer(cards: readonly string[], under: readonly string[] = []): Promise<SoundServer> {
  const folder = makeFolder();
  const socket = join(folder, 'native');
  const alsa = join(folder, 'asound.conf');
  writeFileSync(alsa, ['</usr/share/alsa/alsa.conf>', ...cards.flatMap((card) => alsaNames(card, socket))].join('\n'));
  const environment = {
    PULSE_SERVER: `unix:${socket}`,
    // Less, and aplay waits for ever for the end of what it plays.
    PULSE_LATENCY_MSEC: '200',
    ALSA_CONFIG_PATH: alsa,
    AUDIODRIVER: 'pulseaudio',
  };
  const env = { ...process.env, ...environment, HOME: folder, PULSE_RUNTIME_PATH: join(folder, 'run') };
  const running = new Set<ChildProcess>();
  const end = () => {
    for (const { pid, exitCode, signalCode } of running)
      if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
  };
  // Also when the test is broken off.
  process.on('exit', end);
  const start = (program: string, ...args: string[]) => {
    const [first = program, ...rest] = [...under, program, ...args];
    // Each leads a group, which is ended as a whole: what it runs `under` need not end what it has started.
    const child = spawn(first, rest, { env, stdio: 'ignore', detached: true });
    running.add(child);
    return child;
  };

  const come = watch(folder);
  start(
    'pulseaudio',
    '-n',
    '--daemonize=no',
    '--use-pid-file=no',
    '--exit-idle-time=-1',
    '--disable-shm=yes',
    '-L',
    `module-native-protocol-unix auth-anonymous=1 socket=${socket}`,
  );
  while (!existsSync(socket)) await once(come, 'change');
  come.close();
  const run = async (program: string, ...args: string[]) => {
    const [first = program, ...rest] = [...under, program, ...args];
    return (await promisify(execFile)(first, rest, { env })).stdout;
  };
  const modules = new Map<string, string>();

  return {
    environment,
    async plugIn(card, rate = samplesPerSecond) {
      const about = [`sink_name=${card}`, `rate=${rate}`, 'channels=1', 'format=s16le'];
      modules.set(card, await run('pactl', 'load-module', 'module-null-sink', ...about));
      // A card into which nothing is played gives nothing either: silence keeps it going.
      const silence = [`--rate=${rate}`, '--channels=1', '--format=s16le', '--latency-msec=1000', '/dev/zero'];
      start('pacat', '-p', '--raw', `--device=${card}`, ...silence);
    },
    unplug: async (card) => void (await run('pactl', 'unload-module', modules.get(card)?.trim() ?? '')),
    play: async (card, file) => void (await run('paplay', `--device=${card}`, '--latency-msec=1000', file)),
    async close() {
      end();
      process.off('exit', end);
      removeFolder(folder);
    },
  };
}

function alsaNames(card: string, socket: string): string[] {
  const server = `server "unix:${socket}"`;
  return [
    `pcm.${card} { type pulse ${server} device "${card}" }`,
    `pcm.${card}-heard { type pulse ${server} device "${card}.monitor" }`,
  ];
}

/** Somebody says it: a WAV file as Manyi plays them. */
export function speak(folder: string, words: string): { readonly file: string; readonly audio: Buffer } {
  const [spoken, file] = [join(folder, 'spoken.wav'), join(folder, 'said.wav')];
  execFileSync('espeak-ng', ['-w', spoken, words]);
  execFileSync('sox', [spoken, '-r', '16000', '-b', '16', '-c', '1', file]);
  return { file, audio: readWav(readFileSync(file)).audio };
}
