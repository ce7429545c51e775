import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expect, it } from 'vitest';

it('runs the example of the README', async () => {
  process.env['PORT'] = '0';
  const { server } = await import('./readme.ts');
  if (!server.listening) await once(server, 'listening');
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);

  const client = new Client({ name: 'test', version: '1.0.0' });
  const requestInit = { headers: { Authorization: 'Bearer dev-token-12345' } };
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
  const result = await client.callTool({ name: 'hello', arguments: {} });

  expect(result.content).toEqual([{ type: 'text', text: 'Hello, me!' }]);
  expect((await fetch(url, { method: 'POST' })).status).toBe(401);
  await client.close();
  server.closeAllConnections();
  server.close();
});
