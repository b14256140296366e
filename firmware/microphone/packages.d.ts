/** The part of node-record-lpcm16 1.0.1 in use; it has no types of its own. */
declare module 'node-record-lpcm16' {
  import type { ChildProcessByStdio } from 'node:child_process';
  import type { Readable, Writable } from 'node:stream';

  export interface Options {
    recorder: 'arecord' | 'sox';
    sampleRate: number;
    channels: number;
    audioType: 'raw';
    device?: string;
  }
  export interface Recording {
    readonly process: ChildProcessByStdio<Writable, Readable, Readable>;
    stream(): Readable;
  }
  const recorder: { record(options: Options): Recording };
  export default recorder;
}
