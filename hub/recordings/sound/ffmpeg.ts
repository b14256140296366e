import { type ChildProcess, spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { Readable } from 'node:stream';

/** ffmpeg is not installed. */
export class NoFfmpeg extends Error {
  constructor() {
    super('ffmpeg is not installed on the hub: apt install ffmpeg');
  }
}

/** ffmpeg was ended because it took too long: the machine may be busy, or the clip such that it never ends. */
export class TooSlow extends Error {
  constructor(ms: number) {
    super(`ffmpeg was not done in ${Math.round(ms / 1000)} s`);
  }
}

/** ffmpeg does not make anything of a clip: it never will. */
export class NoUse extends Error {}

/** No clip is longer, whatever is told of it: terminals make them of four hours at most. Milliseconds. */
export const longestMs = 5 * 3_600_000;

/** How long ffmpeg may take over a clip, in milliseconds: the slowest hub that we know needs a twentieth of the clip's length. */
export function limitOf(durationMs: number): number {
  return Math.ceil(60_000 + Math.min(durationMs, longestMs) / 10);
}

const program = 'ffmpeg';
const quietly = ['-hide_banner', '-loglevel', 'error', '-nostdin'];
/** Whatever is in a clip, it is read as Ogg, and makes ffmpeg open nothing else. */
const onlyClips = ['-protocol_whitelist', 'pipe', '-f', 'ogg'];
const nice = 10;
const keptMistake = 500;

export interface FfmpegRun {
  readonly source: AsyncIterable<Buffer>;
  /** What it is told after its input. */
  readonly args: readonly string[];
  readonly take?: (chunk: Buffer) => void;
  readonly file?: number | null;
  /** How long it may take, in milliseconds. */
  readonly limitMs: number;
  /** Ends it before its time. */
  readonly signal?: AbortSignal;
}

/**
 * Runs ffmpeg, below everything else in priority, on what comes from a source. `take` is given what it writes on its standard output;
 * `file`, where given, is its descriptor 3. Throws `NoFfmpeg`, `TooSlow`, `NoUse` with its own words, and what the source throws.
 */
export async function ffmpeg({
  source,
  args,
  take = () => {},
  file = null,
  limitMs,
  signal,
}: FfmpegRun): Promise<void> {
  const limit = AbortSignal.timeout(limitMs);
  const child = spawn(program, [...quietly, ...onlyClips, '-i', 'pipe:0', ...args], {
    stdio: ['pipe', 'pipe', 'pipe', ...(file === null ? [] : [file])],
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    killSignal: 'SIGKILL',
  });
  const input = Readable.from(source);
  const ended = end(child);
  if (child.pid !== undefined) lower(child.pid);
  child.stdout?.on('data', take);
  let mistake = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    mistake = (mistake + chunk.toString()).slice(0, keptMistake);
  });
  // One that has read enough closes its input: its exit code tells whether that was a mistake.
  child.stdin?.on('error', () => input.destroy());
  input.on('error', () => child.kill());
  if (child.stdin !== null) input.pipe(child.stdin);
  const inTime = ended.catch((error: unknown) => {
    throw limit.aborted ? new TooSlow(limitMs) : error;
  });
  const code = await inTime.finally(() => input.destroy());
  const broken = input.errored;
  if (broken !== null) throw broken;
  const words = `ffmpeg: ${mistake.trim().split('\n').at(-1) || `ended with ${code}`}`;
  // One that was killed says nothing of the clip.
  if (code === null) throw new Error(words);
  if (code !== 0) throw new NoUse(words);
}

function end(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ENOENT' ? new NoFfmpeg() : error));
    child.once('close', resolve);
  });
}

function lower(pid: number): void {
  try {
    setPriority(pid, nice);
  } catch {
    // It has ended already.
  }
}
