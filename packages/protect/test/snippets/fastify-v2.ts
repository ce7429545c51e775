import { toNodeHandler } from '@modelcontextprotocol/node';
import { protect } from '@sallyport/protect/fastify';
import fastify from 'fastify';
import { handler } from './notes-v2.ts';
import { settings } from './settings.ts';

const app = fastify();
await app.register(await protect(settings));
app.all('/mcp', (request, reply) => {
  reply.hijack();
  return toNodeHandler(handler)(request.raw, reply.raw, request.body);
});
await app.listen({ port: Number(process.env['PORT'] ?? 8000) });
export const { server } = app;
