import { serve } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { type HonoGateVariables, honoGate } from '@sallyport/mcp-adapter/hono';
import { type Context, Hono } from 'hono';
import { gate } from './gate.ts';
import { handler } from './hello-v2.ts';

const app = new Hono<{ Variables: HonoGateVariables }>();
app.use(honoGate(gate, (context: Context) => getConnInfo(context).remote.address ?? 'unknown'));
app.all('/mcp', ({ req, var: { auth, parsedBody } }) =>
  handler.fetch(req.raw, { authInfo: auth, parsedBody }),
);
export const server = serve({ fetch: app.fetch, port: Number(process.env['PORT'] ?? 8000) });
