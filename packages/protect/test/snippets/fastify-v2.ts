import { type NodeIncomingMessageLike, toNodeHandler } from '@modelcontextprotocol/node';
import { protect } from '@sallyport/protect/fastify';
import fastify from 'fastify';
import { handler } from './notes-v2.ts';
import { settings } from './settings.ts';

const app = fastify();
await app.register(await protect(settings));
app.all('/mcp', ({ raw, body }, reply) => {
  reply.hijack();
  // With exactOptionalPropertyTypes, requests of Node.js do not fit the type of the SDK.
  return toNodeHandler(handler)(raw as NodeIncomingMessageLike, reply.raw, body);
});
await app.listen({ port: Number(process.env['PORT'] ?? 8000) });
export const { server } = app;
