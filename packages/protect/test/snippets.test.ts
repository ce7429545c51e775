/** Every snippet of the README, as it stands there: compiled, run, and asked three questions. */
import { readdirSync, readFileSync } from 'node:fs';
import { startAuthorizationServer } from '@sallyport/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { callOf } from './fixture.ts';
import {
  close,
  type LocalServers,
  type Snippet,
  startLocalServers,
  untilListening,
} from './local-snippets.ts';

const folder = new URL('snippets/', import.meta.url);
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);
const hosts = files.filter((name) =>
  /^(?:node|express|fastify|hono|workers)-v[12]\.ts$|^app\/mcp\/route\.ts$/.test(name),
);

let local: LocalServers;
beforeAll(async () => {
  local = await startLocalServers();
});
afterAll(() => local.stop());

it('finds a snippet for each host', () => {
  // The one for Express and SDK v2 is the first example of the README.
  expect(hosts).toHaveLength(10);
});

it.each(files)('has %s in the README, byte for byte', (name) => {
  expect(readme).toContain(`\`\`\`ts\n${readFileSync(new URL(name, folder), 'utf8')}\`\`\`\n`);
});

it('reads no header field that a client can send', () => {
  const snippets = files.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n');

  expect(snippets).not.toMatch(/headers\.get|\.header\(|\.headers\[/);
});

type Send = (request: Request) => Promise<Response>;

async function askAll(send: Send): Promise<readonly (number | string)[]> {
  const call = async (token?: string) => {
    const headers = {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2025-11-25',
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    };
    const request = new Request(local.resource, {
      method: 'POST',
      headers,
      body: callOf('write_note'),
    });
    const answer = await send(request);
    const text = await answer.text();
    return answer.status === 200 ? (/write_note for ada/.exec(text)?.[0] ?? text) : answer.status;
  };
  const tokenWith = (scope: string) =>
    local.issuer.issueToken({ resource: local.resource, scopes: [scope], subject: 'ada' });
  return [
    await call(),
    await call(await tokenWith('notes:write')),
    await call(await tokenWith('notes:read')),
  ];
}

const answers = [401, 'write_note for ada', 403];

describe.each(hosts)('%s', (name) => {
  it('asks for a token, runs the tool for a good one, and names the missing scope', async () => {
    const snippet: Snippet = await import(`./snippets/${name}`);
    await untilListening(snippet);
    onTestFinished(() => close(snippet));
    const send: Send = snippet.default?.fetch ?? snippet.POST ?? ((request) => fetch(request));

    expect(await askAll(send)).toEqual(answers);
  });
});

it('serves the metadata in a route of Next.js', async () => {
  const { GET }: Snippet = await import(
    './snippets/app/well-known/oauth-protected-resource/path/route.ts'
  );
  const { origin } = new URL(local.resource);
  const answer = await GET?.(new Request(`${origin}/.well-known/oauth-protected-resource/mcp`));

  expect(await answer?.json()).toMatchObject({ resource: local.resource });
});

it.each(['deno', 'bun'] as const)(
  'runs in %s as pasted, where its server is another one',
  async (name) => {
    let served: Send = async () => new Response();
    const address = '198.51.100.7';
    const stand = {
      Deno: {
        serve: (
          _options: unknown,
          handler: (request: Request, info: unknown) => Promise<Response>,
        ) => {
          served = (request) => handler(request, { remoteAddr: { hostname: address } });
        },
      },
      Bun: {
        serve: ({ fetch }: { fetch: (request: Request, server: unknown) => Promise<Response> }) => {
          served = (request) => fetch(request, { requestIP: () => ({ address }) });
        },
      },
    };
    Object.assign(globalThis, stand);
    onTestFinished(() => {
      for (const global of Object.keys(stand)) Reflect.deleteProperty(globalThis, global);
    });
    await import(`./snippets/${name}.ts`);

    expect(await askAll(served)).toEqual(answers);
  },
);

it('answers events of AWS Lambda', async () => {
  const { handler } = await import('./snippets/lambda.ts');
  const call = (authorization?: string) =>
    handler({
      version: '2.0',
      rawPath: '/mcp',
      rawQueryString: '',
      headers: {
        host: new URL(local.resource).host,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2025-11-25',
        ...(authorization !== undefined && { authorization }),
      },
      requestContext: { http: { method: 'POST', path: '/mcp', sourceIp: '198.51.100.7' } },
      body: callOf('write_note'),
      isBase64Encoded: false,
    } as never);
  const token = await local.issuer.issueToken({
    resource: local.resource,
    scopes: ['notes:write'],
    subject: 'ada',
  });

  expect(await call()).toMatchObject({ statusCode: 401 });
  const answer: unknown = await call(`Bearer ${token}`);
  expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: true });
  const { body } = answer as { readonly body: string };
  expect(Buffer.from(body, 'base64').toString()).toContain('write_note for ada');
});

it('CLM-12: has a gate for each tenant, and refuses the tokens of the other one', async () => {
  const names = ['acme', 'umbrella'];
  const tenants = await Promise.all(
    names.map(async (name) => {
      const resource = `https://mcp.example.com/${name}/mcp`;
      const scopes = ['notes:read', 'notes:write'];
      return {
        resource,
        server: await startAuthorizationServer({ resources: [{ resource, scopes }] }),
      };
    }),
  );
  const { protectTenants } = await import('./snippets/tenants.ts');
  const server = await protectTenants(
    tenants.map(({ resource, server: { issuer } }) => ({ resource, issuer })),
  );
  onTestFinished(async () => {
    await server.close();
    await Promise.all(tenants.map(({ server: each }) => each.stop()));
  });
  const statuses = tenants.flatMap((from) =>
    tenants.map(async ({ resource }) => {
      const scopes = ['notes:write'];
      const token = await from.server.issueToken({
        resource: from.resource,
        scopes,
        subject: 'ada',
      });
      const headers = {
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        'MCP-Protocol-Version': '2025-11-25',
        Authorization: `Bearer ${token}`,
      };
      const body = callOf('write_note');
      return (await server.fetch(new Request(resource, { method: 'POST', headers, body }))).status;
    }),
  );
  const documents = tenants.map(async ({ resource }) => {
    const { origin, pathname } = new URL(resource);
    const url = `${origin}/.well-known/oauth-protected-resource${pathname}`;
    return (await server.fetch(new Request(url))).json();
  });

  expect(await Promise.all(statuses)).toEqual([200, 401, 401, 200]);
  expect(await Promise.all(documents)).toMatchObject(
    tenants.map(({ resource, server: { issuer } }) => ({
      resource,
      authorization_servers: [issuer],
    })),
  );
  expect((await server.fetch(new Request('https://mcp.example.com/mcp'))).status).toBe(404);
});
