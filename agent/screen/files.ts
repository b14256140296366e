import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, dirname, join } from 'node:path';
import sirv from 'sirv';

const here = import.meta.dirname;
// Compiled, this file lies in dist/screen; the page's markup and style stay beside its source.
const agent = basename(dirname(here)) === 'dist' ? dirname(dirname(here)) : dirname(here);
const markup = join(agent, 'screen/web/page');
const scripts = join(agent, 'dist/screen/web');

/** The page's files: a fixed list, read at the start, so that no request can reach beyond it. */
export interface PageFiles {
  /** Names this edition of the page by its content. */
  readonly edition: string;
  serve(request: IncomingMessage, response: ServerResponse): void;
}

/** Opens the page's files. Throws an Error of one line when the page's scripts have not been compiled. */
export function openPageFiles(): PageFiles {
  if (!existsSync(join(scripts, 'main.js'))) {
    throw new Error('The counter screen is not built: run npx tsc -b in the project folder');
  }
  const options = {
    etag: true,
    setHeaders: (response: ServerResponse) => response.setHeader('cache-control', 'no-cache'),
  };
  const serveMarkup = sirv(markup, options);
  const serveScripts = sirv(scripts, options);
  const notFound = (response: ServerResponse) => void response.writeHead(404).end('Not found\n');
  return {
    edition: editionOf(markup, scripts),
    serve(request, response) {
      serveMarkup(request, response, () => serveScripts(request, response, () => notFound(response)));
    },
  };
}

function editionOf(...folders: readonly string[]): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    for (const name of readdirSync(folder).sort()) {
      if (/\.(html|css|js|svg)$/.test(name)) hash.update(name).update(readFileSync(join(folder, name)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
