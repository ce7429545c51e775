/** What every host must show, over real sockets. */
import type { IncomingMessage } from 'node:http';
import type { AuditEvent } from '@sallyport/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuthInfo, McpGate } from '../../src/index.ts';
import { createTestGate, metadataUrl, resource, tokens, toolCall } from '../fixture.ts';
import { sendRaw, statusOf } from '../raw-http.ts';
import { describeSessions } from '../sessions/session-behaviour.ts';

/** What the handler behind the gate saw of one request. */
export interface Seen {
  readonly auth: AuthInfo | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly body: unknown;
}

export interface StartedHost {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * @param start Starts a host whose handler reports what it sees, and answers as `example-server` does.
 * @param presents What the host makes of a request before the gate sees it: one of the Fetch API has
 *   turned target and `Host` into a URL by then, or refused them itself.
 */
export function describeHost(
  name: string,
  start: (gate: McpGate, report: (seen: Seen) => void) => Promise<StartedHost>,
  presents: 'targets' | 'urls' = 'targets',
): void {
  describe(name, () => {
    let host: StartedHost;
    let seen: Seen[] = [];
    const events: AuditEvent[] = [];

    beforeAll(async () => {
      host = await start(createTestGate({}, events), (entry) => seen.push(entry));
    });
    afterAll(() => host.close());

    const send = async (init: RequestInit & { path?: string } = {}) => {
      seen = [];
      const { path = '/mcp', ...rest } = init;
      return fetch(new URL(path, host.url), rest);
    };
    const call = (token: string, body: unknown, headers: Record<string, string> = {}) =>
      send({
        method: 'POST',
        headers: {
          Authorization: `Bearer ${token}`,
          'Content-Type': 'application/json',
          ...headers,
        },
        body: JSON.stringify(body),
      });

    it('passes a good token, with who is calling and the parsed body', async () => {
      const response = await call(tokens.read, toolCall('list'));

      expect(response.status).toBe(200);
      expect(seen).toMatchObject([
        {
          auth: {
            clientId: 'client-1',
            scopes: ['notes:read'],
            expiresAt: 4_000_000_000,
            extra: {
              issuer: 'https://auth.example.com',
              subject: 'user-1',
              claims: { tenant: 't1' },
            },
          },
          body: { method: 'tools/call', params: { name: 'list' } },
        },
      ]);
      expect(seen[0]?.auth?.resource.href).toBe(resource);
    });

    it('records the trace that the request is part of', async () => {
      const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
      const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
      await call(tokens.read, toolCall('list'), { traceparent });
      await call(tokens.read, toolCall('list'), {
        traceparent: 'x"\'',
        'X-Cloud-Trace-Context': `${traceId}/1;o=1`,
      });

      expect(events.slice(-4).map(({ trace }) => [trace?.traceId, trace?.spanId])).toEqual([
        [traceId, '00f067aa0ba902b7'],
        [traceId, '00f067aa0ba902b7'],
        [traceId, '0000000000000001'],
        [traceId, '0000000000000001'],
      ]);
    });

    it('leaves no byte of the token to the handler (MCP-01)', async () => {
      await call(tokens.read, toolCall('list'));

      expect(seen).toHaveLength(1);
      expect(JSON.stringify(seen)).not.toContain(tokens.read);
      expect(JSON.stringify(seen).toLowerCase()).not.toContain('bearer');
    });

    it.each([
      'X-Forwarded-Access-Token: other',
      'X-Auth-Request-Access-Token: other',
      'X-Amzn-Oidc-Accesstoken: other',
      'x-amzn-oidc-data: other',
      'X-MS-TOKEN-AAD-ACCESS-TOKEN: other',
      'X-Ms-Token-Google-Refresh-Token: other',
      'X-Original-Authorization: Basic other',
      'Proxy-Authorization: Basic other',
      'Cf-Access-Jwt-Assertion: other',
      `X-Anything: ${tokens.read}`,
      `X-${tokens.read}: name`,
      `Cookie: a=b; session=${tokens.read}; c=d`,
      `Cookie: a=${encodeURIComponent(`"${tokens.read}"`)}`,
      `Cookie: a=${btoa(`{"t":"${tokens.read}"}`)}`,
      `Referer: https://a.test/?access_token=${tokens.read}&x=1`,
      `X-Original-Uri: /mcp?t=${encodeURIComponent(encodeURIComponent(`/${tokens.read}`))}`,
      `X-Anything: "${tokens.read.slice(0, 6)}" "${tokens.read.slice(6)}"`,
      'X-HTTP-Method-Override: DELETE',
      'X-Http-Method: DELETE',
      'x-method-override: DELETE',
    ])('CASE-13, HDR-24: hides %s from the handler', async (field) => {
      seen = [];
      const response = await sendRaw(host.url, [
        'GET /mcp HTTP/1.1',
        `Authorization: Bearer ${tokens.read}`,
        'X-Kept: kept',
        field,
      ]);
      const [name = '', value = ''] = field.split(': ', 2);

      expect(statusOf(response)).toBe(200);
      expect(seen[0]?.headers['x-kept']).toBe('kept');
      expect(Object.keys(seen[0]?.headers ?? {})).not.toContain(name.toLowerCase());
      expect(seen[0]?.rawHeaders).toContain('kept');
      expect(seen[0]?.rawHeaders).not.toContain(value);
    });

    it('CASE-13: refuses a target that holds the token', async () => {
      seen = [];
      for (const target of [`/mcp?x=${tokens.read}`, `/mcp/${tokens.read}`]) {
        const authorization = `Authorization: Bearer ${tokens.read}`;
        const response = await sendRaw(host.url, [`GET ${target} HTTP/1.1`, authorization]);

        expect(statusOf(response)).toBe(400);
      }
      expect(seen).toEqual([]);
    });

    it('challenges without an error code when there is no token (ANS-01, MCP-08)', async () => {
      const response = await send({ method: 'POST', body: '{}' });

      expect(response.status).toBe(401);
      expect(response.headers.get('WWW-Authenticate')).toBe(
        `Bearer scope="notes:read", resource_metadata="${metadataUrl}"`,
      );
      expect(response.headers.get('Cache-Control')).toBe('no-store');
      expect(seen).toEqual([]);
    });

    it.each(['GET', 'POST', 'DELETE'])('asks %s for a token (HDR-15)', async (method) => {
      expect((await send({ method })).status).toBe(401);
      expect(seen).toEqual([]);
    });

    it.each(['PUT', 'HEAD', 'PATCH', 'OPTIONS', 'QUERY', 'PROPFIND'])(
      'CASE-01, HDR-21: answers %s with 405, whatever the token may do',
      async (method) => {
        const headers = { Authorization: `Bearer ${tokens.write}` };
        const response = await send({ method, headers });

        expect(response.status).toBe(405);
        expect(response.headers.get('Allow')).toBe('GET, POST, DELETE');
        expect(seen).toEqual([]);
      },
    );

    it.each(['//mcp', '/mcp/', '/MCP', '/mcp%2f', '/mcp;x', '/mcp?x', '/.well-known/../mcp', '/'])(
      'asks for a token at %s (HDR-16)',
      async (target) => {
        expect(statusOf(await sendRaw(host.url, [`GET ${target} HTTP/1.1`]))).toBe(401);
      },
    );

    it.each([
      [
        'two Authorization fields (HDR-01)',
        [`Authorization: Bearer ${tokens.read}`, `authorization: Bearer ${tokens.read}`],
        400,
        'invalid_request',
      ],
      [
        'two fields joined by a comma (HDR-01)',
        [`Authorization: Bearer ${tokens.read}, Bearer ${tokens.read}`],
        400,
        'invalid_request',
      ],
      [
        'words after the token (HDR-04)',
        [`Authorization: Bearer ${tokens.read} extra`],
        401,
        'invalid_token',
      ],
      [
        'a tab before the token (HDR-05)',
        [`Authorization: Bearer\t${tokens.read}`],
        401,
        'invalid_token',
      ],
      ['Bearer without a token (HDR-07)', ['Authorization: Bearer'], 400, 'invalid_request'],
      ['an unknown token', ['Authorization: Bearer nobody-knows-this'], 401, 'invalid_token'],
    ])('refuses %s', async (_name, fields, status, error) => {
      seen = [];
      const response = await sendRaw(host.url, ['GET /mcp HTTP/1.1', ...fields]);

      expect(statusOf(response)).toBe(status);
      expect(response).toContain(`error="${error}"`);
      expect(seen).toEqual([]);
    });

    it.each(['bearer', 'BEARER', 'bEaReR', 'Bearer  '])(
      'takes the scheme as "%s" (HDR-02, HDR-03)',
      async (scheme) => {
        const response = await sendRaw(host.url, [
          'GET /mcp HTTP/1.1',
          `Authorization: ${scheme} ${tokens.read}`,
        ]);
        expect(statusOf(response)).toBe(200);
      },
    );

    it.each([
      ['in the query (HDR-09)', `GET /mcp?access_token=${tokens.read} HTTP/1.1`, []],
      ['in a cookie (HDR-10)', 'GET /mcp HTTP/1.1', [`Cookie: access_token=${tokens.read}`]],
      [
        'in X-Serverless-Authorization (HDR-10)',
        'GET /mcp HTTP/1.1',
        [`X-Serverless-Authorization: Bearer ${tokens.read}`],
      ],
      [
        'in X-Forwarded-Authorization (HDR-10)',
        'GET /mcp HTTP/1.1',
        [`X-Forwarded-Authorization: Bearer ${tokens.read}`],
      ],
      ['for another scheme (HDR-08)', 'GET /mcp HTTP/1.1', [`Authorization: Basic ${tokens.read}`]],
    ])('does not see a token %s', async (_name, line, fields) => {
      const response = await sendRaw(host.url, [line, ...fields]);

      expect(statusOf(response)).toBe(401);
      expect(response).not.toContain('error=');
    });

    it('refuses a token in the header and in the query (HDR-09)', async () => {
      const response = await sendRaw(host.url, [
        `GET /mcp?access_token=x HTTP/1.1`,
        `Authorization: Bearer ${tokens.read}`,
      ]);
      expect(statusOf(response)).toBe(400);
    });

    it('names all scopes of the tool in one challenge, before it runs (ANS-04, MCP-11)', async () => {
      const response = await call(tokens.read, toolCall('delete'));

      expect(response.status).toBe(403);
      expect(response.headers.get('WWW-Authenticate')).toBe(
        `Bearer error="insufficient_scope", error_description="The access token lacks a required scope", scope="notes:read notes:write", resource_metadata="${metadataUrl}"`,
      );
      expect(seen).toEqual([]);
    });

    it('finds the call that hides in a batch (MCP-03)', async () => {
      const batch = [
        toolCall('whoami'),
        { jsonrpc: '2.0', id: 2, method: 'ping' },
        toolCall('delete'),
      ];

      expect((await call(tokens.read, batch)).status).toBe(403);
      expect((await call(tokens.write, batch)).status).toBe(200);
    });

    it.each<[string, Record<string, string>]>([
      ['Mcp-Method', { 'Mcp-Method': 'tools/list', 'Mcp-Name': 'list' }],
      ['Mcp-Name', { 'Mcp-Method': 'tools/call', 'Mcp-Name': 'whoami' }],
    ])(
      'refuses a request whose %s says something else than its body (MCP-02)',
      async (_name, lie) => {
        const response = await call(tokens.read, toolCall('list'), lie);

        expect(response.status).toBe(400);
        await expect(response.json()).resolves.toMatchObject({
          error: { code: -32_020 },
          id: 1,
        });
        expect(seen).toEqual([]);
      },
    );

    it('takes an Mcp-Name that says the same in Base64 (MCP-02)', async () => {
      const name = `=?base64?${btoa('list')}?=`;
      const response = await call(tokens.read, toolCall('list'), { 'Mcp-Name': name });

      expect(response.status).toBe(200);
    });

    it('does not read the body of a stranger (MCP-12)', async () => {
      const response = await sendRaw(host.url, [
        'POST /mcp HTTP/1.1',
        'Content-Type: application/json',
        'Content-Length: 100000000',
      ]);
      expect(statusOf(response)).toBe(401);
    });

    it.each([
      ['too large, announced', ['Content-Length: 100001'], '', 413],
      [
        'too large, in chunks',
        ['Transfer-Encoding: chunked'],
        `186a1\r\n${' '.repeat(100_001)}\r\n0\r\n\r\n`,
        413,
      ],
      ['no JSON', ['Content-Length: 3'], '{"a', 400],
      ['no UTF-8', ['Content-Length: 4'], '"\xff\xfe"', 400],
    ])('answers a body that is %s', async (_name, fields, body, status) => {
      seen = [];
      const response = await sendRaw(
        host.url,
        [
          'POST /mcp HTTP/1.1',
          'Content-Type: application/json',
          `Authorization: Bearer ${tokens.read}`,
          ...fields,
        ],
        body,
      );
      expect(statusOf(response)).toBe(status);
      expect(response).toContain('"jsonrpc":"2.0"');
      expect(seen).toEqual([]);
    });

    it.each<[string, string[], string]>([
      [
        'two Host fields (CASE-11, HDR-23)',
        ['Host: mcp.example.com', 'Host: evil.example.net'],
        '/mcp',
      ],
      ['the same Host twice (CASE-11)', ['Host: a.test', 'host: a.test'], '/mcp'],
      ['no Host (CASE-11)', ['Host:'], '/mcp'],
      ['a Host with a space', ['Host: a b'], '/mcp'],
      ['a Host that is none', ['Host: @@::['], '/mcp'],
      ...(presents === 'urls'
        ? []
        : [
            ['a target that names a host', [], 'http://evil.example.net/mcp'] as [
              string,
              string[],
              string,
            ],
          ]),
    ])('answers %s with 400, and never with 500', async (_name, fields, target) => {
      const authorization = `Authorization: Bearer ${tokens.read}`;
      const line = `GET ${target} HTTP/1.1`;
      const stranger = statusOf(await sendRaw(host.url, [line, ...fields]));

      expect(statusOf(await sendRaw(host.url, [line, authorization, ...fields]))).toBe(400);
      expect(stranger).toBe(400);
    });

    it.each([
      [50, 200],
      [200, 400],
      [2_000, 400],
    ])('answers a body that nests %i deep with %i', async (depth, status) => {
      const deep = JSON.parse('['.repeat(depth) + ']'.repeat(depth));
      const response = await call(tokens.read, { ...toolCall('list'), deep });

      expect(response.status).toBe(status);
    });

    it('serves the metadata to anybody, with the resource as configured (MCP-08, MCP-09)', async () => {
      const response = await send({ path: '/.well-known/oauth-protected-resource/mcp' });

      expect(response.status).toBe(200);
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
      expect(response.headers.get('Cache-Control')).toMatch(/max-age=\d+/);
      await expect(response.json()).resolves.toEqual({
        resource,
        authorization_servers: ['https://auth.example.com'],
        scopes_supported: ['notes:read'],
        bearer_methods_supported: ['header'],
      });
    });

    it.each([
      ['HEAD', 200],
      ['OPTIONS', 204],
      ['POST', 405],
    ])('answers %s for the metadata with %i', async (method, status) => {
      const response = await send({ method, path: '/.well-known/oauth-protected-resource/mcp' });
      expect(response.status).toBe(status);
    });

    it('says nothing that a Host header put into its mouth (HDR-19)', async () => {
      for (const path of ['/mcp', '/.well-known/oauth-protected-resource/mcp']) {
        const response = await sendRaw(host.url, [
          `GET ${path} HTTP/1.1`,
          'X-Forwarded-Host: evil.example.net',
          'Forwarded: host=evil.example.net',
        ]);
        expect(response).not.toContain('evil');
        expect(response).toContain('https://mcp.example.com/');
      }
    });

    it('refuses pages of other origins before it looks at their token (HDR-18)', async () => {
      const response = await call(tokens.read, toolCall('list'), {
        Origin: 'https://evil.example.net',
      });

      expect(response.status).toBe(403);
      expect(response.headers.get('WWW-Authenticate')).toBeNull();
      expect(seen).toEqual([]);
    });

    it('lets pages of allowed origins read the challenge, and preflight (HDR-15)', async () => {
      const headers = { Origin: 'https://inspector.example.com' };
      const challenged = await send({ method: 'POST', headers });
      const preflight = await send({ method: 'OPTIONS', headers });

      expect(challenged.status).toBe(401);
      expect(challenged.headers.get('Access-Control-Allow-Origin')).toBe(headers.Origin);
      expect(challenged.headers.get('Access-Control-Expose-Headers')).toContain('WWW-Authenticate');
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get('Access-Control-Allow-Headers')).toContain('Authorization');
      expect((await call(tokens.read, toolCall('list'), headers)).headers.get('Vary')).toBe(
        'Origin',
      );
    });

    describeSessions(start);
  });
}
