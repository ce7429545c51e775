import { toNodeHandler } from '@modelcontextprotocol/node';
import { fastifyGate } from '@sallyport/mcp-adapter/fastify';
import fastify from 'fastify';
import { gate } from './gate.ts';
import { handler } from './hello-v2.ts';

const app = fastify();
await app.register(fastifyGate(gate));
app.all('/*', (request, reply) => {
  reply.hijack();
  return toNodeHandler(handler)(request.raw, reply.raw, request.body);
});
await app.listen({ port: Number(process.env['PORT'] ?? 8000) });
export const { server } = app;
