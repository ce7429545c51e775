import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { elsewhere, expired, trusted } from '@sallyport/test-parts/certificates';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readNetworkFault } from '../src/diagnosis/network-faults.ts';
import { listSecretSteps } from '../src/doctor/inside/secret-steps.ts';
import { command, program, settings } from './command.ts';
import { type GatedServer, listen, startGatedServer } from './gated-server.ts';

let server: GatedServer;
beforeAll(async () => {
  server = await startGatedServer();
});
afterAll(() => server.close());

const inside = (changes: Readonly<Record<string, string>>) => ({
  ...server.variables,
  ...settings(changes),
});
const keys = JSON.stringify({ keys: [] });

async function serve(listener: RequestListener): Promise<string> {
  const { port, close } = await listen(listener);
  onTestFinished(close);
  return `http://127.0.0.1:${port}/jwks`;
}

async function serveTls(certificate: { cert: string; key: string }): Promise<string> {
  const https = createTlsServer(certificate, (_request, response) => void response.end(keys));
  https.listen(0, '127.0.0.1');
  await once(https, 'listening');
  onTestFinished(() => {
    https.closeAllConnections();
    https.close();
  });
  return `https://localhost:${(https.address() as AddressInfo).port}/jwks`;
}

/** Accepts connections. By default it never answers. */
async function serveSockets(onRequest: (socket: Socket) => void = () => {}): Promise<string> {
  const sockets = new Set<Socket>();
  const tcp = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).once('data', () => onRequest(socket));
  }).listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    tcp.close();
  });
  return `http://127.0.0.1:${(tcp.address() as AddressInfo).port}/jwks`;
}

async function closedAddress(): Promise<string> {
  const { port, close } = await listen(() => {});
  close();
  return `http://127.0.0.1:${port}/jwks`;
}

type Row = [
  name: string,
  address: () => Promise<string>,
  step: string,
  owner: string,
  cure: RegExp,
  trustedAuthority?: string,
];

const networkFaults: Row[] = [
  [
    'a host that DNS does not know',
    async () => 'https://keys.nowhere.invalid/jwks',
    'DNS',
    '',
    /keys\.nowhere\.invalid/,
  ],
  ['a refused connection', closedAddress, 'connection', 'the identity provider', /Nothing listens/],
  [
    'an expired certificate',
    () => serveTls(expired),
    'TLS',
    'the identity provider',
    /Renew the certificate/,
    expired.cert,
  ],
  [
    'a certificate of an unknown authority',
    () => serveTls(trusted),
    'TLS',
    'this server',
    /NODE_EXTRA_CA_CERTS/,
  ],
  [
    'a certificate for another name',
    () => serveTls(elsewhere),
    'TLS',
    'the identity provider',
    /host name/,
    elsewhere.cert,
  ],
  ['a server that does not answer', serveSockets, 'connection', 'the network', /firewall/],
  [
    'a connection that is reset',
    () => serveSockets((socket) => void socket.resetAndDestroy()),
    'connection',
    'the network',
    /closes the connection/,
  ],
  [
    'a port that speaks TLS, asked with http',
    async () => (await serveTls(trusted)).replace('https', 'http'),
    'connection',
    'the network',
    /write https in FASTMCP_SERVER_AUTH_JWT_JWKS_URI/,
  ],
  [
    'a port that speaks http, asked with https',
    async () => (await serve((_request, response) => void response.end())).replace('http', 'https'),
    'TLS',
    'the network',
    /Correct the port in FASTMCP_SERVER_AUTH_JWT_JWKS_URI/,
  ],
  [
    'a port that HTTP clients refuse',
    async () => 'http://127.0.0.1:10080/jwks',
    'address',
    'this server',
    /another port than 10080/,
  ],
  [
    'an answer that ends too early',
    () =>
      serve((_request, response) => {
        response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 500 });
        response.write('{"keys":[', () => response.destroy());
      }),
    'answer',
    'the network',
    /begins to answer/,
  ],
  [
    'an answer that is too large',
    () =>
      serve((_request, response) => {
        response.setHeader('Content-Type', 'application/json').end(' '.repeat(300_000));
      }),
    'answer',
    'the identity provider',
    /not a JWK set/,
  ],
  [
    'a redirect',
    () =>
      serve(
        (_request, response) =>
          void response.writeHead(302, { Location: 'https://id.acme-corp.dev/keys' }).end(),
      ),
    'answer',
    'this server',
    /where the redirect ends/,
  ],
  [
    'a page in place of keys',
    () =>
      serve(
        (_request, response) => void response.setHeader('Content-Type', 'text/html').end('<html>'),
      ),
    'answer',
    'this server',
    /jwks_uri/,
  ],
  [
    'a clock that differs',
    () =>
      serve((_request, response) => {
        response.setHeader('Date', new Date(Date.now() + 300_000).toUTCString());
        response.setHeader('Content-Type', 'application/json').end(keys);
      }),
    'clock',
    'this server',
    /NTP/,
  ],
];

describe('from inside', () => {
  it.each(networkFaults)('CASE-38, CASE-44: doctor names %s', async (...row: Row) => {
    const [, address, step, owner, cure, authority] = row;
    const variables = inside({ JWT_JWKS_URI: await address() });
    const file = join(mkdtempSync(join(tmpdir(), 'doctor-')), 'authority.pem');
    if (authority !== undefined) writeFileSync(file, authority);
    const { code, output } =
      authority === undefined
        ? await command(['doctor', '--json'], { variables })
        : await program(['doctor', '--json'], {
            variables: { ...variables, NODE_EXTRA_CA_CERTS: file },
          });
    const answer = JSON.parse(output);

    expect(answer).toMatchObject({ ok: false, firstBroken: step });
    if (owner !== '') expect(answer.owner).toBe(owner);
    expect(answer.cure).toMatch(cure);
    expect(code).toBe(1);
  });

  it.each([
    ['DNS: the host name does not exist (ENOTFOUND)', 'this server'],
    ['DNS: the resolver does not answer (EAI_AGAIN)', 'the network'],
    ['keys: HTTP 503', 'the identity provider'],
    ['keys: the proxy refused the connection', 'the network'],
    ['introspection: no answer within 10000 ms', 'the network'],
    ['keys: no usable key: 1 too weak', 'the identity provider'],
    ['the address 10.0.0.1 is a private address', 'this server'],
  ])('knows whose "%s" is', (detail, owner) => {
    const address = { url: 'https://id.acme-corp.dev/jwks', variable: 'JWKS' };

    expect(readNetworkFault(detail, address).owner).toBe(owner);
  });

  it('passes where everything is in order', async () => {
    const { code, output, errors } = await command(['doctor'], { variables: server.variables });

    expect(errors).toMatch(/^(?:Asking the servers \.\.\.\n)?$/);
    expect(output).toMatch(/✓ clock +the same/);
    expect(output).toMatch(/✓ keys +1 of 1 usable for ES256/);
    expect(output).toMatch(/✓ discovery +the metadata names this issuer/);
    expect(code).toBe(0);
  });

  it('says of each key whether it is usable, and why not', async () => {
    const [key] = (
      (await (await fetch(server.authorizationServer.jwksUri)).json()) as { keys: object[] }
    ).keys;
    const weak = { kty: 'RSA', kid: 'small', n: 'AQAB', e: 'AQAB' };
    const secret = { kty: 'oct', kid: 'shared', k: 'AAAA' };
    const url = await serve((_request, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(
        JSON.stringify({ keys: [key, weak, secret, { ...key, kid: 'no-use', use: 'enc' }] }),
      );
    });
    const { output } = await command(['doctor'], { variables: inside({ JWT_JWKS_URI: url }) });

    expect(output).toMatch(/keys +1 of 4 usable/);
    expect(output).toMatch(/RSA small; not used: unsupported/);
    expect(output).toMatch(/! key +oct shared; not used: symmetric[\s\S]*Withdraw this key/);
    expect(output).toMatch(/no-use; not used: not for signatures/);
  });

  it.each([
    [
      'an issuer that the metadata does not name',
      { JWT_ISSUER: 'ISSUER/' },
      'discovery',
      /JWT_ISSUER to exactly/,
    ],
    ['an algorithm that no key has', { JWT_ALGORITHM: 'RS256' }, 'keys', /Publish a key for RS256/],
  ])('names %s', async (_name, changes, step, cure) => {
    const { issuer } = server.authorizationServer;
    const given = Object.fromEntries(
      Object.entries(changes).map(([name, value]) => [name, value.replace('ISSUER', issuer)]),
    );
    const { output } = await command(['doctor', '--json'], { variables: inside(given) });

    expect(JSON.parse(output)).toMatchObject({ firstBroken: step });
    expect(JSON.parse(output).cure).toMatch(cure);
  });

  it.each([
    ['good credentials', 'vN4xQ8sT2bW7kY5zR9mJ6cF3', undefined],
    ['refused credentials', 'wT9xQ8sT2bW7kY5zR9mJ6cF4', 'credentials'],
  ])('tries introspection with %s', async (_name, secret, broken) => {
    const { output } = await command(['doctor', '--json'], {
      variables: settings({
        TYPE: 'introspection',
        RESOURCE_URL: server.url,
        INTROSPECTION_URL: server.authorizationServer.introspectionUrl,
        INTROSPECTION_CLIENT_ID: 'notes',
        INTROSPECTION_CLIENT_SECRET: secret,
        AUTHORIZATION_SERVERS: server.authorizationServer.issuer,
      }),
    });

    expect(JSON.parse(output).firstBroken).toBe(broken);
    expect(output).not.toContain(secret);
  });

  it.each([
    ['a good secret', 'vN4xQ8sT2bW7kY5zR9mJ6cF3', '/token', undefined, /refuses an unknown code/],
    [
      'a refused secret',
      'wT9xQ8sT2bW7kY5zR9mJ6cF4',
      '/token',
      'sign-in',
      /refuses this server as a client/,
    ],
    ['a wrong address', 'vN4xQ8sT2bW7kY5zR9mJ6cF3', '/jwks', 'sign-in', /HTTP 404/],
  ])('tries the sign-in at this server with %s', async (_name, secret, path, broken, summary) => {
    const { issuer } = server.authorizationServer;
    const { output } = await command(['doctor', '--json'], {
      variables: inside({
        SIGN_IN_CLIENT_ID: 'notes',
        SIGN_IN_CLIENT_SECRET: secret,
        SIGN_IN_URL: `${issuer}/authorize`,
        SIGN_IN_TOKEN_URL: issuer + path,
        SIGN_IN_KEY: 'Jx4mQ0vT9sLr2WbN7cYhKd6fGpZa1EuX8oRiVt3M',
      }),
    });

    expect(JSON.parse(output).firstBroken).toBe(broken);
    expect(output).toMatch(summary);
    expect(output).not.toContain(secret);
  });

  it('SEC-01: names a secret that cannot be read, with the exact command that grants access', () => {
    const remedy =
      'gcloud secrets add-iam-policy-binding jwt-issuer --project=acme-notes-123456 --member=serviceAccount:notes@acme-notes-123456.iam.gserviceaccount.com --role=roles/secretmanager.secretAccessor';
    const [step] = listSecretSteps({
      config: undefined,
      problems: [{ problem: 'is missing', isOutage: false }],
      unread: new Map(),
      events: [{ type: 'secret_access_denied', name: 'jwt-issuer', remedy }],
    });

    expect(step).toMatchObject({
      name: 'secret jwt-issuer',
      state: 'failed',
      owner: 'this server',
    });
    expect(step?.cure).toBe(`Run this command: ${remedy}`);
  });

  it('names a Redis that is not there', async () => {
    // The address of a Redis is a secret, so it must be unlike those of the other servers.
    const { port } = new URL(await closedAddress());
    const url = `redis://[::1]:${port}`;
    const { output } = await command(['doctor', '--json'], {
      variables: inside({ RATE_LIMIT_REDIS_URL: url }),
    });

    expect(JSON.parse(output)).toMatchObject({ firstBroken: 'Redis', owner: 'the network' });
  });

  it.each<[string, string | undefined, string | undefined, RegExp]>([
    ['a list', '{"version":1,"denied":[]}', undefined, /can be read, and denies 0/],
    ['no list', undefined, 'this server', /sallyport denied --create/],
    ['a damaged list', '{', 'this server', /Correct the list/],
  ])('DEN-01: tries the denial list: %s', async (_name, text, owner, said) => {
    const path = join(mkdtempSync(join(tmpdir(), 'denied-')), 'denied.json');
    if (text !== undefined) writeFileSync(path, text);
    const variables = inside({ DENIAL_LIST: path });
    const { output } = await command(['doctor', '--json'], { variables });

    expect(output).toMatch(said);
    expect(JSON.parse(output).owner).toBe(owner);
    expect(JSON.parse(output).firstBroken).toBe(owner && 'list');
  });

  it('DEN-01: names a Redis with the denial list that is not there', async () => {
    const { port } = new URL(await closedAddress());
    const variables = inside({ DENIAL_LIST: `redis://[::1]:${port}` });
    const { output } = await command(['doctor', '--json'], { variables });

    expect(JSON.parse(output)).toMatchObject({ firstBroken: 'list', owner: 'the network' });
  });

  it('CLM-12: looks at each issuer, and names the entry that is wrong', async () => {
    const { issuer, jwksUri } = server.authorizationServer;
    const algorithm = 'ES256';
    const away = await closedAddress();
    const entries = [
      { issuer, algorithm, jwks_uri: jwksUri },
      { issuer: 'https://id.nowhere.invalid', algorithm, jwks_uri: away },
    ];
    const variables: Record<string, string> = inside({ JWT_ISSUERS: JSON.stringify(entries) });
    for (const name of ['ISSUER', 'JWKS_URI']) delete variables[`FASTMCP_SERVER_AUTH_JWT_${name}`];
    const { output } = await command(['doctor', '--json'], { variables });
    const { sections, ...answer } = JSON.parse(output);

    expect(sections.map(({ title }: { title: string }) => title)).toEqual([
      'Settings',
      `Identity provider ${issuer}`,
      'Identity provider https://id.nowhere.invalid',
    ]);
    expect(answer).toMatchObject({ firstBroken: 'connection', owner: 'the identity provider' });
    expect(output).toContain('FASTMCP_SERVER_AUTH_JWT_ISSUERS[1].jwks_uri');
  });

  it('lists every problem of the settings', async () => {
    const { code, output } = await command(['doctor', '--json'], {
      variables: inside({ JWT_ALGORITHM: 'RS257', JWT_CLOCK_SKEW: '900' }),
    });

    expect(JSON.parse(output).sections[0].steps).toHaveLength(2);
    expect(code).toBe(78);
  });
});

describe('from outside', () => {
  const names = [
    'Claude',
    'Claude Code',
    'Codex',
    'ChatGPT',
    'VS Code',
    'Cursor',
    'Gemini CLI',
    'Inspector',
  ];

  it('says what a client meets, and has a verdict for each client', async () => {
    const { code, output } = await program(['doctor', server.url]);

    for (const step of [
      'challenge',
      'metadata',
      'resource',
      'CORS',
      'issuer',
      'S256',
      'iss',
      'registration',
    ]) {
      expect(output).toMatch(new RegExp(`✓ ${step} `));
    }
    expect(output).toMatch(/! Claude +no: it connects from the Internet/);
    expect(output).toMatch(/✓ Claude Code +signs in, and registers by itself/);
    expect(output).toMatch(/✓ Inspector +signs in/);
    expect(code).toBe(0);
  });

  it('MCP-22: sees the gate of a server that has tools for everybody', async () => {
    const mixed = await startGatedServer({
      ANONYMOUS_TOOLS: 'search',
      ANONYMOUS_CHALLENGE: 'tool-result',
    });
    onTestFinished(() => mixed.close());
    const answer = JSON.parse((await command(['doctor', '--json', mixed.url])).output);
    const ordinary = JSON.parse((await command(['doctor', '--json', server.url])).output);

    expect([answer.ok, answer.firstBroken]).toEqual([ordinary.ok, ordinary.firstBroken]);
    expect(JSON.stringify(answer)).toContain('401, and leads to the metadata');
  });

  it('says the same as JSON', async () => {
    const { output } = await command(['doctor', server.url, '--json']);
    const [, , clients] = JSON.parse(output).sections;

    expect(clients.steps.map(({ name }: { name: string }) => name)).toEqual(names);
  });

  let away: string;
  beforeAll(async () => {
    away = (await closedAddress()).replace('/jwks', '');
  });
  const json = { 'Content-Type': 'application/json' };
  const outsideFaults: readonly (readonly [
    name: string,
    listener: RequestListener,
    step: string,
    cure: RegExp,
  ])[] = [
    [
      'a server without a gate',
      (_request, response) => void response.end('{}'),
      'challenge',
      /Put the gate in front/,
    ],
    [
      'IAM in front of the gate',
      (_request, response) => void response.writeHead(403).end(),
      'challenge',
      /--no-invoker-iam-check/,
    ],
    [
      'a path without a server',
      (_request, response) => void response.writeHead(404).end(),
      'challenge',
      /Add the path/,
    ],
    [
      'a challenge that leads nowhere',
      (_request, response) => void response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end(),
      'challenge',
      /resource_metadata/,
    ],
    [
      'metadata for another URL',
      (request, response) => {
        const host = `http://${request.headers.host}`;
        const field = `Bearer resource_metadata="${host}/.well-known/oauth-protected-resource/mcp"`;
        if (request.method === 'POST')
          return void response.writeHead(401, { 'WWW-Authenticate': field }).end();
        response.writeHead(200, json).end(
          JSON.stringify({
            resource: `${host}/mcp/`,
            authorization_servers: [server.authorizationServer.issuer],
          }),
        );
      },
      'resource',
      /RESOURCE_URL/,
    ],
    [
      'an authorization server that is away',
      (request, response) => {
        const host = `http://${request.headers.host}`;
        const field = `Bearer resource_metadata="${host}/.well-known/oauth-protected-resource/mcp"`;
        if (request.method === 'POST')
          return void response.writeHead(401, { 'WWW-Authenticate': field }).end();
        response
          .writeHead(200, json)
          .end(JSON.stringify({ resource: `${host}/mcp`, authorization_servers: [away] }));
      },
      'connection',
      /Nothing listens/,
    ],
  ];

  it.each(outsideFaults)('names %s', async (_name, listener, step, cure) => {
    const url = (await serve(listener)).replace('/jwks', '/mcp');
    const { code, output } = await command(['doctor', url, '--json']);

    expect(JSON.parse(output)).toMatchObject({ ok: false, firstBroken: step });
    expect(JSON.parse(output).cure).toMatch(cure);
    expect(code).toBe(1);
  });

  it('KEY-01: a server of API keys alone names no authorization server, and that is no fault', async () => {
    const url = (
      await serve((request, response) => {
        const host = `http://${request.headers.host}`;
        const field = `Bearer resource_metadata="${host}/.well-known/oauth-protected-resource/mcp"`;
        if (request.method === 'POST')
          return void response.writeHead(401, { 'WWW-Authenticate': field }).end();
        response
          .writeHead(200, { 'Content-Type': 'application/json' })
          .end(JSON.stringify({ resource: `${host}/mcp` }));
      })
    ).replace('/jwks', '/mcp');
    const { code, output } = await command(['doctor', url]);

    expect(output).toMatch(/! sign-in +the metadata names no authorization server/);
    expect(code).toBe(0);
  });

  it('refuses what is not the URL of an endpoint', async () => {
    const { code, errors } = await command(['doctor', 'notes.acme-corp.dev']);

    expect(errors).toMatch(/as a URL/);
    expect(code).toBe(2);
  });
});
