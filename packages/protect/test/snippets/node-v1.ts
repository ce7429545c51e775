import { createServer } from 'node:http';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { protect } from '@sallyport/protect/node';
import { connectNotes } from './notes-v1.ts';
import { settings } from './settings.ts';

export const server = createServer(
  await protect(settings, async (request, response, body) => {
    const transport = new StreamableHTTPServerTransport();
    await connectNotes(transport);
    await transport.handleRequest(request, response, body);
  }),
);
server.listen(process.env['PORT'] ?? 8000);
