import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { expressGate } from '@sallyport/mcp-adapter/express';
import express from 'express';
import { gate } from './gate.ts';
import { createHello } from './hello-v1.ts';

const app = express();
app.use(expressGate(gate));
app.all('/mcp', async (request, response) => {
  const transport = new StreamableHTTPServerTransport();
  await createHello().connect(transport);
  await transport.handleRequest(request, response, request.body);
});
export const server = app.listen(process.env['PORT'] ?? 8000);
