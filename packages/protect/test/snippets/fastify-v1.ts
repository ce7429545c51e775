import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { protect } from '@sallyport/protect/fastify';
import fastify from 'fastify';
import { connectNotes } from './notes-v1.ts';
import { settings } from './settings.ts';

const app = fastify();
await app.register(await protect(settings));
app.all('/mcp', async (request, reply) => {
  reply.hijack();
  const transport = new StreamableHTTPServerTransport();
  await connectNotes(transport);
  await transport.handleRequest(request.raw, reply.raw, request.body);
});
await app.listen({ port: Number(process.env['PORT'] ?? 8000) });
export const { server } = app;
