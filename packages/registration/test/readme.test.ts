import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';

it('runs the example of the README', async () => {
  const before = { ...process.env };
  Object.assign(process.env, {
    ENVIRONMENT: 'development',
    CLIENT_SECRET: 'a client secret for the example',
    SEALING_KEY: 'a sealing key for the example of at least 32 bytes',
    PORT: '0',
  });
  const { server, close } = await import('./readme.ts');
  process.env = before;
  if (!server.listening) await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const registered = await fetch(`http://127.0.0.1:${port}/mcp/sign-in/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"redirect_uris":["https://claude.ai/api/mcp/auth_callback"]}',
  });
  server.close();
  server.closeAllConnections();
  await close();

  expect(registered.status).toBe(201);
});
