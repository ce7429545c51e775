import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { type Context, Hono } from 'hono';
import { expect, it } from 'vitest';
import { type HonoGateVariables, honoGate } from '../../src/hono.ts';
import { answerOnFetch } from '../example-server.ts';
import { createTestGate, tokens } from '../fixture.ts';
import { describeHost, type StartedHost } from './host-behaviour.ts';

type App = Hono<{ Variables: HonoGateVariables }>;

async function listen(app: App): Promise<StartedHost> {
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      if ('closeAllConnections' in server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function createApp(gate = createTestGate()): App {
  const app: App = new Hono();
  app.use(honoGate(gate, (context: Context) => getConnInfo(context).remote.address ?? 'unknown'));
  return app;
}

describeHost(
  'honoGate',
  (gate, report) => {
    const app = createApp(gate);
    app.all('*', (context) => {
      const { headers } = context.req.raw;
      report({
        auth: context.get('auth'),
        headers: { ...Object.fromEntries(headers), hono: context.req.header('Authorization') },
        rawHeaders: [...headers].flat(),
        body: context.get('parsedBody'),
      });
      return answerOnFetch(context.req.raw, context.get('parsedBody'));
    });
    return listen(app);
  },
  'urls',
);

it('adds its headers to an answer that cannot be changed', async () => {
  const app = createApp();
  app.all('*', () => Response.redirect('https://mcp.example.com/x', 302));
  const host = await listen(app);
  const response = await fetch(`${host.url}/mcp`, {
    headers: {
      Authorization: `Bearer ${tokens.read}`,
      Origin: 'https://inspector.example.com',
    },
    redirect: 'manual',
  });
  await host.close();

  expect(response.status).toBe(302);
  expect(response.headers.get('Vary')).toBe('Origin');
});

it('leaves no token in the request of node:http either (MCP-01)', async () => {
  const app = createApp();
  app.all('*', (context) => {
    const { headers, headersDistinct, rawHeaders } = (context.env as { incoming: IncomingMessage })
      .incoming;
    return context.json({ headers, headersDistinct, rawHeaders });
  });
  const host = await listen(app);
  const response = await fetch(`${host.url}/mcp`, {
    headers: { Authorization: `Bearer ${tokens.read}` },
  });
  const seen = await response.text();
  await host.close();

  expect(seen).toContain('rawHeaders');
  expect(seen).not.toMatch(/authorization|bearer/i);
});
