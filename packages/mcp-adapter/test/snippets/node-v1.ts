import { createServer } from 'node:http';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { gate } from './gate.ts';
import { createHello } from './hello-v1.ts';

export const server = createServer(
  nodeGate(gate, async (request, response, body) => {
    const transport = new StreamableHTTPServerTransport();
    await createHello().connect(transport);
    await transport.handleRequest(request, response, body);
  }),
);
server.listen(process.env['PORT'] ?? 8000);
