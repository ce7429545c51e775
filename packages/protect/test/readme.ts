import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { callerOf } from '@sallyport/protect';
import { protect } from '@sallyport/protect/express';
import express from 'express';

const app = express();

app.use(await protect({
  resource: 'https://mcp.example.com/mcp',
  issuer: 'https://auth.example.com',
  tools: { read_note: ['notes:read'], write_note: ['notes:write'] },
}));

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'notes', version: '1.0.0' });
  for (const name of ['read_note', 'write_note']) {
    server.registerTool(name, { description: name }, (context) => ({
      content: [{ type: 'text', text: `${name} for ${callerOf(context).subject}` }],
    }));
  }
  return server;
});
app.all('/mcp', (request, response) => toNodeHandler(handler)(request, response, request.body));

export const server = app.listen(process.env['PORT'] ?? 8000);
