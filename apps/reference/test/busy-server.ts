/** A process for one test: `busy-server.ts <at-once|lifecycle>`. It ends with its port. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLifecycle } from '../src/lifecycle.ts';

const busyMs = 300;
const server = createServer();
const lifecycle = createLifecycle(server);
lifecycle.serve((_request, response) => response.end('served'));
const accepted: (number | undefined)[] = [];
server.on('connection', ({ remotePort }) => accepted.push(remotePort));

process.on('message', async () => {
  process.send?.({ busy: true }, () => {
    const end = performance.now() + busyMs;
    while (performance.now() < end);
    void close();
  });
});

async function close(): Promise<void> {
  if (process.argv[2] === 'lifecycle') await lifecycle.stop();
  else await new Promise((resolve) => void server.close(resolve));
  process.send?.({ accepted }, () => process.disconnect());
}

server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
