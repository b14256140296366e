import { writeHistory } from './history.ts';

/* Writes a history in a process of its own: `write-history.js <folder> <ratings> <end in epoch ms>`. */
const [folder = '', count = '', end = ''] = process.argv.slice(2);
await writeHistory(folder, Number(count), Number(end));
