import { createHub } from '@manyi/hub/hub';

/* A whole hub on free ports in a process of its own: `hub-process.js <folder>`. Writes its addresses as one line of JSON. */
const address = { host: '127.0.0.1', port: 0 };
const hub = createHub({
  data: process.argv[2] ?? '',
  http: address,
  mqtt: address,
  adminPassword: 'bench-password',
  logLevel: 'error',
});
const { http, mqtt } = await hub.start();
console.log(JSON.stringify({ http, mqtt }));
process.on('SIGTERM', () => void hub.close().then(() => process.exit()));
