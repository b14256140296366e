import { fork } from 'node:child_process';
import type { Row } from './row.ts';

/*
 * `npm run bench` runs every benchmark, `npm run bench -- scores live` only these, each in a process of its own, and prints
 * one table: figures, the floor of the same run, their ratio, and whether the target is met. It fails when one is not.
 * A number is for the one before it: `capture 240` captures for so many minutes.
 */

const benchmarks: Readonly<Record<string, () => Promise<{ run(argument?: number): Promise<Row[]> }>>> = {
  ingest: () => import('./ingest.ts'),
  scores: () => import('./scores.ts'),
  live: () => import('./live.ts'),
  backlog: () => import('./backlog.ts'),
  press: () => import('./press.ts'),
  agent: () => import('./agent.ts'),
  capture: () => import('./capture.ts'),
  'capture-hurried': () => import('./capture-hurried.ts'),
  uploads: () => import('./uploads.ts'),
  listening: () => import('./listening.ts'),
};

const heads = ['what', 'figure', 'floor', 'ratio', 'target', ''];

function toCells(row: Row): string[] {
  const ratio = row.ratio === null ? '' : row.ratio.toFixed(2);
  return [row.name, row.figure, row.floor ?? '', ratio, row.target, row.pass ? 'pass' : 'FAIL'];
}

function print(rows: readonly Row[]): void {
  const lines = [heads, ...rows.map(toCells)];
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  for (const line of lines)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

/** Runs one benchmark in a process of its own; one that breaks is a failed row. */
function runApart(name: string, argument: string[]): Promise<Row[]> {
  return new Promise((resolve) => {
    const rows: Row[] = [];
    const child = fork(import.meta.filename, ['--one', name, ...argument]);
    child.on('message', (message) => rows.push(...(message as Row[])));
    child.on('exit', (code) => {
      const broken: Row = {
        name,
        figure: `ended with code ${code}`,
        floor: null,
        ratio: null,
        target: '',
        pass: false,
      };
      resolve(code === 0 && rows.length > 0 ? rows : [...rows, broken]);
    });
  });
}

async function runHere(name: string, argument?: string): Promise<void> {
  const benchmark = await benchmarks[name]?.();
  const rows = (await (argument === undefined ? benchmark?.run() : benchmark?.run(Number(argument)))) ?? [];
  await new Promise<void>((resolve) => process.send?.(rows, () => resolve()));
  process.exit();
}

async function runAll(words: readonly string[]): Promise<void> {
  const names = words.filter((word) => !isNumber(word));
  const argumentOf = (name: string) => words.slice(words.indexOf(name) + 1, words.indexOf(name) + 2).filter(isNumber);
  const unknown = names.find((name) => !(name in benchmarks));
  if (unknown !== undefined) {
    console.error(`there is no benchmark ${unknown}: choose from ${Object.keys(benchmarks).join(', ')}`);
    process.exit(2);
  }
  const rows: Row[] = [];
  for (const name of names.length > 0 ? names : Object.keys(benchmarks)) {
    console.error(`${name} …`);
    rows.push(...(await runApart(name, words.includes(name) ? argumentOf(name) : [])));
  }
  print(rows);
  process.exitCode = rows.every((row) => row.pass) ? 0 : 1;
}

function isNumber(word: string): boolean {
  return /^\d+$/.test(word);
}

const [first, second, third] = process.argv.slice(2);
if (first === '--one' && second !== undefined) await runHere(second, third);
else await runAll(process.argv.slice(2));
