import { randomBytes } from 'node:crypto';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordingSettings } from '@manyi/hub/recordings/recordings';
import { expect, test } from 'vitest';
import { browserOfFile } from '../../agent/screen/browser.ts';
import { requireDashboard } from '../../browser/dashboard.ts';
import { bring, hallOfTest } from '../../browser/recorded.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { allRatings } from '../../support/records.ts';
import { fillable } from './ballast.ts';
import { makeClip } from './clips.ts';
import { startStorage, startWarden } from './storage.ts';

requireDashboard();
const browser = await browserOfFile();

/** What keeps a hub from taking recordings in while it runs. */
interface Ground {
  readonly settings: RecordingSettings;
  spoil(): void;
  mend(): void;
}

const right = randomBytes(32).toString('hex');

/** A hub whose key lies in a file that something is done to. */
function keyed(spoil: (file: string) => void): () => Promise<Ground> {
  return async () => {
    const keyFile = join(temporaryFolder(), 'key');
    const write = () => {
      writeFileSync(keyFile, right, { mode: 0o600 });
      chmodSync(keyFile, 0o600);
    };
    write();
    return { settings: { keyFile, bucket: null }, spoil: () => spoil(keyFile), mend: write };
  };
}

async function onFullDisk(): Promise<Ground> {
  const { leastFree, fill, empty } = fillable(temporaryFolder());
  return { settings: { keyFile: null, bucket: null, leastFree }, spoil: fill, mend: empty };
}

async function withStorage(): Promise<Ground> {
  const { settings, refuse } = await startWarden(await startStorage(temporaryFolder()));
  return { settings, spoil: () => refuse('PUT'), mend: () => refuse() };
}

/** The title, what to do, and the cause. */
type Said = readonly [Words, Words, Words];
type Words = readonly [english: string, chinese: string];

const off = ['Recordings can be neither taken in nor played now', '目前无法接收和播放录音'] as const;

test.each<[string, () => Promise<Ground>, Said]>([
  [
    'a key file that has gone',
    keyed((file) => rmSync(file)),
    [
      off,
      ['The key file is missing. Put it back', '密钥文件缺失。请放回原处'],
      ['is missing: put it back', '不见了：请放回原处'],
    ],
  ],
  [
    'a key that is another',
    keyed((file) => writeFileSync(file, randomBytes(32).toString('hex'))),
    [
      off,
      ['Put that one back, and restart', '请放回原来的密钥，'],
      ['is not the one that the recordings were made with', '不是录音加密时所用的'],
    ],
  ],
  [
    'a key file that holds no key',
    keyed((file) => writeFileSync(file, 'secret')),
    [
      off,
      ['The key file holds no key', '密钥文件中没有密钥'],
      ['must be 64 hexadecimal digits', '应为 64 位十六进制数字'],
    ],
  ],
  [
    'a key that everybody may read',
    keyed((file) => chmodSync(file, 0o644)),
    [off, ['Let only the hub’s own user', '只留给中心的用户'], ['run chmod 600', '运行 chmod 600']],
  ],
  [
    'a full disk',
    onFullDisk,
    [
      ['There is no room for more recordings', '没有空间存放新的录音'],
      ['Stored ones can be played.', '已保存的录音仍可播放。'],
      ['the disk for recordings is full: make room', '存放录音的磁盘已满：请腾出空间'],
    ],
  ],
  [
    'a storage that takes nothing',
    withStorage,
    [
      ['Recordings cannot be taken in now', '目前无法接收录音'],
      ['Stored recordings can be played.', '已保存的录音仍可播放。'],
      ['takes nothing (', '无法写入（'],
    ],
  ],
])(
  '%s, while the hub runs: floor and recordings say what to do in both languages, ratings and what is stored go on, and no clip is lost',
  async (_what, ground, [title, mend, cause]) => {
    const { settings, spoil, mend: repair } = await ground();
    const { studio, terminals, open } = await hallOfTest(browser, { settings });
    const [terminal] = terminals;
    const stored = await bring(terminal, { level: 'satisfied' }, makeClip(1));
    spoil();
    const clip = makeClip(1);
    await terminal.tell(clip, { level: 'satisfied' });
    await expect(terminal.send(clip, { retryDelays: null })).rejects.toThrow(/50[37]/);
    expect(await allRatings(studio.api)).toHaveLength(2);
    const heard = await studio.hear(stored.recording);
    expect(Buffer.from(await heard.arrayBuffer()).equals(stored.bytes)).toBe(true);

    const { page, errors } = await open('/');
    for (const [language, turn] of [
      [0, 'Switch to Chinese: 中文'],
      [1, null],
    ] as const) {
      await page.goto(studio.url);
      const item = page.getByRole('complementary').getByRole('listitem').filter({ hasText: title[language] });
      await item.getByText(mend[language]).waitFor();
      await item.getByRole('link').click();
      const banner = page.getByRole('alert').filter({ hasText: title[language] });
      await banner.getByText(mend[language]).waitFor();
      await banner.getByText(cause[language]).waitFor();
      if (turn !== null) await page.getByRole('button', { name: turn }).click();
    }

    repair();
    await terminal.send(clip);
    const later = await studio.hear(clip.recording);
    expect(Buffer.from(await later.arrayBuffer()).equals(clip.bytes)).toBe(true);
    await page.goto(studio.url);
    await page.getByText('目前没有需要处理的事').waitFor();
    expect(errors).toEqual([]);
  },
);
