import { serve } from '@hono/node-server';
import { type HonoGateVariables, protect } from '@sallyport/protect/hono';
import { Hono } from 'hono';
import { handler } from './notes-v2.ts';
import { settings } from './settings.ts';

const app = new Hono<{ Variables: HonoGateVariables }>({ strict: false });
app.use(await protect(settings));
app.all('/mcp', ({ req, var: { auth: authInfo, parsedBody } }) =>
  handler.fetch(req.raw, { authInfo, parsedBody }),
);
export const server = serve({ fetch: app.fetch, port: Number(process.env['PORT'] ?? 8000) });
