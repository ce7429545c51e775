import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { fastifyGate } from '@sallyport/mcp-adapter/fastify';
import fastify from 'fastify';
import { gate } from './gate.ts';
import { createHello } from './hello-v1.ts';

const app = fastify();
await app.register(fastifyGate(gate));
app.all('/*', async (request, reply) => {
  reply.hijack();
  const transport = new StreamableHTTPServerTransport();
  await createHello().connect(transport);
  await transport.handleRequest(request.raw, reply.raw, request.body);
});
await app.listen({ port: Number(process.env['PORT'] ?? 8000) });
export const { server } = app;
