import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { RecordingSettings } from '@manyi/hub/recordings/recordings';
import S3rver from 's3rver';
import { onTestFinished } from 'vitest';

/** A real S3 server with one bucket, over a folder, for the running test. */
export interface Storage {
  readonly server: S3rver;
  /** What makes a hub keep its recordings there. */
  readonly settings: RecordingSettings;
  readonly port: number;
}

export async function startStorage(folder: string, port = 0): Promise<Storage> {
  const buckets = [{ name: 'clips', configs: [] }];
  const server = new S3rver({ address: '127.0.0.1', port, silent: true, directory: folder, configureBuckets: buckets });
  const address = (await server.run()) as AddressInfo;
  onTestFinished(() => server.close().catch(() => {}));
  const settings: RecordingSettings = {
    keyFile: null,
    bucket: {
      bucket: 'clips',
      endpoint: `http://127.0.0.1:${address.port}`,
      region: 'us-east-1',
      accessKeyId: 'S3RVER',
      secretAccessKey: 'S3RVER',
    },
  };
  return { server, settings, port: address.port };
}

/** A storage that does not let everything be done, as one does whose rights were set wrong. */
export interface Warden {
  /** What makes a hub keep its recordings there. */
  readonly settings: RecordingSettings;
  /** Refuses these methods from now on, and no others. */
  refuse(...methods: string[]): void;
  /** Keeps the next request of this method back, for a name that ends so; resolves when it is there, with what lets it through. */
  keepBack(method: string, ending?: string): Promise<() => void>;
}

export async function startWarden({ settings, port }: Storage): Promise<Warden> {
  let refused: readonly string[] = [];
  let waitFor: KeptBack | null = null;
  const server = createServer(async (from, to) => {
    if (waitFor !== null && waitFor.method === from.method && nameOf(from).endsWith(waitFor.ending)) {
      const { come } = waitFor;
      waitFor = null;
      await new Promise<void>((letThrough) => come(letThrough));
    }
    if (refused.includes(from.method ?? '')) {
      from.resume();
      to.writeHead(403, { 'content-type': 'application/xml' });
      to.end('<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>');
      return;
    }
    const { method, url, headers } = from;
    const on = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(to);
    });
    on.on('error', () => to.destroy());
    from.pipe(on);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { bucket } = settings;
  if (bucket === null) throw new Error('there is no bucket');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    settings: { ...settings, bucket: { ...bucket, endpoint } },
    refuse(...methods) {
      refused = methods;
    },
    keepBack: (method, ending = '') =>
      new Promise((come) => {
        waitFor = { method, ending, come };
      }),
  };
}

interface KeptBack {
  readonly method: string;
  readonly ending: string;
  readonly come: (letThrough: () => void) => void;
}

/** What a request is about, without its query. */
function nameOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '';
}

/** The file of a clip below the folder of a storage. */
export function fileOf(folder: string, recording: string): string {
  return join(folder, 'clips', recording.slice(-2), `${recording}.clip._S3rver_object`);
}
