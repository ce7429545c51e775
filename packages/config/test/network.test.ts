/** CASE-44 and INT-21: the way to an authorization server in a private network or behind a proxy. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { load, opaque, openGate, prefix, problemsOf } from './set-up.ts';

describe('ALLOW_PRIVATE_NETWORK', () => {
  it.each([
    ['JWT_JWKS_URI', { JWT_JWKS_URI: 'https://10.1.2.3/jwks' }],
    ['INTROSPECTION_URL', { ...opaque, INTROSPECTION_URL: 'https://10.1.2.3/introspect' }],
  ])(
    'CASE-44: opens private addresses of %s, and is named where they are refused',
    async (name, changes) => {
      expect(await problemsOf(changes)).toEqual([
        expect.stringMatching(
          new RegExp(`^${name}: .*private address. ${prefix}ALLOW_PRIVATE_NETWORK=true`),
        ),
      ]);
      const config = await load({ ...changes, ALLOW_PRIVATE_NETWORK: 'true' });
      expect(config.network.allowPrivateNetwork).toBe(true);
      expect(config.warnings).toContainEqual(
        expect.stringContaining('ALLOW_PRIVATE_NETWORK: is true'),
      );
    },
  );

  it.each([
    'https://169.254.169.254/jwks',
    'https://[fd20:ce::254]/jwks',
    'https://metadata.google.internal/jwks',
    'https://127.0.0.1/jwks',
  ])('CASE-09: does not open %s', async (url) => {
    expect(await problemsOf({ JWT_JWKS_URI: url, ALLOW_PRIVATE_NETWORK: 'true' })).not.toEqual([]);
  });

  it('CASE-44: reaches presets of servers that people run themselves, and no hosted one', async () => {
    const keycloak = {
      JWT_JWKS_URI: undefined,
      JWT_ISSUER: undefined,
      JWT_PROVIDER: 'keycloak',
      JWT_TENANT: 'https://10.1.2.3/realms/acme',
    };

    expect(await problemsOf(keycloak)).not.toEqual([]);
    await load({ ...keycloak, ALLOW_PRIVATE_NETWORK: 'true' });
    const { warnings } = await load({
      JWT_JWKS_URI: undefined,
      JWT_ISSUER: undefined,
      JWT_PROVIDER: 'auth0',
      JWT_TENANT: 'acme.eu.auth0.com',
      ALLOW_PRIVATE_NETWORK: 'true',
    });
    expect(warnings.filter((text) => text.includes('ALLOW_PRIVATE_NETWORK'))).toEqual([
      expect.stringContaining('has no effect'),
    ]);
  });

  it.each(['yes', '1', 'TRUE '])('CASE-44: is not %j', async (text) => {
    expect(await problemsOf({ ALLOW_PRIVATE_NETWORK: text })).toEqual(
      text.trim() === 'true' ? [] : [expect.stringContaining('must be true or false')],
    );
  });
});

describe('EGRESS_PROXY', () => {
  async function startProxy() {
    const asked: string[] = [];
    const proxy = createServer().on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    onTestFinished(() => void proxy.close());
    return { asked, url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
  }

  it.each([
    ['keys', {}, 'id.acme-corp.dev:443'],
    ['introspection', opaque, 'id.acme-corp.dev:443'],
  ])('CASE-44: is on the way to the %s', async (_what, changes, target) => {
    const proxy = await startProxy();
    const config = await load({ ...changes, EGRESS_PROXY: proxy.url });
    const { call } = await openGate(config);
    const header = Buffer.from('{"alg":"RS256","kid":"a"}').toString('base64url');
    const claims = {
      iss: 'https://id.acme-corp.dev',
      aud: 'https://notes.acme-corp.dev/mcp',
      sub: 'ada',
      client_id: 'notes',
      exp: Math.floor(Date.now() / 1_000) + 600,
      iat: Math.floor(Date.now() / 1_000),
    };
    const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
    const token = `${header}.${body}.${Buffer.alloc(256, 7).toString('base64url')}`;

    expect(await call(token)).toBe(503);
    expect(proxy.asked).toContain(target);
  });

  it.each([
    'proxy.internal:3128',
    'socks5://proxy.internal',
    'http://user:hunter2@proxy.internal',
    'http://proxy.internal/path',
    'http://169.254.169.254',
    'http://metadata.google.internal',
  ])('CASE-44: is not %s', async (text) => {
    const problems = await problemsOf({ EGRESS_PROXY: text });

    expect(problems).toEqual([expect.stringMatching(/^EGRESS_PROXY: /)]);
  });
});

describe('HTTPS_PROXY', () => {
  async function eventsOf(changes: Record<string, string>) {
    const events: unknown[] = [];
    await load(changes, { onEvent: (event) => events.push(event) });
    return events;
  }

  it.each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'])(
    'INT-21: %s is ignored, and one event says so without its value',
    async (variable) => {
      const events = await eventsOf({ [variable]: 'http://user:hunter2@proxy.internal' });

      expect(events).toEqual([
        { type: 'egress_proxy_ignored', variable, replacement: `${prefix}EGRESS_PROXY` },
      ]);
    },
  );

  it('INT-21: is not mentioned where the proxy is configured, or none is', async () => {
    const proxy = 'http://proxy.internal:3128';

    expect(await eventsOf({ HTTPS_PROXY: proxy, EGRESS_PROXY: proxy })).toEqual([]);
    expect(await eventsOf({ HTTPS_PROXY: ' ' })).toEqual([]);
    expect(await eventsOf({})).toEqual([]);
  });
});
