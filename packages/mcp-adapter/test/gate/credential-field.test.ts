/** A token in another field than `Authorization`, on every host. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { ConfigError, type CredentialField } from '@sallyport/core';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anonymousAccess } from '../../src/anonymous.ts';
import { expressGate } from '../../src/express.ts';
import { fastifyGate } from '../../src/fastify.ts';
import { fetchGate } from '../../src/fetch.ts';
import { honoGate } from '../../src/hono.ts';
import type { McpGate } from '../../src/index.ts';
import { nodeGate } from '../../src/node.ts';
import { createTestGate, tokens, toolCall } from '../fixture.ts';
import { sendRaw, statusOf } from '../raw-http.ts';

const apiKey: CredentialField = { field: 'x-api-key', authorization: 'either' };
const ambient: CredentialField = {
  field: 'x-front-door-assertion',
  authorization: 'ignored',
  hides: ['x-front-door-user-', 'x-front-door-note'],
  ambient: true,
};

/** A field at the end of the body, which no host may show either. */
type Field = readonly [name: string, value: string];
type Ask = (fields: readonly Field[], path?: string, method?: string) => Promise<Answer>;

interface Answer {
  readonly status: number;
  /** All that the handler could read of the fields. */
  readonly seen: string;
}

interface Listening {
  address(): unknown;
  close(): unknown;
  closeAllConnections?(): void;
}

const open: Listening[] = [];
afterAll(() => {
  for (const server of open) {
    server.closeAllConnections?.();
    server.close();
  }
});

const show = (request: IncomingMessage) =>
  JSON.stringify([request.headers, request.headersDistinct, request.rawHeaders]);

async function over1(
  server: Listening & NodeJS.EventEmitter & { listening: boolean },
): Promise<Ask> {
  open.push(server);
  if (!server.listening) await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return async (fields, path = '/mcp', method = 'POST') => {
    const body = method === 'POST' ? JSON.stringify(toolCall('list')) : '';
    const lines = fields.map(([name, value]) => `${name}: ${value}`);
    const received = await sendRaw(
      url,
      [`${method} ${path} HTTP/1.1`, `Content-Length: ${body.length}`, ...lines],
      body,
    );
    return { status: statusOf(received), seen: received.slice(received.indexOf('\r\n\r\n')) };
  };
}

const starts: Readonly<Record<string, (gate: McpGate) => Promise<Ask> | Ask>> = {
  node: (gate) =>
    over1(
      createServer(nodeGate(gate, (request, response) => void response.end(show(request)))).listen(
        0,
        '127.0.0.1',
      ),
    ),
  express: (gate) => {
    const app = express();
    app.use(expressGate(gate));
    app.all('/mcp', (request, response) => void response.end(show(request)));
    return over1(app.listen(0, '127.0.0.1'));
  },
  fastify: async (gate) => {
    const app = fastify();
    await app.register(fastifyGate(gate));
    app.all('/*', async ({ raw }) => show(raw));
    await app.listen({ port: 0, host: '127.0.0.1' });
    return over1(app.server);
  },
  hono: (gate) => {
    const app = new Hono<{ Bindings: { incoming: IncomingMessage } }>();
    app.use(honoGate(gate, () => '192.0.2.1') as never);
    app.all('/mcp', ({ req, env, text }) =>
      text(
        JSON.stringify([...req.raw.headers, ...Object.entries(req.header())]) + show(env.incoming),
      ),
    );
    return over1(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as never);
  },
  'HTTP/2': async (gate) => {
    const handler = nodeGate(gate, (request, response) => void response.end(show(request)));
    const server = createHttp2Server((request, response) =>
      handler(request as unknown as IncomingMessage, response as unknown as ServerResponse),
    ).listen(0, '127.0.0.1');
    open.push(server);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return async (fields, path = '/mcp', method = 'POST') => {
      const session = connectHttp2(`http://127.0.0.1:${port}`);
      const names = [...new Set(fields.map(([name]) => name.toLowerCase()))];
      const stream = session.request({
        ':path': path,
        ':method': method,
        ...Object.fromEntries(
          names.map((name) => [
            name,
            fields.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value),
          ]),
        ),
      });
      if (method === 'POST') stream.write(JSON.stringify(toolCall('list')));
      stream.end();
      const [{ ':status': status }] = await once(stream, 'response');
      let seen = '';
      for await (const chunk of stream.setEncoding('utf8')) seen += chunk;
      session.close();
      return { status, seen };
    };
  },
  fetch: (gate) => {
    const gated = fetchGate(gate, ({ headers }) => new Response(JSON.stringify([...headers])));
    return async (fields, path = '/mcp', method = 'POST') => {
      const body = method === 'POST' ? { body: JSON.stringify(toolCall('list')) } : {};
      const headers = new Headers();
      for (const [name, value] of fields) headers.append(name, value);
      const url = `https://mcp.example.com${path}`;
      const response = await gated(new Request(url, { method, headers, ...body }), '192.0.2.1');
      return { status: response.status, seen: await response.text() };
    };
  },
};

const json: Field = ['Content-Type', 'application/json'];
const bearer: Field = ['Authorization', `Bearer ${tokens.read}`];
const key: Field = ['X-API-Key', tokens.read];
const assertion: Field = ['X-Front-Door-Assertion', tokens.read];

describe.each(Object.keys(starts))('%s', (name) => {
  let either: Ask;
  let ignored: Ask;
  beforeAll(async () => {
    const start = starts[name] as (gate: McpGate) => Promise<Ask>;
    either = await start(createTestGate({ credentialField: apiKey }));
    ignored = await start(createTestGate({ credentialField: ambient, allowedOrigins: [] }));
  });

  it.each<[string, readonly Field[], number]>([
    ['the field', [key], 200],
    ['Authorization', [bearer], 200],
    ['neither', [], 401],
    ['a bad token in the field', [['X-API-Key', 'token-of-nobody']], 401],
    ['the field and Authorization', [key, bearer], 400],
    ['the field and another scheme', [key, ['Authorization', 'Basic eDp5']], 400],
    ['the field twice', [key, ['x-api-key', tokens.read]], 400],
    ['an empty field', [['X-API-Key', '']], 400],
    ['two tokens in one field', [['X-API-Key', `${tokens.read}, ${tokens.write}`]], 400],
    ['a scheme before the token', [['X-API-Key', `Bearer ${tokens.read}`]], 401],
  ])(
    'HDR-01: takes the token from Authorization or from one other field: %s',
    async (_case, fields, status) => {
      expect(await either([json, ...fields])).toMatchObject({ status });
    },
  );

  it('CASE-13: hides the field and copies of its token from the handler', async () => {
    const { status, seen } = await either([
      json,
      key,
      ['X-Note', `=${tokens.read}`],
      ['X-Other', 'kept'],
    ]);

    expect(status).toBe(200);
    expect(seen.toLowerCase()).toContain('kept');
    expect(seen.toLowerCase()).not.toMatch(/x-api-key|x-note|token-that/);
  });

  it('CASE-13: refuses a target that holds the token of the field', async () => {
    expect(await either([json, key], `/mcp?note=${tokens.read}`)).toMatchObject({ status: 400 });
    expect(await either([json, key], '/mcp?access_token=other')).toMatchObject({ status: 400 });
  });

  it('CASE-13: counts only the field of a front door, and hides what comes with it', async () => {
    const { status, seen } = await ignored([
      json,
      assertion,
      ['Authorization', 'Bearer a-token-of-somebody-else'],
      ['X-Front-Door-User-Email', 'user@example.com'],
      ['x-front-door-user-id', 'user-1'],
      ['X-Front-Door-Note', 'hidden'],
      ['X-Front-Door-Users', 'kept'],
    ]);

    expect(status).toBe(200);
    expect(seen.toLowerCase()).toContain('x-front-door-users');
    expect(seen.toLowerCase()).not.toMatch(/authorization|somebody|assertion|door-user-|door-note/);
  });

  it.each<[string, readonly Field[], number]>([
    ['Authorization alone', [json, bearer], 401],
    ['the field twice', [json, assertion, assertion], 400],
    ['a same-origin page', [json, assertion, ['Sec-Fetch-Site', 'same-origin']], 200],
    ['a person at the address bar', [json, assertion, ['Sec-Fetch-Site', 'none']], 200],
    ['a page of another site', [json, assertion, ['Sec-Fetch-Site', 'cross-site']], 403],
    ['a page of a sister domain', [json, assertion, ['Sec-Fetch-Site', 'same-site']], 403],
    ['a site that no browser names', [json, assertion, ['Sec-Fetch-Site', 'Same-Origin']], 403],
    ['another origin', [json, assertion, ['Origin', 'https://evil.example']], 403],
    ['its own origin', [json, assertion, ['Origin', 'https://mcp.example.com']], 200],
    ['JSON with a charset', [assertion, ['Content-Type', 'Application/JSON; charset=utf-8']], 200],
    ['a form', [assertion, ['Content-Type', 'application/x-www-form-urlencoded']], 415],
    ['plain text', [assertion, ['Content-Type', 'text/plain; application/json']], 415],
    ['two types', [assertion, ['Content-Type', 'text/plain, application/json']], 415],
    ['a type that begins the same', [assertion, ['Content-Type', 'application/jsonp']], 415],
  ])(
    'treats a credential that browsers send by themselves as ambient: %s',
    async (_case, fields, status) => {
      expect(await ignored(fields)).toMatchObject({ status });
    },
  );

  it('refuses a cross-site GET with an ambient credential', async () => {
    const site: Field = ['Sec-Fetch-Site', 'cross-site'];

    expect(await ignored([assertion, site], '/mcp', 'GET')).toMatchObject({ status: 403 });
    expect(await ignored([assertion], '/mcp', 'DELETE')).toMatchObject({ status: 200 });
  });
});

it('lets pages of allowed origins send the field', async () => {
  const gate = createTestGate({ credentialField: apiKey });
  const gated = fetchGate(gate, () => new Response());
  const headers = {
    Origin: 'https://inspector.example.com',
    'Access-Control-Request-Method': 'POST',
    'Access-Control-Request-Headers': 'content-type,X-API-Key,x-other',
  };
  const preflight = new Request('https://mcp.example.com/mcp', { method: 'OPTIONS', headers });
  const allowed = (await gated(preflight, '192.0.2.1')).headers.get('Access-Control-Allow-Headers');

  expect(allowed).toContain('X-API-Key');
  expect(allowed).not.toContain('x-other');
});

it.each([
  ['field', { field: 'X-API-Key', authorization: 'either' }],
  ['field', { field: 'authorization', authorization: 'either' }],
  ['field', { field: '', authorization: 'either' }],
  ['field', { field: 'x-api key', authorization: 'either' }],
  ['field', { field: ['x-api-key'], authorization: 'either' }],
  ['field', { authorization: 'either' }],
  ['authorization', { field: 'x-api-key', authorization: 'both' }],
  ['authorization', { field: 'x-api-key' }],
  ['hides[0]', { field: 'x-api-key', authorization: 'either', hides: ['X-User'] }],
  ['ambient', { field: 'x-api-key', authorization: 'either', ambient: 'yes' }],
  ['hide', { field: 'x-api-key', authorization: 'either', hide: [] }],
])('names the wrong member of credentialField: %s', (member, credentialField) => {
  const create = () => createTestGate({ credentialField: credentialField as never });

  expect(create).toThrow(ConfigError);
  expect(create).toThrow(`gate.credentialField.${member}`);
});

it.each(['x-api-key-2', 'authorization-token', 'x_key'])('takes %s as credentialField', (field) => {
  const credentialField = { field, authorization: 'either' } as const;

  expect(() => createTestGate({ credentialField })).not.toThrow();
});

it('refuses origins of other sites beside an ambient credential', () => {
  expect(() => createTestGate({ credentialField: ambient })).toThrow('gate.allowedOrigins');
});

it('refuses a list for strangers beside an ambient credential: they came around the front door', () => {
  const anonymous = anonymousAccess({ tools: ['whoami'] });
  const create = (credentialField: CredentialField) =>
    createTestGate({ credentialField, anonymous, allowedOrigins: [] });

  expect(() => create(ambient)).toThrow('gate.anonymous: must be absent');
  expect(() => create(apiKey)).not.toThrow();
  expect(() => createTestGate({ credentialField: ambient, allowedOrigins: [] })).not.toThrow();
});
