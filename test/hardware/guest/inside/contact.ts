import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import type { Steps } from '../../../firmware/bounce.ts';

/** When a trace was played, in milliseconds of the kernel's running clock, and by how much its latest edge came too late. */
interface Played {
  readonly from: number;
  readonly to: number;
  readonly lateMs: number;
}

/** The kernel's running clock, which all processes share. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

const program = `
const { openSync, readFileSync, writeSync } = require('node:fs');
const { file, traces } = JSON.parse(readFileSync(0, 'utf8'));
const pull = openSync(file, 'w');
const still = new Int32Array(new SharedArrayBuffer(4));
const time = () => Number(process.hrtime.bigint()) / 1e6;
const waitUntil = (due) => { for (let left; (left = due - time()) > 0; ) Atomics.wait(still, 0, 0, left); };
const play = (closed) => (steps) => {
  const from = time();
  let due = from;
  let lateMs = 0;
  for (const [n, hundredths] of steps.entries()) {
    waitUntil(due);
    lateMs = Math.max(lateMs, time() - due);
    writeSync(pull, n % 2 === 0 ? closed : 'pull-up', 0);
    due += hundredths / 100;
  }
  waitUntil(due);
  return { from, to: time(), lateMs };
};
// At first everything is slow that was never done before.
traces.slice(0, 10).map(play('pull-up'));
const played = traces.map(play('pull-down'));
console.log(JSON.stringify(played));
`;
/** Before everything else that wants to run: a key waits for nobody. */
const command = ['--fifo', '50', process.execPath, '--eval', program];
const maxBuffer = 64 * 1024 * 1024;

/** Closes and opens the contact whose file this is, as the traces say. Each of them ends with a pause. */
export async function playContact(file: string, traces: readonly Steps[]): Promise<Played[]> {
  const playing = promisify(execFile)('chrt', command, { maxBuffer });
  playing.child.stdin?.end(JSON.stringify({ file, traces }));
  return JSON.parse((await playing).stdout);
}

/** The same, while the caller stands still. */
export function playContactMeanwhile(file: string, traces: readonly Steps[]): Played[] {
  return JSON.parse(execFileSync('chrt', command, { input: JSON.stringify({ file, traces }), maxBuffer }).toString());
}
