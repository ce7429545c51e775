import { once } from 'node:events';
import { createServer } from 'node:http';
import { type ClientHttp2Session, connect } from 'node:http2';
import { createLandingPage } from '@sallyport/landing-page';
import { anonymousAccess } from '@sallyport/mcp-adapter/anonymous';
import { composeGate } from '@sallyport/protect';
import { protect as protectExpress } from '@sallyport/protect/express';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlaces } from '../src/request/places.ts';
import { isStranger } from '../src/request/stranger.ts';
import { varyByAccept } from '../src/request/vary.ts';
import { askAsIs, type Seen, type Sent } from './ask-as-is.ts';
import {
  goodToken,
  hosts,
  issuer,
  listening,
  type ProtectedServer,
  resource,
  settingsFor,
  start,
} from './protected-servers.ts';

const browserAccept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

async function askHttp2(session: ClientHttp2Session, sent: Sent): Promise<Seen> {
  const { method = 'GET', path = '/mcp', headers = {} } = sent;
  const stream = session.request({ ':method': method, ':path': path, ...headers });
  stream.end();
  const [answered] = await once(stream, 'response');
  let body = '';
  for await (const chunk of stream) body += chunk;
  return { status: answered[':status'], headers: answered, body };
}

describe.each(Object.keys(hosts))('on %s, a server with a landing page', (host) => {
  let server: ProtectedServer;
  let session: ClientHttp2Session | undefined;
  beforeAll(async () => {
    server = await start(
      host,
      settingsFor({ resourceName: 'Field notes', landingPage: createLandingPage() }),
    );
    if (host.endsWith('HTTP/2')) session = connect(server.origin);
  });
  afterAll(async () => {
    session?.close();
    await server?.close();
  });
  const look = (sent: Sent) =>
    session === undefined ? askAsIs(server.origin, sent) : askHttp2(session, sent);

  it.each(['/', '/mcp', '/mcp/'])('PAGE-01: shows a browser the page at %s', async (path) => {
    const { status, headers, body } = await look({ path, headers: { accept: browserAccept } });

    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['vary']).toBe('Accept');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'self'; script-src 'self';/,
    );
    expect(body).toContain('<h1 dir="auto">Field notes</h1>');
    for (const fact of [resource, issuer, 'notes:read']) expect(body).toContain(fact);
  });

  it('answers HEAD with the same header fields and no body', async () => {
    const headers = { accept: browserAccept };
    const [get, head] = [await look({ headers }), await look({ method: 'HEAD', headers })];

    expect([head.status, head.body]).toEqual([200, '']);
    expect(head.headers['content-security-policy']).toBe(get.headers['content-security-policy']);
  });

  it.each([
    ['no Accept', {}],
    ['any type', { accept: '*/*' }],
    ['an event stream', { accept: 'text/event-stream' }],
    ['JSON and an event stream', { accept: 'application/json, text/event-stream' }],
    ['HTML no more than JSON', { accept: 'application/json, text/html' }],
    ['a session', { accept: browserAccept, 'mcp-session-id': 'a' }],
    ['a token of its own', { accept: browserAccept, authorization: 'Bearer an-unknown-token' }],
  ])('PAGE-01: challenges a client that sends %s', async (_what, headers) => {
    const { status, headers: answered } = await look({ headers });

    expect(status).toBe(401);
    expect(answered['www-authenticate']).toContain('resource_metadata=');
    expect(answered['vary']).toContain('Accept');
  });

  it('serves the icon, and the assets of the page, which browsers keep', async () => {
    const page = await look({ headers: { accept: browserAccept } });
    const links = [...page.body.matchAll(/(?:href|src)="(\?[^"]+)"/g)].map(([, query]) => query);
    const icon = await look({ path: '/favicon.ico', headers: { accept: 'image/*,*/*;q=0.8' } });

    expect(links).toHaveLength(3);
    expect([icon.status, icon.headers['content-type']]).toEqual([200, 'image/svg+xml']);
    for (const path of ['/', '/mcp']) {
      for (const query of links) {
        const { status, headers, body } = await look({ path: `${path}${query}` });
        expect([status, headers['x-content-type-options']]).toEqual([200, 'nosniff']);
        expect(headers['cache-control']).toBe('private, max-age=31536000');
        expect(body.length).toBeGreaterThan(100);
      }
    }
  });

  it('hands a request with a good token to the application', async () => {
    const headers = { accept: browserAccept, authorization: `Bearer ${goodToken}` };

    expect((await look({ headers })).body).toBe('behind the gate');
  });

  it('refuses strangers at other addresses', async () => {
    const { status } = await look({ path: '/other', headers: { accept: browserAccept } });

    expect(status).toBe(401);
  });
});

describe('MCP-22: a server with tools for everybody', () => {
  it('shows a browser the page, also at /', async () => {
    const anonymous = anonymousAccess({ tools: ['search'] });
    const server = await start(
      Object.keys(hosts)[0] as string,
      settingsFor({ anonymous, landingPage: createLandingPage() }),
    );
    for (const path of ['/', '/mcp']) {
      const { status, headers } = await askAsIs(server.origin, {
        path,
        headers: { accept: browserAccept },
      });
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    }
    await server.close();
  });
});

describe('the application', () => {
  it('PAGE-03: keeps its own page at / where it is open to everybody', async () => {
    const app = express();
    const gated = await protectExpress({
      ...settingsFor({ landingPage: createLandingPage() }),
      openPaths: ['/'],
    });
    app.use(gated).get('/', (_request, response) => void response.send('home'));
    const server = await listening(createServer(app), gated.close);
    const { body } = await askAsIs(server.origin, {
      path: '/',
      headers: { accept: browserAccept },
    });
    await server.close();

    expect(body).toBe('home');
  });

  it('PAGE-03: keeps its own page at / where the gate lets everybody in', async () => {
    const { developmentTokens: _tokens, ...settings } = settingsFor({
      landingPage: createLandingPage(),
    }) as unknown as Record<string, unknown>;
    const server = await start('express', {
      ...settings,
      dangerouslyOmitAuthentication: true,
    } as never);
    const headers = { accept: browserAccept };
    const [first, second] = [
      await askAsIs(server.origin, { path: '/', headers }),
      await askAsIs(server.origin, { path: '/', headers }),
    ];
    const head = await askAsIs(server.origin, { path: '/', method: 'HEAD', headers });
    await server.close();

    expect([first.body, second.body, head.status]).toEqual([
      'behind the gate',
      'behind the gate',
      405,
    ]);
  });
});

describe('the page', () => {
  async function read(
    changes: Parameters<typeof settingsFor>[0],
    serverName?: string,
  ): Promise<string> {
    const options = serverName === undefined ? {} : { serverName };
    const server = await start(
      'fetch',
      settingsFor({ ...changes, landingPage: createLandingPage(options) }),
    );
    const { body } = await askAsIs(server.origin, { headers: { accept: browserAccept } });
    await server.close();
    return body;
  }

  it('PAGE-02: says nothing that the public metadata does not say, and nothing of the request', async () => {
    const server = await start(
      'node',
      settingsFor({ resourceName: 'Field notes', landingPage: createLandingPage() }),
    );
    const headers = {
      accept: browserAccept,
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
    };
    const { body } = await askAsIs(server.origin, { path: '/mcp?evil-parameter', headers });
    await server.close();

    for (const secret of ['evil', 'sallyport', 'write_note', 'notes:write', goodToken]) {
      expect(body).not.toContain(secret);
    }
  });

  it('PAGE-02: cannot be changed by a name', async () => {
    const body = await read({ resourceName: '</title><script>alert(1)</script>"\'&\u202E\u200B' });

    expect(body).not.toContain('<script>');
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;</h1>');
  });

  it.each([
    ['a name', { resourceName: 'Ada’s Field Notes' }, undefined, 'ada-s-field-notes'],
    ['a name without Latin letters', { resourceName: 'ملاحظات' }, undefined, 'notes'],
    ['the option', { resourceName: 'Field notes' }, 'my_notes', 'my_notes'],
  ])('calls the server by %s in lines to paste', async (_what, changes, option, expected) => {
    const body = await read(changes, option);

    expect(body).toContain(`claude mcp add --transport http ${expected} ${resource}`);
    expect(body).toContain(`codex mcp add ${expected} --url ${resource}`);
    expect(body).toContain(`gemini mcp add --transport http ${expected} ${resource}`);
    const link = /href="(vscode:mcp\/install\?[^"]+)"/.exec(body)?.[1] ?? '';
    expect(JSON.parse(decodeURIComponent(link.slice(link.indexOf('?') + 1)))).toEqual({
      name: expected,
      type: 'http',
      url: resource,
    });
    const cursor = new URL(
      (/href="(cursor:[^"]+)"/.exec(body)?.[1] ?? '').replaceAll('&amp;', '&'),
    );
    expect(JSON.parse(atob(cursor.searchParams.get('config') ?? ''))).toEqual({ url: resource });
  });

  it('calls it server where neither its name nor its host says more', async () => {
    const body = await read({ resource: 'https://mcp/mcp', resourceName: '' });

    expect(body).toContain('claude mcp add --transport http server https://mcp/mcp');
  });

  it('has no line about scopes where no app has to ask for one', async () => {
    const body = await read({ tools: { read_note: [] } });

    expect(body).toContain('You sign in at');
    expect(body).not.toContain('Apps ask for');
  });

  it('writes an address so that a shell reads it as one word', async () => {
    const odd = "https://notes.example.com/it's;$(id)/mcp";
    const body = await read({ resource: odd });

    expect(body).toContain(
      'curl -i &#39;https://notes.example.com/it&#39;\\&#39;&#39;s;$(id)/mcp&#39;',
    );
  });

  it('offers no client of the cloud for an address on this machine', async () => {
    const body = await read({ resource: 'http://localhost:8000/mcp' });

    expect(body).not.toMatch(/claude\.ai|chatgpt\.com/);
    expect(body).toContain('cannot reach an address on this machine');
  });
});

it.each([
  [{ serverName: 'two words' }, /serverName/],
  [{ serverNames: 'notes' }, /serverName/],
])('refuses the options %j', (options, message) => {
  expect(() => createLandingPage(options as never)).toThrow(message);
});

it('says once that answers vary by Accept, beside what else they vary by', () => {
  const varyOf = (headers: Record<string, string>) =>
    varyByAccept({ status: 200, headers, body: '' }).headers;

  expect(varyOf({})).toEqual({ Vary: 'Accept' });
  expect(varyOf({ vary: 'Origin' })).toEqual({ vary: 'Origin, Accept' });
  for (const vary of ['accept', 'Origin,Accept', '*']) expect(varyOf({ vary })).toEqual({ vary });
});

it('finds the endpoint at the top, where the resource has no path', () => {
  expect(createPlaces('/.well-known/oauth-protected-resource')('/')).toBe('endpoint');
  expect(createPlaces('/.well-known/oauth-protected-resource/mcp')('/')).toBe('top');
});

it('leaves a request without a host or with a body to the gate', () => {
  const look = { method: 'GET', target: '/mcp', host: 'notes.example.com', field: () => [] };

  expect(isStranger(look as never)).toBe(true);
  expect(isStranger({ ...look, host: undefined } as never)).toBe(false);
  expect(isStranger({ ...look, hasBody: true } as never)).toBe(false);
});

it('leaves every other part of the gate as it is', async () => {
  const { gate, close } = await composeGate(settingsFor());
  const { handle, ...others } = createLandingPage()(gate);
  await close();

  expect(others).toEqual(
    Object.fromEntries(Object.entries(gate).filter(([name]) => name !== 'handle')),
  );
  expect(handle).not.toBe(gate.handle);
});
