import { spawn } from 'node:child_process';
import { samplesPerSecond } from '../sound/format.ts';
import { createSayings, endTrouble, type SoundProgram, startTrouble } from '../sound/trouble.ts';
import type { Player } from './speaker.ts';

/** Plays by aplay, which every Raspberry Pi OS has (alsa-utils), to a device or to the system's usual one. */
export function aplayPlayer(device?: string): Player {
  const sound: SoundProgram = {
    program: 'aplay',
    package: 'alsa-utils',
    device,
    what: 'speaker',
    setting: 'MANYI_SPEAKER_DEVICE',
    list: 'aplay -L',
  };
  const form = ['-q', '-t', 'raw', '-f', 'S16_LE', '-r', String(samplesPerSecond), '-c', '1'];
  return (audio) => {
    const child = spawn('aplay', device === undefined ? form : ['-D', device, ...form], {
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    const sayings = createSayings();
    const ended = new Promise<string | null>((resolve) => {
      child.on('error', (error) => resolve(startTrouble(error, sound)));
      child.on('close', (code) => resolve(code === 0 ? null : endTrouble(sayings.said(), code, sound)));
    });
    child.stderr.setEncoding('utf8').on('data', sayings.hear);
    // A player that ends before it has taken everything says why itself.
    child.stdin.on('error', () => {});
    child.stdin.end(audio);
    return { ended, cut: () => void child.kill('SIGKILL') };
  };
}
