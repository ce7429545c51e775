/** A command upstream in a process of its own, so that a test can kill it. It has no gate. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCommandUpstream } from '../../../src/index.ts';

const upstream = createCommandUpstream({
  command: process.execPath,
  args: process.argv.slice(2),
  environment: process.env,
  maximumProcesses: 16,
  maximumProcessesPerCaller: 16,
  drainSeconds: 1,
});
const auth = { clientId: 'c', extra: { issuer: 'https://auth.example.com', subject: 's' } };
const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  const body = text === '' ? undefined : JSON.parse(text);
  await upstream.handle(Object.assign(request, { auth }) as never, response, body);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', async () => {
  server.close();
  await upstream.close();
  server.closeAllConnections();
});
