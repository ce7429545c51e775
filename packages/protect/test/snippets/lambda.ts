import { type HonoGateVariables, protect } from '@sallyport/protect/hono';
import { type Context, Hono } from 'hono';
import { getConnInfo, handle } from 'hono/aws-lambda';
import { handler as notes } from './notes-v2.ts';
import { settings } from './settings.ts';

const app = new Hono<{ Variables: HonoGateVariables }>({ strict: false });
// API Gateway, function URLs and load balancers write the address. No client can.
const clientAddress = (context: Context) => getConnInfo(context).remote.address ?? 'unknown';
app.use(await protect({ ...settings, clientAddress }));
app.all('/mcp', ({ req, var: { auth: authInfo, parsedBody } }) =>
  notes.fetch(req.raw, { authInfo, parsedBody }),
);
export const handler = handle(app);
