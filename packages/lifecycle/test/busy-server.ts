/** A process for one test: `busy-server.ts <at-once|lifecycle> <file>`. It is busy until the file exists, and ends with its port. */
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLifecycle } from '../src/index.ts';

const [, , way, signalFile = ''] = process.argv;
// The requests arrive right after their connections.
const afterwardsMs = 200;
const server = createServer();
const lifecycle = createLifecycle(server);
lifecycle.serve((_request, response) => response.end('served'));
const accepted: (number | undefined)[] = [];
server.on('connection', ({ remotePort }) => accepted.push(remotePort));

process.on('message', async () => {
  process.send?.({ busy: true }, () => {
    while (!existsSync(signalFile));
    const end = performance.now() + afterwardsMs;
    while (performance.now() < end);
    void close();
  });
});

async function close(): Promise<void> {
  if (way === 'lifecycle') await lifecycle.stop();
  else await new Promise((resolve) => void server.close(resolve));
  process.send?.({ accepted }, () => process.disconnect());
}

server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
