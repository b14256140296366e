import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

// Compiled, this file lies in dist, one folder below the package's description.
const here = import.meta.dirname;
const agent = basename(here) === 'dist' ? dirname(here) : here;

/** The agent's version, as its package says. */
export const version = String(
  (JSON.parse(readFileSync(join(agent, 'package.json'), 'utf8')) as { version: unknown }).version,
);
