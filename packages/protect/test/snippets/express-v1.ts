import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { protect } from '@sallyport/protect/express';
import express from 'express';
import { connectNotes } from './notes-v1.ts';
import { settings } from './settings.ts';

const app = express();
app.use(await protect(settings));
app.all('/mcp', async (request, response) => {
  const transport = new StreamableHTTPServerTransport();
  await connectNotes(transport);
  await transport.handleRequest(request, response, request.body);
});
export const server = app.listen(process.env['PORT'] ?? 8000);
