#!/usr/bin/env node
// Prints the files of every package that the agent needs at work, below the checkout given. Plain JavaScript, because it runs
// on the Pi's own Node.js and knows nothing but what is installed.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = process.argv[2] ?? '.';
const found = new Set();

/** What a package needs, the optional as far as it is there. */
function needs(folder) {
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  return Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => !name.startsWith('@manyi/'));
}

/** Where Node.js would find a package that is needed in a folder. */
function find(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (folder === root || folder === dirname(folder)) return null;
  }
}

function take(from) {
  for (const name of needs(from)) {
    const folder = find(name, from);
    if (folder === null || found.has(folder)) continue;
    found.add(folder);
    take(folder);
  }
}

/** Files of a package alone: packages inside it are found by themselves. */
function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' || isLeftover(path) ? [] : files(path);
    return entry.isFile() && !/\.(map|d\.[cm]?ts|o|a|c|cc|cpp|h|md|tgz)$/.test(entry.name) ? [path] : [];
  });
}

/** What compiling leaves behind. */
function isLeftover(path) {
  return /\/(deps|obj|obj\.target|\.deps|test|tests|docs|examples?)$/.test(path);
}

for (const part of ['config', 'firmware', 'agent']) take(join(root, part));
console.log(
  [...found]
    .flatMap(files)
    .map((path) => relative(root, path))
    .join('\n'),
);
