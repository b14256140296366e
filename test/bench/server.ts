import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A compiled program that listens, in a process of its own. */
export interface ServerProgram {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a compiled file (relative to this one) that writes "listening on <port>". Its mistakes come out on our stderr. */
export async function startServer(path: string, ...args: string[]): Promise<ServerProgram> {
  const file = new URL(path, import.meta.url).pathname;
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), exit])) as [unknown];
  const port = /listening on (\d+)/.exec(String(line))?.[1];
  if (port === undefined) throw new Error(`${path} did not start: ${line}`);
  return {
    port: Number(port),
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}
