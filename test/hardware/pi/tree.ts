import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** What changes by itself wherever packages come and go, and is nobody's. */
const passing = [
  /^\/(dev|proc|run|sys|tmp|checkout)\//,
  /^\/var\/(cache|log|tmp)\//,
  /^\/var\/lib\/(apt|dpkg|systemd\/deb-systemd-helper-\w+|systemd\/catalog|ucf|fontconfig)\//,
  /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)-$/,
  /^\/etc\/(ld\.so\.cache|mailcap)$/,
  /\/__pycache__\//,
];
const accounts = /^\/etc\/(passwd|group|shadow|gshadow)$/;

/** Every file below a root, with what it is: kind, rights, owner, and contents. */
export function treeOf(root: string): Map<string, string> {
  const tree = new Map<string, string>();
  const visit = (path: string) => {
    for (const name of readdirSync(join(root, path))) {
      const here = `${path}/${name}`;
      const { mode, uid, gid } = lstatSync(join(root, here));
      const isFolder = (mode & 0o170000) === 0o040000;
      if (passing.some((one) => one.test(`${here}${isFolder ? '/' : ''}`))) continue;
      tree.set(here, `${mode.toString(8)} ${uid}:${gid} ${isFolder ? '' : contents(root, here, mode)}`);
      if (isFolder) visit(here);
    }
  };
  visit('');
  return tree;
}

function contents(root: string, path: string, mode: number): string {
  const file = join(root, path);
  if ((mode & 0o170000) === 0o120000) return readlinkSync(file);
  const bytes = readFileSync(file);
  // The order of accounts, and the day of a change, say nothing.
  if (accounts.test(path))
    return bytes
      .toString()
      .split('\n')
      .sort()
      .map((line) => line.split(':')[0])
      .join(' ');
  return createHash('sha256').update(bytes).digest('hex');
}

/** The paths that are in one tree only, or not the same in both. */
export function differences(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] {
  const paths = new Set([...one.keys(), ...other.keys()]);
  return [...paths].filter((path) => one.get(path) !== other.get(path)).sort();
}
