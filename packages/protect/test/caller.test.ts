/** What a tool learns of its caller, in both lines of the SDK. */
import { createServer } from 'node:http';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { type OperationalEvent, Secret, type TokenExchange } from '@sallyport/core';
import type { AuthorizationServer } from '@sallyport/testing';
import { createTokenExchange } from '@sallyport/token-exchange';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Caller, callerOf } from '../src/index.ts';
import { type GatedHandler, type NodeSettings, protect } from '../src/node.ts';
import { listening, resource, settingsFor, startIssuer } from './fixture.ts';

let issuer: AuthorizationServer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer.stop());

async function describeCaller({ upstreamToken, scopes, ...caller }: Caller) {
  const upstream = await upstreamToken('crm').then(
    ({ token }) => token.reveal().slice(0, 3),
    (error: Error) => `${error.name}: ${error.message}`,
  );
  const text = JSON.stringify({ ...caller, scopes: [...scopes], upstream });
  return { content: [{ type: 'text' as const, text }] };
}

const handlers: Readonly<Record<string, () => GatedHandler>> = {
  'SDK v2': () =>
    toNodeHandler(
      createMcpHandler(() => {
        const server = new McpServer({ name: 'test', version: '1.0.0' });
        server.registerTool('read_note', {}, (context) => describeCaller(callerOf(context)));
        return server;
      }),
    ),
  'SDK v1': () => async (request, response, body) => {
    const server = new McpServerV1({ name: 'test', version: '1.0.0' });
    server.registerTool('read_note', {}, (extra) => describeCaller(callerOf(extra)));
    const transport = new StreamableHTTPServerTransport();
    await server.connect(transport as Parameters<typeof server.connect>[0]);
    response.once('close', () => void server.close());
    await transport.handleRequest(request, response, body);
  },
};

async function callAs(line: string, settings: Partial<NodeSettings> = {}) {
  const handler = (handlers[line] as () => GatedHandler)();
  const listener = await protect({ ...settingsFor(issuer), ...settings } as NodeSettings, handler);
  const server = await listening(createServer(listener));
  const token = await issuer.issueToken({ resource, scopes: ['notes:read'], subject: 'ada' });
  const client = new Client({ name: 'test', version: '1.0.0' });
  const requestInit = { headers: { Authorization: `Bearer ${token}` } };
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), { requestInit }),
  );
  onTestFinished(async () => {
    await client.close();
    await server.close();
  });
  const { content } = await client.callTool({ name: 'read_note', arguments: {} });
  const [first] = content;
  return JSON.parse(first?.type === 'text' ? first.text : '');
}

describe.each(Object.keys(handlers))('callerOf in %s', (line) => {
  it('tells who is calling', async () => {
    expect(await callAs(line)).toMatchObject({
      issuer: issuer.issuer,
      subject: 'ada',
      clientId: 'sallyport-testing',
      scopes: ['notes:read'],
      claims: expect.not.objectContaining({ sub: expect.anything() }),
    });
  });

  it('gets a token for another API', async () => {
    const tokenExchange: TokenExchange = {
      exchange: async () => ({
        token: new Secret('upstream-token'),
        expiresAt: undefined,
        scopes: new Set(),
      }),
    };

    expect(await callAs(line, { tokenExchange })).toMatchObject({ upstream: 'ups' });
  });

  it('says what is missing for a token for another API', async () => {
    expect(await callAs(line)).toMatchObject({
      upstream: expect.stringMatching(
        /^ConfigError: protect\.tokenExchange: is missing: .*createTokenExchange/,
      ),
    });
  });

  it('passes on why there is none, and tells the operator the cause', async () => {
    const events: OperationalEvent[] = [];
    const tokenExchange = createTokenExchange({
      url: `${issuer.issuer}/token`,
      environment: settingsFor(issuer).environment,
      clientAuthentication: { present: async () => {} } as never,
      targets: { files: { audience: 'files', scopes: ['read'] } },
      onEvent: (event) => void events.push(event),
    });

    expect(await callAs(line, { tokenExchange })).toMatchObject({
      upstream: 'TokenExchangeError: There is no upstream API of this name',
    });
    expect(events).toEqual([expect.objectContaining({ reason: 'target_unknown' })]);
  });
});

describe('callerOf', () => {
  it.each([
    ['nothing', undefined],
    ['what stdio hands out', {}],
    ['SDK v2 over stdio', { http: undefined }],
    ['an authInfo of another gate', { authInfo: { clientId: 'a', scopes: [] } }],
    [
      'an issuer that is no text',
      { authInfo: { clientId: 'a', scopes: [], extra: { issuer: 1, subject: 'a' } } },
    ],
  ])('says that there is no caller in %s', (_name, extra) => {
    expect(() => callerOf(extra as never)).toThrow(
      /^protect\.callerOf: the call did not come through the gate/,
    );
  });

  it('hands out copies, which nobody else sees change', () => {
    const claims = { tenant: 't1' };
    const extra = { issuer: 'https://auth.example.com', subject: 'ada', claims };
    const authInfo = { clientId: 'client', scopes: ['notes:read'], extra };
    (callerOf({ authInfo }).claims as Record<string, unknown>)['tenant'] = 't2';

    expect(claims).toEqual({ tenant: 't1' });
  });
});
