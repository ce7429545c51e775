import { serve } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { type HonoGateVariables, honoGate } from '@sallyport/mcp-adapter/hono';
import { type Context, Hono } from 'hono';
import { gate } from './gate.ts';
import { createHello } from './hello-v1.ts';

const app = new Hono<{ Variables: HonoGateVariables }>();
app.use(honoGate(gate, (context: Context) => getConnInfo(context).remote.address ?? 'unknown'));
app.all('/mcp', async ({ req, var: { auth, parsedBody } }) => {
  const transport = new WebStandardStreamableHTTPServerTransport();
  await createHello().connect(transport);
  return transport.handleRequest(req.raw, { authInfo: auth, parsedBody });
});
export const server = serve({ fetch: app.fetch, port: Number(process.env['PORT'] ?? 8000) });
