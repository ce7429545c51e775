/** One instance of a server with sessions of revision 2025-06-18, as a process. It reads its port and its settings from variables. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createGateFromConfig, loadConfig } from '@sallyport/config';
import { createLifecycle } from '@sallyport/lifecycle';
import { nodeGate } from '@sallyport/mcp-adapter/node';

const config = await loadConfig(process.env as Record<string, string>);
const { gate } = await createGateFromConfig(config, {
  tools: { whoami: [] },
  audit: { emit: () => {} },
});
const sessions = new Map<string, StreamableHTTPServerTransport>();

async function begin(): Promise<StreamableHTTPServerTransport> {
  const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    enableJsonResponse: true,
    onsessioninitialized: (id) => void sessions.set(id, transport),
  });
  const server = new McpServer({ name: 'sessions', version: '1.0.0' });
  server.registerTool('whoami', { description: 'Says who is calling' }, ({ authInfo }) => ({
    content: [{ type: 'text', text: String(authInfo?.extra?.['subject']) }],
  }));
  await server.connect(transport as Parameters<typeof server.connect>[0]);
  return transport;
}

const gated = nodeGate(gate, async (incoming, response, body) => {
  const id = incoming.headers['mcp-session-id'];
  if (id !== undefined && !sessions.has(String(id))) return void response.writeHead(404).end();
  const transport = sessions.get(String(id)) ?? (await begin());
  await transport.handleRequest(incoming, response, body);
});
const server = createServer();
const lifecycle = createLifecycle(server);
lifecycle.serve((incoming, response) => void gated(incoming, response));
server.listen(config.port, '127.0.0.1');
process.once('SIGTERM', async () => {
  await lifecycle.stop({ graceSeconds: 1, endStreams: gate.endStreams });
  process.exit();
});
