import { createServer } from 'node:net';
import { Aedes } from 'aedes';

/* A bare aedes in a process of its own: the floor under the ingest benchmark. Writes "listening on <port>". */
const aedes = await Aedes.createBroker();
const server = createServer((socket) => void aedes.handle(socket));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(`listening on ${typeof address === 'object' ? address?.port : ''}`);
});
