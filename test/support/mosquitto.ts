import { spawn } from 'node:child_process';
import type { Credential } from './sender.ts';

/* mosquitto_pub and mosquitto_sub (Debian's mosquitto-clients): a terminal that shares no line of code with Manyi. */

/** Publishes one payload with QoS 1, and ends. Gives the exit code, and what the command complained about. */
export function publish(
  credential: Credential,
  topic: string,
  payload: string | Buffer,
  ...more: string[]
): Promise<{ code: number | null; complaint: string }> {
  const child = spawn('mosquitto_pub', [...address(credential), '-t', topic, '-q', '1', '-s', ...more]);
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += String(chunk);
  });
  // A broker that hangs up in the middle of a large message ends the command before it has read all of it.
  child.stdin.on('error', () => {});
  child.stdin.end(payload);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, complaint }));
  });
}

export interface Heard {
  readonly topic: string;
  readonly retained: boolean;
  /** The payload, read as JSON. */
  readonly message: unknown;
}

/** A mosquitto_sub that listens on some filters. */
export interface Listener {
  readonly heard: readonly Heard[];
  /** The first message that fits, heard already or to come; fails when the connection ends before. */
  hears(expected: (one: Heard) => boolean): Promise<Heard>;
  close(): Promise<void>;
}

/** Starts listening; resolves when the broker has said that it will send what fits. */
export async function listen(credential: Credential, ...filters: string[]): Promise<Listener> {
  const listener = startListening(credential, ...filters);
  await listener.granted;
  return listener;
}

/** As `listen`, without waiting. A broker that hangs up is asked again and again. */
export function startListening(
  credential: Credential,
  ...filters: string[]
): Listener & { readonly granted: Promise<void> } {
  const topics = filters.flatMap((filter) => ['-t', filter]);
  const format = ['-F', '> %t %r %p', '-d'];
  // Line by line: into a pipe it would write only full pages.
  const child = spawn('stdbuf', ['-oL', 'mosquitto_sub', ...address(credential), ...topics, '-q', '1', ...format]);
  const heard: Heard[] = [];
  let looking: (() => void)[] = [];
  let rest = '';
  let said = '';
  const tell = () => {
    const told = looking;
    looking = [];
    for (const look of told) look();
  };
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('> ')) heard.push(readLine(line));
      else said += `${line}\n`;
    }
    tell();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said += String(chunk);
  });
  let gone = false;
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  void ended.then(() => {
    gone = true;
    tell();
  });

  const until = async <T>(find: () => T | undefined): Promise<T> => {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (gone) throw new Error(`mosquitto_sub has ended: ${said}`);
      await new Promise<void>((resolve) => looking.push(resolve));
    }
  };
  const granted = until(() => (said.includes('Subscribed') ? true : undefined)).then(() => {});
  granted.catch(() => {});
  return {
    granted,
    heard,
    hears: (expected) => until(() => heard.find(expected)),
    async close() {
      child.kill();
      await ended;
    },
  };
}

function address({ broker, username, password }: Credential): string[] {
  const { hostname, port } = new URL(broker);
  return ['-h', hostname, '-p', port, '-u', username, '-P', password];
}

/** `> topic retained payload` */
function readLine(line: string): Heard {
  const [topic = '', retained, ...payload] = line.slice(2).split(' ');
  return { topic, retained: retained === '1', message: JSON.parse(payload.join(' ')) };
}
