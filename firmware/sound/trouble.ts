/** A program that records or plays, and the settings that mend what it meets. */
export interface SoundProgram {
  readonly program: string;
  /** The Debian package that brings it. */
  readonly package: string;
  /** The device it was told to use; the system's usual one without it. */
  readonly device?: string | undefined;
  readonly what: 'microphone' | 'speaker';
  /** The setting that names the device, and the command that lists what it may be. */
  readonly setting: string;
  readonly list: string;
}

/** How much of what a program says is kept. Characters. */
const longest = 4_000;

/** Keeps the end of what a program says on its error output. */
export function createSayings(): { hear(text: string): void; said(): string } {
  let said = '';
  return {
    hear(text) {
      said = (said + text).slice(-longest);
    },
    said: () => said,
  };
}

/** One line for a program that could not be started. */
export function startTrouble({ code, message }: NodeJS.ErrnoException, sound: SoundProgram): string {
  if (code === 'ENOENT') return `${sound.program} is not installed: sudo apt install ${sound.package}`;
  return `${sound.program} cannot be run (${message.split('\n')[0]}): sudo apt install --reinstall ${sound.package}`;
}

/** One line for a program that ended, from what it said: by words that it says in English or, on a Chinese system, in Chinese. */
export function endTrouble(said: string, code: number | null, sound: SoundProgram): string {
  const { what, device, setting } = sound;
  const it = device === undefined ? what : `${what} ${device}`;
  if (/resource busy|资源忙/i.test(said)) {
    return `the ${it} is in use by another program: stop that (sudo fuser -v /dev/snd/*), or set ${setting} to another`;
  }
  if (/permission denied|权限不够/i.test(said)) {
    return `no permission for the ${it}: add the agent's user to the group audio`;
  }
  if (/channels count non available|set channel count/i.test(said)) {
    return `the ${it} has another number of channels: write plughw: for hw: in ${setting}, or change MANYI_MICROPHONE_CHANNELS`;
  }
  if (/sample format non available|rate .*(inaccurate|not available)|unsupported rate/i.test(said)) {
    return `the ${it} has no 16-bit sound at 16 kHz: write plughw: for hw: in ${setting}`;
  }
  if (/no handler for given file type|no default audio device/i.test(said) && /sox/.test(said)) {
    return `sox finds no ${it}: set ${setting} to one that ${sound.list} names (and sudo apt install libsox-fmt-alsa)`;
  }
  if (/no such (file|device|entity)|没有那个|unknown pcm|cannot (find|get) card|connection refused/i.test(said)) {
    return `there is no ${it}: plug it in, add the agent's user to the group audio, or set ${setting} to one that ${sound.list} names`;
  }
  const words = said.trim().split('\n').at(-1)?.trim() || 'it did not say why';
  return `${sound.program} ended${code === null ? '' : ` with ${code}`}: ${words} (the device is set by ${setting})`;
}
