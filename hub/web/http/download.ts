import { address, ask, type Query } from './client.ts';

/** Saves a resource as a CSV file of the browser. Throws `ProblemError`. */
export function downloadCsv(name: string, path: string, query: Query): Promise<void> {
  return saveFile(name, address(path, query), { accept: 'text/csv' });
}

/** Saves what lies at an address of the hub as a file of the browser. Throws `ProblemError`. */
export async function saveFile(name: string, url: string, headers: Record<string, string> = {}): Promise<void> {
  const answer = await ask(url, { headers });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
