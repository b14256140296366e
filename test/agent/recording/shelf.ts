import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clips, Clip as Kept } from '@manyi/agent/recording/clips';
import type { Clip } from '../../hub/recordings/clips.ts';

/** Clips in files of a folder, and what has become of them. */
export interface Shelf extends Clips {
  /** Puts a clip there that was told of; other bytes than its own are what somebody has made of it. `length` is what was told. */
  put(clip: Clip, bytes?: Buffer, length?: number): void;
  fileOf(clip: Clip): string;
  /** Takes it away to make room. */
  drop(clip: Clip): void;
  /** Resolves when the clip is not waiting any more. */
  end(clip: Clip): Promise<'uploaded' | 'refused' | 'dropped'>;
  urlOf(clip: Clip): string | null;
  /** All ends so far, in order. */
  readonly ends: (readonly [recording: string, how: string])[];
}

export function openShelf(folder: string): Shelf {
  const kept: Kept[] = [];
  const ends: (readonly [string, string])[] = [];
  let announced = () => {};
  let gone: (recording: string) => void = () => {};
  let ended = () => {};
  const end = (recording: string, how: string) => {
    const index = kept.findIndex((one) => one.recording === recording);
    const [clip] = index < 0 ? [] : kept.splice(index, 1);
    if (clip === undefined) return;
    rmSync(clip.file, { force: true });
    ends.push([recording, how]);
    ended();
  };
  const fileOf = ({ recording }: Clip) => join(folder, `${recording}.opus`);
  return {
    ends,
    fileOf,
    announced: () => [...kept],
    onAnnounced: (listener) => {
      announced = listener;
    },
    onGone: (listener) => {
      gone = listener;
    },
    async setUploadUrl(recording, url) {
      const index = kept.findIndex((one) => one.recording === recording);
      const clip = kept[index];
      if (clip !== undefined) kept[index] = { ...clip, uploadUrl: url };
    },
    uploaded: async (recording) => end(recording, 'uploaded'),
    refused: async (recording) => end(recording, 'refused'),
    put(clip, bytes = clip.bytes, length = clip.bytes.length) {
      writeFileSync(fileOf(clip), bytes);
      const { recording, sha256 } = clip;
      kept.push({ recording, sha256, file: fileOf(clip), bytes: length, uploadUrl: null });
      announced();
    },
    drop({ recording }) {
      end(recording, 'dropped');
      gone(recording);
    },
    async end({ recording }) {
      for (;;) {
        const found = ends.find(([one]) => one === recording);
        if (found !== undefined) return found[1] as 'uploaded';
        await new Promise<void>((resolve) => {
          const before = ended;
          ended = () => {
            before();
            resolve();
          };
        });
      }
    },
    urlOf: ({ recording }) => kept.find((one) => one.recording === recording)?.uploadUrl ?? null,
  };
}
