import { randomBytes } from 'node:crypto';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { browserOfFile } from '../../agent/screen/browser.ts';
import { requireDashboard } from '../../browser/dashboard.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { expectSaid, type Said, type Trouble } from './said.ts';
import { startStorage, startWarden } from './storage.ts';

requireDashboard();
const browser = await browserOfFile();

const right = randomBytes(32).toString('hex');

/** A hub whose key lies in a file that something is done to. */
function keyed(spoil: (file: string) => void): () => Promise<Trouble> {
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

async function withStorage(): Promise<Trouble> {
  const { settings, refuse } = await startWarden(await startStorage(temporaryFolder()));
  return { settings, spoil: () => refuse('PUT'), mend: () => refuse() };
}

const takesNothing = ['Recordings cannot be taken in now', '目前无法接收录音'] as const;

test.each<[string, () => Promise<Trouble>, Said]>([
  [
    'a key file that has gone',
    keyed((file) => rmSync(file)),
    [
      takesNothing,
      ['Put it back where it was. Stored recordings can be played.', '请放回原处。已保存的录音仍可播放。'],
      ['is missing: put it back', '不见了：请放回原处'],
    ],
  ],
  [
    'a key that is another',
    keyed((file) => writeFileSync(file, randomBytes(32).toString('hex'))),
    [
      takesNothing,
      ['Put that one back. Stored recordings can be played.', '请放回原来的密钥。已保存的录音仍可播放。'],
      ['is not the one that the recordings were made with', '不是录音加密时所用的'],
    ],
  ],
  [
    'a key file that holds no key',
    keyed((file) => writeFileSync(file, 'secret')),
    [
      takesNothing,
      ['The key file holds no key', '密钥文件中没有密钥'],
      ['must be 64 hexadecimal digits', '应为 64 位十六进制数字'],
    ],
  ],
  [
    'a key that everybody may read',
    keyed((file) => chmodSync(file, 0o644)),
    [takesNothing, ['Let only the hub’s own user', '只留给中心的用户'], ['run chmod 600', '运行 chmod 600']],
  ],
  [
    'a storage that takes nothing',
    withStorage,
    [takesNothing, ['Stored recordings can be played.', '已保存的录音仍可播放。'], ['takes nothing (', '无法写入（']],
  ],
])(
  '%s, while the hub runs: floor and recordings say what to do in both languages, ratings and what is stored go on, and no clip is lost',
  async (_what, trouble, said) => expectSaid(browser, await trouble(), said),
);
