import { address, ask, type Query } from './client.ts';

/** Saves a resource as a CSV file of the browser. Throws `ProblemError`. */
export function downloadCsv(name: string, path: string, query: Query): Promise<void> {
  return save(name, address(path, query), { headers: { accept: 'text/csv' } });
}

/** Asks for a file with what must not stand in its address, and saves it as a file of the browser. Throws `ProblemError`. */
export function saveFile(name: string, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  return save(name, address(path), { method: 'POST', headers, body: JSON.stringify(body) });
}

async function save(name: string, url: string, init: RequestInit): Promise<void> {
  const answer = await ask(url, init);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
