import type { Row } from './row.ts';
export async function run(): Promise<Row[]> {
  return [];
}
