import { startCore } from './core.ts';

/* The hub's core as a program of its own, to be killed: `core-process.js <folder> <port> <terminals>`. Writes "listening". */
const [folder = '', port = '0', terminals = '1'] = process.argv.slice(2);
const core = await startCore({ folder, port: Number(port), terminals: Number(terminals) });
console.log(`listening on ${core.port}`);
process.once('SIGINT', () => void core.close());
