/** Keys, addresses and issuers (CFG-06, CFG-07, CFG-09, CFG-17). */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hmacKey, load, opaque, openGate, problemsOf } from './set-up.ts';

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .publicKey.export({ type: 'spki', format: 'pem' })
  .toString();
const dev = { ENVIRONMENT: 'development' };
const hmac = { JWT_JWKS_URI: undefined, JWT_ALGORITHM: 'HS256', JWT_PUBLIC_KEY: hmacKey };

describe('keys (CFG-06)', () => {
  it.each([
    [
      { JWT_ALGORITHM: 'HS256' },
      'JWT_ALGORITHM: HMAC algorithms cannot be used with JWKS endpoints. Set FASTMCP_SERVER',
    ],
    [{ JWT_PUBLIC_KEY: pem.trim() }, 'JWT_PUBLIC_KEY: must not be set beside'],
    [{ ...hmac, JWT_PUBLIC_KEY: 'short' }, 'HMAC key for HS256 must be at least 32 bytes'],
    [{ ...hmac, JWT_ALGORITHM: 'HS512' }, 'HMAC key for HS512 must be at least 64 bytes'],
    [{ ...hmac, JWT_PUBLIC_KEY: pem.trim() }, 'must not be a key, a certificate or a JWK'],
    [{ ...hmac, JWT_PUBLIC_KEY: 'https://internal-auth.acme-corp.dev/kX3vQ9' }, 'not a URL'],
    [
      { ...hmac, JWT_PUBLIC_KEY: 'a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8s9t0u1v2w3x4y5z6' },
      'published as an example',
    ],
    [{ ...hmac, JWT_ALGORITHM: 'RS256' }, 'must be a public key or certificate as PEM'],
    [{ ...hmac, JWT_PUBLIC_KEY: undefined }, 'JWT_PUBLIC_KEY: is missing'],
    [{ JWT_JWKS_URI: undefined }, 'JWT_JWKS_URI: is missing'],
    [{ JWT_ALGORITHM: 'none' }, 'JWT_ALGORITHM: must be RS256'],
    [
      { JWT_JWKS_URI: undefined, JWT_PUBLIC_KEY: pem.trim(), JWT_ALGORITHM: 'ES256' },
      'made for another algorithm than ES256, for FASTMCP_SERVER_AUTH_JWT_ALGORITHM=ES256',
    ],
  ])('%# are refused where they do not fit', async (changes, problem) => {
    expect(await problemsOf(changes)).toEqual([expect.stringContaining(problem)]);
  });

  it.each([pem.trim(), pem.trim().replaceAll('\n', '\\n')])('%# may be PEM', async (key) => {
    expect(await problemsOf({ JWT_JWKS_URI: undefined, JWT_PUBLIC_KEY: key })).toEqual([]);
  });
});

describe('addresses (CFG-07)', () => {
  it.each([
    ['http://id.acme-corp.dev/jwks', 'must be an https URL'],
    ['http://localhost:8080/jwks', 'Cannot use HTTP localhost JWKS URI in production'],
    ['http://127.0.0.1/jwks', 'Cannot use HTTP localhost JWKS URI in production'],
    ['https://user:pw@id.acme-corp.dev/jwks', 'without credentials'],
    ['https://id.acme-corp.dev/jwks#a', 'without a fragment'],
    ['https://10.0.0.1/jwks', 'leads to'],
    ['https://169.254.169.254/jwks', 'leads to'],
    ['id.acme-corp.dev/jwks', 'must be an absolute https URL'],
    ['https://id.acme-corp.dev/jwks ', 'white space around it'],
    ['"https://id.acme-corp.dev/jwks"', 'quotation marks around it'],
  ])('of keys cannot be %s', async (url, problem) => {
    const problems = await problemsOf({ JWT_JWKS_URI: url });

    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect(problems.join()).not.toContain('user:pw');
  });

  it('of keys may lose the newline that echo writes', async () => {
    const events: string[] = [];
    const config = await load(
      { JWT_JWKS_URI: 'https://id.acme-corp.dev/jwks\n' },
      { onEvent: ({ type }) => events.push(type) },
    );

    expect(config.authentication).toMatchObject({
      keys: { kind: 'jwks', url: 'https://id.acme-corp.dev/jwks' },
    });
    expect(events).toEqual(['secret_trailing_newline']);
  });

  it('of known providers’ keys are where those have them', async () => {
    const changes = { JWT_ISSUER: 'https://accounts.google.com', JWT_REQUIRED_SCOPES: undefined };

    expect(
      await problemsOf({ ...changes, JWT_JWKS_URI: 'https://www.googleapis.co/oauth2/v3/certs' }),
    ).toEqual([expect.stringContaining('JWT_JWKS_URI: must be on www.googleapis.com')]);
  });

  it('of keys on another site are warned of', async () => {
    const { warnings } = await load({ JWT_JWKS_URI: 'https://id.acme-crop.dev/jwks' });

    expect(warnings).toEqual([expect.stringContaining('JWT_JWKS_URI: is on another site')]);
  });

  it('of introspection at this very server are warned of (INT-22)', async () => {
    const { warnings } = await load({
      ...opaque,
      INTROSPECTION_URL: 'https://notes.acme-corp.dev/introspect',
    });

    expect(warnings).toContainEqual(
      expect.stringContaining('INTROSPECTION_URL: is on this server'),
    );
  });

  it('of introspection are not Auth0’s, which has none', async () => {
    expect(
      await problemsOf({
        ...opaque,
        INTROSPECTION_URL: 'https://acme.eu.auth0.com/oauth/token/introspection',
      }),
    ).toEqual([expect.stringContaining('Auth0 has no introspection endpoint')]);
  });

  it('of the server are its audience where that is one', async () => {
    expect((await load({})).resource).toBe('https://notes.acme-corp.dev/mcp');
    expect(await problemsOf({ JWT_AUDIENCE: 'notes' })).toEqual([
      expect.stringContaining('RESOURCE_URL: is missing'),
    ]);
  });
});

describe('what is copied from a page (CFG-09)', () => {
  it.each([
    ['JWT_ISSUER', 'https://login.microsoftonline.com/{tenant-id}/v2.0'],
    ['JWT_ISSUER', 'https://<tenant>.acme-corp.dev'],
    ['JWT_ISSUER', '*'],
    ['JWT_ISSUER', 'https://internal-auth.example.com'],
    ['JWT_AUDIENCE', 'your-client-id'],
    ['JWT_AUDIENCE', 'your-mcp-server-id'],
    ['JWT_AUDIENCE', 'api://{client-id}'],
    ['JWT_AUDIENCE', 'api://00000000-0000-0000-0000-000000000000'],
    ['JWT_AUDIENCE', '*'],
    ['JWT_JWKS_URI', 'https://login.microsoftonline.com/{tenant-id}/discovery/v2.0/keys'],
    ['JWT_JWKS_URI', 'https://auth.example/jwks'],
    ['RESOURCE_URL', 'https://your-service-url.run.app/mcp'],
  ])('does not boot as %s=%s', async (name, value) => {
    expect(
      await problemsOf({ RESOURCE_URL: 'https://a.acme-corp.dev/mcp', [name]: value }),
    ).toContainEqual(
      expect.stringMatching(
        `^${name}: (looks like a placeholder|must not stand for everybody|is an address of documentation)`,
      ),
    );
  });

  it.each([
    ['INTROSPECTION_URL', 'https://{your-domain}.okta.com/oauth2/v1/introspect'],
    ['INTROSPECTION_CLIENT_ID', '{your-client-id}'],
    ['INTROSPECTION_CLIENT_SECRET', '{your-client-secret}'],
    ['INTROSPECTION_AUDIENCE', 'your-api'],
  ])('does not boot as %s=%s', async (name, value) => {
    const problems = await problemsOf({ ...opaque, [name]: value });

    expect(problems).toEqual([expect.stringContaining(`${name}: looks like a placeholder`)]);
    expect(problems.join()).not.toContain('your-client-secret');
  });

  it('does not boot as the project of Secret Manager', async () => {
    expect(
      await problemsOf({ SECRET_BACKEND: 'gcp_secret_manager', GCP_PROJECT_ID: 'your-project-id' }),
    ).toEqual([expect.stringContaining('GCP_PROJECT_ID: looks like a placeholder')]);
  });

  it('may be an address of documentation in development', async () => {
    expect(await problemsOf({ ...dev, JWT_ISSUER: 'https://id.example.com' })).toEqual([]);
  });
});

describe('ID tokens (CFG-17)', () => {
  const google = {
    JWT_ISSUER: 'https://accounts.google.com',
    JWT_JWKS_URI: 'https://www.googleapis.com/oauth2/v3/certs',
    JWT_REQUIRED_SCOPES: undefined,
  };

  it.each([
    [{ JWT_REQUIRED_SCOPES: 'read:data' }, 'JWT_REQUIRED_SCOPES'],
    [{ TOOL_SCOPES: '{"hello": ["read:data"]}' }, 'TOOL_SCOPES'],
  ])('have no scopes, so none can be asked for: %o', async (changes, name) => {
    expect(await problemsOf({ ...google, ...changes })).toEqual([
      expect.stringContaining(
        `${name}: asks for scopes, and the ID tokens of this issuer have none`,
      ),
    ]);
  });

  it('do not do for tools that need scopes, until that is said', async () => {
    const config = await load(google);

    await expect(openGate(config, { hello: ['read:data'] })).rejects.toThrow(
      'FASTMCP_SERVER_AUTH_TOOL_SCOPES: is missing. The tools need read:data',
    );
    await openGate(await load({ ...google, TOOL_SCOPES: '{}' }), { hello: ['read:data'] });
  });

  it('of any account are warned of', async () => {
    const isOfAny = expect.stringContaining('JWT_TENANT: is not set: every Google account');

    expect((await load(google)).warnings).toContainEqual(isOfAny);
    expect((await load({ ...google, JWT_TENANT: 'acme-corp.dev' })).warnings).not.toContainEqual(
      isOfAny,
    );
  });
});
