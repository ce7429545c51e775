/** One instance of a server with sessions, as a process: it takes its environment, and reports its port. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGateFromConfig, loadConfig } from '@sallyport/config';
import { nodeGate } from '@sallyport/mcp-adapter/node';

const config = await loadConfig(process.env as Record<string, string>, { nodeArguments: [] });
const { gate, close } = await createGateFromConfig(config, {
  tools: {},
  audit: { emit: () => {} },
});
const server = createServer(
  nodeGate(gate, (request, response, body) => {
    const begins = (body as { method?: string } | undefined)?.method === 'initialize';
    if (begins) response.setHeader('Mcp-Session-Id', 'session-of-the-server');
    response.end(String(request.headers['mcp-session-id']));
  }),
).listen(0, '127.0.0.1');
await once(server, 'listening');
process.send?.((server.address() as AddressInfo).port);
await once(process, 'disconnect');
server.closeAllConnections();
server.close();
await close();
