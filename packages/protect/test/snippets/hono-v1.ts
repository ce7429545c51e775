import { serve } from '@hono/node-server';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { type HonoGateVariables, protect } from '@sallyport/protect/hono';
import { Hono } from 'hono';
import { connectNotes } from './notes-v1.ts';
import { settings } from './settings.ts';

const app = new Hono<{ Variables: HonoGateVariables }>({ strict: false });
app.use(await protect(settings));
app.all('/mcp', async ({ req, var: { auth: authInfo, parsedBody } }) => {
  const transport = new WebStandardStreamableHTTPServerTransport();
  await connectNotes(transport);
  return transport.handleRequest(req.raw, { authInfo, parsedBody });
});
export const server = serve({ fetch: app.fetch, port: Number(process.env['PORT'] ?? 8000) });
