/** A command upstream in a process of its own, so that a test can kill it. It has no gate. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createCommandUpstream } from '../../../src/index.ts';

setFlagsFromString('--expose-gc');
const upstream = createCommandUpstream({
  command: process.execPath,
  args: process.argv.slice(2),
  environment: process.env,
  maximumProcesses: 100,
  maximumProcessesPerCaller: 100,
  drainSeconds: 1,
});
const auth = { clientId: 'c', extra: { issuer: 'https://auth.example.com', subject: 's' } };
const collectGarbage: () => void = runInNewContext('gc');
const server = createServer(async (request, response) => {
  if (request.url === '/memory') {
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    return void response.end(String(heapUsed + external));
  }
  let text = '';
  for await (const chunk of request) text += chunk;
  const body = text === '' ? undefined : JSON.parse(text);
  await upstream.handle(Object.assign(request, { auth }) as never, response, body);
});
server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', async () => {
  server.close();
  await upstream.close();
  server.closeAllConnections();
});
