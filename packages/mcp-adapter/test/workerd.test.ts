/** core and the fetch gate where there is no Node: in workerd, which Cloudflare Workers run on. */
import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { type AuthorizationServer, startAuthorizationServer } from '@sallyport/testing';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, it } from 'vitest';

const resource = 'https://mcp.example.com/mcp';
let authorizationServer: AuthorizationServer;
let worker: Miniflare;
let url: URL;

beforeAll(async () => {
  authorizationServer = await startAuthorizationServer({
    resources: [{ resource, scopes: ['read:data', 'write:data'] }],
  });
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./worker.ts', import.meta.url))],
    bundle: true,
    write: false,
    logLevel: 'error',
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'import', 'default'],
  });
  worker = new Miniflare({
    modules: true,
    script: outputFiles[0]?.text ?? '',
    compatibilityDate: '2026-01-01',
    bindings: {
      ISSUER: authorizationServer.issuer,
      JWKS_URI: authorizationServer.jwksUri,
      RESOURCE: resource,
    },
  });
  url = new URL('/mcp', await worker.ready);
});
afterAll(async () => {
  await worker?.dispose();
  await authorizationServer?.stop();
});

async function connect(token: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' });
  const requestInit = { headers: { Authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
  return client;
}

it('answers an MCP client that has a token (SETUP-08)', async () => {
  const client = await connect(await authorizationServer.issueToken({ scopes: ['read:data'] }));
  const { content } = await client.callTool({ name: 'hello', arguments: {} });
  await client.close();

  expect(content).toEqual([{ type: 'text', text: 'hello developer' }]);
});

it('challenges whoever has none, or one for another tool', async () => {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'wipe' },
  });
  const token = await authorizationServer.issueToken({ scopes: ['read:data'] });
  const send = (headers: Record<string, string>) => fetch(url, { method: 'POST', headers, body });
  const stranger = await send({});
  const narrow = await send({ Authorization: `Bearer ${token}` });
  const forged = await send({ Authorization: `Bearer ${token.slice(0, -8)}AAAAAAAA` });

  expect([stranger.status, narrow.status, forged.status]).toEqual([401, 403, 401]);
  expect(stranger.headers.get('WWW-Authenticate')).toContain(
    'resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"',
  );
  expect(narrow.headers.get('WWW-Authenticate')).toContain('scope="write:data"');
});
