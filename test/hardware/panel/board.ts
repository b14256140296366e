import { type ChildProcess, execFileSync, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The panel's program, as it would be flashed, and the simulator that runs it. */
export interface PanelProgram {
  readonly hex: string;
  readonly board: string;
}

const panelSource = new URL('../../../firmware/panel/', import.meta.url).pathname;

/** Compiles both into a folder. */
export function compilePanelProgram(folder: string): PanelProgram {
  return { hex: compileHex(folder), board: compileSimulator(folder, 'board') };
}

/** The simulator that plays traces of a contact to the same program: its command. */
export function compileContacts(folder: string): readonly [simulator: string, hex: string] {
  return [compileSimulator(folder, 'contacts'), compileHex(folder)];
}

/** What plays them to the panel's keys.c itself, without a chip. */
export function compileKeysHere(folder: string): string {
  const [program, host] = [join(folder, 'keys'), new URL('./host', import.meta.url).pathname];
  const sources = [join(host, 'keys.c'), join(panelSource, 'keys.c')];
  execFileSync('gcc', ['-O2', '-Wall', '-Werror', '-I', host, '-o', program, ...sources], { stdio });
  return program;
}

const stdio: StdioOptions = ['ignore', 'ignore', 'inherit'];

function compileHex(folder: string): string {
  const hex = join(folder, 'panel.hex');
  execFileSync('make', ['-s', '-C', panelSource, `OUT=${folder}`, hex], { stdio });
  return hex;
}

function compileSimulator(folder: string, name: 'board' | 'contacts'): string {
  const [program, source] = [join(folder, name), new URL(`./${name}.c`, import.meta.url).pathname];
  execFileSync('gcc', ['-O2', '-Wall', '-Werror', '-o', program, source, '-lsimavr', '-lelf', '-lutil'], { stdio });
  return program;
}

/** A board on its cable. */
export interface Board {
  readonly pid: number;
  /** The pins of the lamps that are lit now. */
  readonly lit: () => readonly number[];
  /** Waits until these lamps are lit, and no others. */
  shows(...pins: number[]): Promise<void>;
  /**
   * Closes the contact of a pin for 20 ms of the chip's time, and leaves it open for as long. Resolves to the moment at which
   * it closed, in milliseconds of the machine's running clock.
   */
  press(pin: number): Promise<number>;
  /** Closes the contact of a pin until it is freed. */
  hold(pin: number): void;
  free(pin: number): void;
  /** Pulls the plug. What the EEPROM holds stays. */
  unplug(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Plugs a board in: its serial line is at `port`, its EEPROM in `eeprom`. */
export async function plugIn({ hex, board }: PanelProgram, port: string, eeprom: string): Promise<Board> {
  const child = spawn(board, [hex, port, eeprom], { stdio: ['pipe', 'pipe', 'inherit'] });
  running.add(child);
  const ended = once(child, 'close').then(() => running.delete(child));
  let lit: readonly number[] = [];
  const looking = new Set<() => void>();
  let closedAt = Number.NaN;
  let done: () => void = () => {};
  let begun: () => void = () => {};
  const begin = new Promise<void>((resolve) => {
    begun = resolve;
  });
  createInterface(child.stdout).on('line', (line) => {
    const [word, ...numbers] = line.split(' ');
    if (word === 'running') begun();
    if (word === 'pin') closedAt = Number(numbers[1]) / 1e6;
    if (word === 'done') done();
    if (word === 'lit') lit = numbers.map(Number);
    for (const look of looking) look();
  });
  await Promise.race([begin, ended.then(() => Promise.reject(new Error('the simulated board ended at once')))]);

  return {
    pid: child.pid ?? 0,
    lit: () => lit,
    shows: (...pins) =>
      new Promise((resolve) => {
        const look = () => {
          if ([...lit].sort().join() !== [...pins].sort().join()) return;
          looking.delete(look);
          resolve();
        };
        looking.add(look);
        look();
      }),
    press(pin) {
      child.stdin.write(`press ${pin}\n`);
      return new Promise((resolve) => {
        done = () => resolve(closedAt);
      });
    },
    hold: (pin) => void child.stdin.write(`hold ${pin}\n`),
    free: (pin) => void child.stdin.write(`free ${pin}\n`),
    async unplug() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
