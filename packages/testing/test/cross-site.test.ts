/** CASE-06: no web page gets a token from the server, or makes it do anything. */
import { request as send } from 'node:http';
import { type AuthorizationServer, authorizeHeadlessly, createCookieJar } from '@sallyport/testing';
import { describe, expect, it } from 'vitest';
import {
  basic,
  buildRequest,
  machine,
  notes,
  post,
  register,
  registration,
  start,
} from './client.ts';

type Fields = Readonly<Record<string, string>>;

interface Trick {
  readonly method: string;
  readonly headers: Fields;
  readonly body: string;
}

/** Sends a request as a browser would, `Host` and `Origin` included: `fetch` forbids some of it. */
function ask(
  url: URL,
  { method, headers, body }: Trick,
): Promise<{ status: number; headers: Fields }> {
  return new Promise((resolve, reject) => {
    const outgoing = send(url, { method, headers }, (response) => {
      response.resume().on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers as Fields });
      });
    });
    outgoing.on('error', reject).end(method === 'POST' ? body : undefined);
  });
}

const json = { 'Content-Type': 'application/json' };
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** What each endpoint takes from a client. */
const bodies: Readonly<Record<string, readonly [Fields, string]>> = {
  '/register': [json, JSON.stringify(registration)],
  '/token': [{ ...form, ...basic() }, 'grant_type=client_credentials&scope=notes:write'],
  '/introspect': [{ ...form, ...basic() }, 'token=abc'],
  '/revoke': [{ ...form, ...basic() }, 'token=abc'],
  '/par': [{ ...form, ...basic() }, 'response_type=code&client_id=machine:1'],
  '/userinfo': [form, 'access_token=abc'],
  '/authorize': [form, 'response_type=code&client_id=machine:1'],
  '/interaction/abc': [form, 'decision=allow'],
};

const foreignOrigins = [
  'https://evil.example',
  'http://evil.example',
  'null',
  'file://',
  'https://localhost.evil.example',
  'http://127.0.0.1.evil.example',
  'http://localhost@evil.example',
  'http://evil.example:6274',
  'http://192.168.1.5:6274',
  'http://[::ffff:127.0.0.1]',
  'chrome-extension://abcdefgh',
  'localhost',
  'ftp://localhost',
  'ws://localhost:6274',
  'http://localhost/',
];

/** The same request in each way in which a page of another site can make it. */
const tricks: readonly (readonly [string, (trick: Trick, host: string) => Trick])[] = [
  ...foreignOrigins.map(
    (origin) =>
      [
        `from ${origin}`,
        (trick: Trick) => ({ ...trick, headers: { ...trick.headers, Origin: origin } }),
      ] as const,
  ),
  [
    'as plain text, which needs no preflight',
    (trick) => ({
      ...trick,
      headers: { ...trick.headers, 'Content-Type': 'text/plain', Origin: 'https://evil.example' },
    }),
  ],
  [
    'as a preflight',
    (trick) => ({
      ...trick,
      method: 'OPTIONS',
      headers: {
        Origin: 'https://evil.example',
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization,content-type',
        'Access-Control-Request-Private-Network': 'true',
      },
    }),
  ],
  [
    'without Origin, but said to be of another site',
    (trick) => ({ ...trick, headers: { ...trick.headers, 'Sec-Fetch-Site': 'cross-site' } }),
  ],
  [
    'by a name that was pointed here (DNS rebinding)',
    (trick) => ({ ...trick, headers: { ...trick.headers, Host: 'rebound.example' } }),
  ],
  [
    'by a name that begins like this machine',
    (trick) => ({ ...trick, headers: { ...trick.headers, Host: 'localhost.evil.example' } }),
  ],
  [
    'by a rebound name with its own origin',
    (trick) => ({
      ...trick,
      headers: { ...trick.headers, Host: 'evil.example', Origin: 'http://evil.example' },
    }),
  ],
];

describe.each(Object.keys(bodies))('CASE-06: %s', (path) => {
  it('answers no web page, by any trick', async () => {
    const server = await start();
    const [headers, body] = bodies[path] ?? [{}, ''];

    for (const [name, play] of tricks) {
      const trick = play({ method: 'POST', headers, body }, `127.0.0.1:${server.port}`);
      const answer = await ask(new URL(path, server.issuer), trick);

      expect([403, 421], `${path} ${name}`).toContain(answer.status);
      expect(answer.headers['access-control-allow-origin'], `${path} ${name}`).toBeUndefined();
    }
  });
});

it.each([undefined, 'http://localhost:6274', 'http://127.0.0.1:6274', 'http://[::1]:6274'])(
  'CASE-06: answers programs and pages of this machine: %s',
  async (origin) => {
    const server = await start();
    const headers = { ...json, ...(origin !== undefined && { Origin: origin }) };
    const body = JSON.stringify(registration);

    const answer = await ask(new URL(server.registrationUrl), { method: 'POST', headers, body });

    expect(answer.status).toBe(201);
    expect(answer.headers['access-control-allow-origin']).toBe(origin ?? '*');
  },
);

it.each(['/jwks', '/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'])(
  'CASE-06: everybody may read %s',
  async (path) => {
    const server = await start();
    const headers = { Origin: 'https://app.example' };

    const answer = await ask(new URL(path, server.issuer), { method: 'GET', headers, body: '' });

    expect(answer.status).toBe(200);
  },
);

describe('CASE-06: client credentials', () => {
  it.each([
    [['client_credentials']],
    [['authorization_code', 'client_credentials']],
    [['client_credentials', 'refresh_token']],
  ])('cannot be registered for: %j', async (grantTypes) => {
    const server = await start();

    const { status, json: answer } = await post(server.registrationUrl, {
      ...registration,
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: grantTypes,
    });

    expect(status).toBe(400);
    expect(answer['error']).toBe('invalid_client_metadata');
  });

  it('are for clients of the options, and for no client that registered with a secret', async () => {
    const server = await start();
    const request = new URLSearchParams({ grant_type: 'client_credentials' });
    const { json: registered } = await post(server.registrationUrl, {
      ...registration,
      token_endpoint_auth_method: 'client_secret_basic',
    });
    const stranger = {
      clientId: String(registered['client_id']),
      clientSecret: String(registered['client_secret']),
    };

    expect(await post(server.tokenUrl, request, basic(machine))).toMatchObject({ status: 200 });
    const refused = await post(server.tokenUrl, request, basic(stranger));
    expect(refused.status).toBe(400);
    expect(refused.json['error_description']).toMatch(/grant type/);
  });

  it.each(['jwks_uri', 'sector_identifier_uri'])('nor is %s fetched', async (member) => {
    const server = await start();
    const body = { ...registration, [member]: 'http://169.254.169.254/' };

    expect(await post(server.registrationUrl, body)).toMatchObject({ status: 400 });
  });
});

describe('CASE-06: redirect URIs', () => {
  const bad = [
    'http://evil.example/cb',
    'http://localhost.evil.example/cb',
    'http://localhost@evil.example/cb',
    'http://127.0.0.1.evil.example/cb',
    'http://127.0.0.1:80@evil.example/cb',
    'http://192.168.1.5/cb',
    'http://[::ffff:127.0.0.1]/cb',
    'https://user:pass@app.example/cb',
    'https://app.example\\@evil.example/cb',
    'https://app.example/cb#fragment',
    'java\tscript:alert(1)',
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'data:text/html,hello',
    'vbscript:x',
    'blob:https://evil.example/1',
    'file:///etc/passwd',
    'filesystem:https://evil.example/',
    'about:blank',
    'view-source:https://evil.example/',
    'ftp://evil.example/',
    'ws://localhost/',
    'mailto:ada@evil.example',
    'ms-msdt:/id',
    'intent://evil',
    'unknownapp://cb',
    '//evil.example/cb',
    '/cb',
    '',
  ];

  it.each(bad.flatMap((uri) => ['web', 'native'].map((type) => [uri, type] as const)))(
    'refuses %j of a %s application',
    async (uri, type) => {
      const server = await start();

      const { status } = await post(server.registrationUrl, {
        ...registration,
        application_type: type,
        redirect_uris: ['http://localhost:1234/callback', uri],
      });

      expect(status).toBe(400);
    },
  );

  it.each(bad)('refuses %j in the options', async (uri) => {
    await expect(start({ clients: [{ clientId: 'a', redirectUris: [uri] }] })).rejects.toThrow(
      'clients.redirectUris: must',
    );
  });

  it.each([
    'http://localhost:33418/',
    'http://127.0.0.1/callback',
    'http://[::1]:8080/callback',
    'https://vscode.dev/redirect',
    'cursor://anysphere.cursor-retrieval/oauth/callback',
    'vscode://vscode.github-authentication/did-authenticate',
    'com.example.app:/oauth2redirect',
  ])('takes %s', async (uri) => {
    const server = await start();

    const answer = await post(server.registrationUrl, { ...registration, redirect_uris: [uri] });

    expect(answer.status).toBe(201);
  });
});

/** Goes to the consent page as a browser does. */
async function openPage(
  server: AuthorizationServer,
  clientName = 'Inspector',
  changes: Fields = {},
) {
  const clientId = await register(server, { client_name: clientName });
  const { url } = buildRequest(server, { clientId, resource: notes.resource, changes });
  const cookies = createCookieJar();
  const redirect = await fetch(url, { redirect: 'manual' });
  cookies.store(url, redirect.headers.getSetCookie());
  const page = new URL(redirect.headers.get('Location') ?? '', url);
  const headers = { ...form, Cookie: cookies.headerFor(page) };
  return { page, headers };
}

describe('CASE-06: the consent page', () => {
  it.each([
    ['another site', { Origin: 'https://evil.example' }],
    ['no site that is known', { Origin: 'null' }],
    ['another port of this machine', { Origin: 'http://127.0.0.1:6274' }],
    ['another name of this machine', { Origin: 'http://localhost' }],
    ['another site, without Origin', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a neighbour, without Origin', { 'Sec-Fetch-Site': 'same-site' }],
  ])('takes no form of %s', async (_name, extra) => {
    const server = await start();
    const { page, headers } = await openPage(server);

    const answer = await ask(page, {
      method: 'POST',
      headers: { ...headers, ...(extra as Fields) },
      body: 'decision=allow&subject=developer',
    });

    expect(answer.status).toBe(403);
  });

  it('takes its own form', async () => {
    const server = await start();
    const { page, headers } = await openPage(server);
    const own = { ...headers, Origin: server.issuer, 'Sec-Fetch-Site': 'same-origin' };

    const answer = await ask(page, { method: 'POST', headers: own, body: 'decision=allow' });

    expect(answer.status).toBe(303);
  });

  it('lets browsers send the origin of its form, and no site frame it', async () => {
    const server = await start();
    const { page, headers } = await openPage(server);
    const answer = await ask(page, { method: 'GET', headers, body: '' });

    expect(answer.headers['referrer-policy']).toBe('same-origin');
    expect(answer.headers['x-frame-options']).toBe('DENY');
    expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  it.each([
    ['a change of direction', 'Inspector\u202Egpj.exe'],
    ['isolated directions', '\u2066Insp\u2067ector\u2069'],
    ['marks of direction', '\u200EInspector\u200F\u061C'],
    ['characters of no width', 'In\u200Bspec\u200Dtor\uFEFF\u2060'],
    ['invisible letters', 'Inspector\u{E0041}\u{E0042}\u3164\u00AD'],
    ['control characters', 'Insp\u0000ector\u0007\u001B[31m\u0085'],
    ['lines', 'Inspector\r\n\u2028\u2029Verified by Example'],
    ['piled marks', `Inspector${'\u0301'.repeat(50)}`],
    ['great length', `Inspector ${'very '.repeat(200)}long`],
  ])('shows a name without %s', async (_name, clientName) => {
    const server = await start();
    const { page, headers } = await openPage(server, clientName, { login_hint: clientName });
    const html = await (await fetch(page, { headers: { Cookie: headers.Cookie } })).text();

    expect(html).toContain('<title>');
    expect(html.replace(/\n/g, '')).not.toMatch(/[\p{C}\p{Default_Ignorable_Code_Point}]/u);
    expect(html).not.toMatch(/\p{M}{3}|\u2028|\u2029/u);
    expect(/<strong>(.*?)<\/strong>/s.exec(html)?.[1]?.length).toBeLessThanOrEqual(80);
  });

  it('shows the identifier when nothing is left of the name', async () => {
    const server = await start();
    const { page, headers } = await openPage(server, '\u202E\u200B');
    const html = await (await fetch(page, { headers: { Cookie: headers.Cookie } })).text();

    expect(html).toMatch(/<strong>[\w-]{10,}<\/strong>/);
  });

  it('asks a person even when consent is automatic, when a website registered itself', async () => {
    const server = await start({ consent: 'automatic' });
    const website = { redirect_uris: ['https://evil.example/cb'] };
    const clientId = await register(server, website);
    const { url } = buildRequest(server, {
      clientId,
      resource: notes.resource,
      changes: { redirect_uri: 'https://evil.example/cb' },
    });

    const answer = await authorizeHeadlessly(url, { deny: true });
    expect(answer.searchParams.get('error')).toBe('access_denied');

    const native = buildRequest(server, {
      clientId: await register(server),
      resource: notes.resource,
    });
    const allowed = await authorizeHeadlessly(native.url, { deny: true });
    expect(allowed.searchParams.get('code')).toEqual(expect.any(String));
  });

  it.each([
    ['a tunnel that writes the address', { 'X-Forwarded-For': '203.0.113.7' }],
    ['a tunnel that writes the host', { 'X-Forwarded-Host': 'abc.tunnel.example' }],
    ['a proxy that follows RFC 7239', { Forwarded: 'for=203.0.113.7' }],
    ['a content network', { 'CF-Connecting-IP': '203.0.113.7' }],
  ])('PAGE-07: asks a person even when consent is automatic, behind %s', async (_what, fields) => {
    const server = await start({ consent: 'automatic' });
    const { url } = buildRequest(server, {
      clientId: await register(server),
      resource: notes.resource,
    });
    const cookies = createCookieJar();
    const redirect = await fetch(url, { redirect: 'manual', headers: fields });
    cookies.store(url, redirect.headers.getSetCookie());
    const page = new URL(redirect.headers.get('Location') ?? '', url);
    const headers = { Cookie: cookies.headerFor(page) };

    const behind = await fetch(page, { redirect: 'manual', headers: { ...headers, ...fields } });
    const here = await fetch(page, { redirect: 'manual', headers });

    expect([behind.status, here.status]).toEqual([200, 303]);
    expect(await behind.text()).toContain('value="allow"');
  });
});
