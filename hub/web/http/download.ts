import { address, ask, type Query } from './client.ts';

/** Saves a resource as a CSV file of the browser. Throws `ProblemError`. */
export async function downloadCsv(name: string, path: string, query: Query): Promise<void> {
  const answer = await ask(address(path, query), { headers: { accept: 'text/csv' } });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
