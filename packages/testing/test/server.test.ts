import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startAuthorizationServer } from '@sallyport/testing';
import { describe, expect, it } from 'vitest';
import { introspect, notes, register, start, vault } from './client.ts';

const execute = promisify(execFile);

/** How a request ended: its status, or the code of its failure. */
async function outcomeOf(url: string, init?: RequestInit): Promise<unknown> {
  try {
    const response = await fetch(url, init);
    await response.arrayBuffer();
    return response.status;
  } catch (error) {
    const { cause, name } = error as { cause?: { code?: string }; name: string };
    return cause?.code ?? name;
  }
}

describe('metadata', () => {
  it.each(['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'])(
    'is at %s, for browsers as well',
    async (path) => {
      const server = await start();

      const response = await fetch(server.issuer + path, {
        headers: { Origin: 'https://app.example' },
      });

      expect(response.headers.get('Access-Control-Allow-Origin')).toBe('https://app.example');
      expect(await response.json()).toMatchObject({
        issuer: server.issuer,
        authorization_endpoint: server.authorizationUrl,
        token_endpoint: server.tokenUrl,
        jwks_uri: server.jwksUri,
        registration_endpoint: server.registrationUrl,
        introspection_endpoint: server.introspectionUrl,
        revocation_endpoint: server.revocationUrl,
        code_challenge_methods_supported: ['S256'],
        response_types_supported: ['code'],
        scopes_supported: ['openid', 'offline_access', 'notes:read', 'notes:write', 'vault:open'],
        authorization_response_iss_parameter_supported: true,
      });
    },
  );
});

it('lets pages of this machine use the token endpoint', async () => {
  const server = await start();
  const clientId = await register(server);
  const headers = { Origin: 'http://localhost:6274' };

  const preflight = await fetch(server.tokenUrl, {
    method: 'OPTIONS',
    headers: { ...headers, 'Access-Control-Request-Method': 'POST' },
  });
  const response = await fetch(server.tokenUrl, {
    method: 'POST',
    headers,
    body: new URLSearchParams({ grant_type: 'refresh_token', client_id: clientId }),
  });

  expect(preflight.headers.get('Access-Control-Allow-Origin')).toBe(headers.Origin);
  expect(response.headers.get('Access-Control-Allow-Origin')).toBe(headers.Origin);
});

it('publishes public keys only', async () => {
  const server = await start({ algorithm: 'RS256' });

  const response = await fetch(server.jwksUri);

  expect(await response.json()).toEqual({
    keys: [
      {
        kty: 'RSA',
        use: 'sig',
        alg: 'RS256',
        kid: expect.any(String),
        n: expect.any(String),
        e: 'AQAB',
      },
    ],
  });
});

it('can be reached from this machine only', async () => {
  const server = await start();
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal);

  for (const { address } of others) {
    expect(await outcomeOf(`http://${address}:${server.port}/jwks`)).toBe('ECONNREFUSED');
  }
});

it('does not answer to a name that is not the machine itself', async () => {
  const server = await start();
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.write('GET /jwks HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n');
    });
    socket.setEncoding('utf8').once('data', resolve);
  });

  expect(answer).toMatch(/^HTTP\/1\.1 421 /);
});

it.each([
  ['port', { port: 65_536 }],
  ['resources', { resources: [] }],
  ['resources', { resources: [notes, notes] }],
  ['resources.resource', { resources: [{ ...notes, resource: '/mcp' }] }],
  ['resources.resource', { resources: [{ ...notes, resource: 'https://a.example/#' }] }],
  ['resources.scopes', { resources: [{ ...notes, scopes: ['a b'] }] }],
  ['resources.accessTokenTtlSeconds', { resources: [{ ...notes, accessTokenTtlSeconds: 0 }] }],
  ['clients.clientId', { clients: [{ clientId: 'é' }] }],
  ['clients.clientSecret', { clients: [{ clientId: 'a', clientSecret: '' }] }],
  ['clients', { clients: [{ clientId: 'a' }, { clientId: 'a' }] }],
  ['subject', { subject: '' }],
])('refuses to start with such %s', async (option, options) => {
  await expect(startAuthorizationServer(options)).rejects.toThrow(`${option}: `);
});

it('counts the requests for each path', async () => {
  const server = await start();
  server.fault('/token', { kind: 'reset' });

  await outcomeOf(`${server.jwksUri}?again`);
  await outcomeOf(server.jwksUri);
  await outcomeOf(server.tokenUrl, { method: 'POST' });

  expect(['/jwks', '/token', '/revoke'].map(server.hits)).toEqual([2, 1, 0]);
});

describe('a fault', () => {
  it('answers something else', async () => {
    const server = await start();
    server.fault('/jwks', {
      kind: 'status',
      status: 503,
      headers: { 'Retry-After': '7' },
      body: 'busy',
    });

    const response = await fetch(server.jwksUri);

    expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '7']);
    expect(await response.text()).toBe('busy');
  });

  it('answers late', async () => {
    const server = await start();
    server.fault('/jwks', { kind: 'delay', milliseconds: 80 });
    const startedAt = performance.now();

    expect(await outcomeOf(server.jwksUri)).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThan(75);
  });

  it('never answers', async () => {
    const server = await start();
    server.fault('/jwks', { kind: 'hang' });

    expect(await outcomeOf(server.jwksUri, { signal: AbortSignal.timeout(60) })).toBe(
      'TimeoutError',
    );
  });

  it('closes the connection at once', async () => {
    const server = await start();
    server.fault('/jwks', { kind: 'reset' });

    expect(await outcomeOf(server.jwksUri)).toBe('UND_ERR_SOCKET');
  });

  it.each([0, 20])('closes the connection after %i bytes', async (afterBytes) => {
    const server = await start();
    server.fault('/jwks', { kind: 'cut', afterBytes });

    const response = await fetch(server.jwksUri);
    const received: Uint8Array[] = [];
    const reading = (async () => {
      for await (const chunk of response.body ?? []) received.push(chunk);
    })();

    await expect(reading).rejects.toThrow('terminated');
    expect(response.status).toBe(200);
    expect(Buffer.concat(received)).toHaveLength(afterBytes);
  });

  it('ends', async () => {
    const server = await start();
    server.fault('/jwks', { kind: 'hang' });
    server.clearFaults();

    expect(await outcomeOf(server.jwksUri)).toBe(200);
  });
});

it('goes away and comes back, with everything it knows', async () => {
  const server = await start();
  const token = await server.issueToken({ scopes: [], resource: vault.resource });

  await server.pause();
  const meanwhile = await outcomeOf(server.jwksUri);
  await server.resume();

  expect(meanwhile).toBe('ECONNREFUSED');
  expect(await introspect(server, token)).toMatchObject({ active: true, iss: server.issuer });
});

it('can be started again at the same port', async () => {
  const first = await start();
  await first.stop();

  const second = await start({ port: first.port });

  expect(second.issuer).toBe(first.issuer);
});

it('says so when the port is taken', async () => {
  const first = await start();

  await expect(start({ port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

it('knows nothing of a second server', async () => {
  const [one, other] = [await start(), await start()];
  const clientId = await register(one);
  const token = await one.issueToken({ scopes: [], resource: vault.resource });

  expect(await introspect(other, token)).toEqual({ active: false });
  const answer = await fetch(`${other.authorizationUrl}?client_id=${clientId}`);
  expect(await answer.text()).toContain('invalid_client');
});

it('stops although requests hang or are late, more than once', async () => {
  const server = await start();
  server.fault('/jwks', { kind: 'hang' });
  server.fault('/token', { kind: 'delay', milliseconds: 60_000 });
  const pending = Promise.all([outcomeOf(server.jwksUri), outcomeOf(server.tokenUrl)]);
  while (server.hits('/token') === 0) await new Promise(setImmediate);

  await server.stop();
  await server.stop();

  expect(await pending).toEqual(['UND_ERR_SOCKET', 'UND_ERR_SOCKET']);
});

it('prints nothing, and leaves nothing behind that keeps the process alive', async () => {
  const script = fileURLToPath(new URL('./quiet.ts', import.meta.url));

  // Node 22 has a warning about TypeScript.
  const flags = [...process.execArgv, '--disable-warning=ExperimentalWarning', script];
  const output = await execute(process.execPath, flags, { timeout: 20_000 });

  // On releases of Node that it does not know yet, oidc-provider says so, whoever imports it.
  const stderr = output.stderr.replace(/^oidc-provider WARNING: Unsupported runtime.*\n/, '');
  expect({ ...output, stderr }).toEqual({ stdout: '', stderr: '' });
});
