/** Every snippet of the README, as it stands there: compiled, run, and called by both lines' clients. */
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const folder = new URL('snippets/', import.meta.url);
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
const hosts = files.filter((name) => /^(node|express|fastify|hono|fetch)-v[12]\.ts$/.test(name));

it('finds a snippet for each host and each SDK line', () => {
  expect(hosts).toHaveLength(10);
});

it.each(files)('has %s in the README, byte for byte', (name) => {
  expect(readme).toContain(`\`\`\`ts\n${readFileSync(new URL(name, folder), 'utf8')}\`\`\`\n`);
});

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** What a snippet exports: a server that listens, or a function of the Fetch API. */
interface Snippet {
  readonly server?: Server;
  readonly default?: { readonly fetch: (request: Request) => Promise<Response> };
}

describe.each(hosts)('%s', (name) => {
  let snippet: Snippet;
  let url: URL;
  let send: Fetch;

  beforeAll(async () => {
    process.env['PORT'] = '0';
    snippet = await import(`./snippets/${name}`);
    const { server, default: worker } = snippet;
    if (server !== undefined && !server.listening) await once(server, 'listening');
    const port = server === undefined ? 8000 : (server.address() as AddressInfo).port;
    url = new URL(`http://localhost:${port}/mcp`);
    send = worker === undefined ? fetch : (target, init) => worker.fetch(new Request(target, init));
  });
  afterAll(() => {
    snippet.server?.closeAllConnections();
    snippet.server?.close();
  });

  const options = () => ({
    fetch: send,
    requestInit: { headers: { Authorization: 'Bearer dev-token-12345' } },
  });
  const greeting = [{ type: 'text', text: 'Hello, me!' }];

  it('answers a client of SDK v2', async () => {
    const client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(new StreamableHTTPClientTransport(url, options()));

    expect((await client.callTool({ name: 'hello', arguments: {} })).content).toEqual(greeting);
    await client.close();
  });

  it('answers a client of SDK v1', async () => {
    const client = new ClientV1({ name: 'test', version: '1.0.0' });
    const transport = new TransportV1(url, options());
    await client.connect(transport as Parameters<typeof client.connect>[0]);

    expect((await client.callTool({ name: 'hello', arguments: {} })).content).toEqual(greeting);
    await client.close();
  });

  it('tells a stranger where to get a token', async () => {
    const refused = await send(url, { method: 'POST', body: '{}' });
    const [, metadata = ''] =
      /resource_metadata="([^"]+)"/.exec(refused.headers.get('WWW-Authenticate') ?? '') ?? [];
    const document = await send(new URL(new URL(metadata).pathname, url));

    expect(refused.status).toBe(401);
    expect(await document.json()).toMatchObject({ resource: 'http://localhost:8000/mcp' });
  });
});
