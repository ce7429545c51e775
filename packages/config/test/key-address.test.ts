import { knownProviders } from '@sallyport/verifier-jwt/providers';
import { describe, expect, it } from 'vitest';
import { findKeyAddressMistake, siteOf } from '../src/provider-rules/key-address.ts';
import { problemsOf } from './set-up.ts';

const issuer = 'https://id.acme-corp.dev/realms/acme';

describe('an address of keys', () => {
  it.each([
    [`${issuer}/.well-known/openid-configuration`, 'the metadata'],
    ['https://id.acme-corp.dev/.well-known/oauth-authorization-server/realms/acme', 'the metadata'],
    [issuer, 'is the issuer'],
    [`${issuer}/`, 'is the issuer'],
    ['https://www.googleapis.com/oauth2/v1/certs', 'certificates'],
    [
      'https://www.googleapis.com/robot/v1/metadata/x509/a@b.iam.gserviceaccount.com',
      'certificates',
    ],
  ])('CASE-37: %s is told to hold no keys', (url, said) => {
    expect(findKeyAddressMistake(url, issuer, knownProviders)).toContain(said);
  });

  it.each([
    `${issuer}/protocol/openid-connect/certs`,
    'https://www.googleapis.com/oauth2/v3/certs',
    'https://id.acme-corp.dev/.well-known/jwks.json',
    'https://id.acme-corp.dev',
  ])('CASE-37: %s may hold keys', (url) => {
    expect(findKeyAddressMistake(url, issuer, knownProviders)).toBeUndefined();
  });

  it('CASE-37: stops the start when it is that of the metadata', async () => {
    const url = 'https://id.acme-corp.dev/.well-known/openid-configuration';

    expect(await problemsOf({ JWT_JWKS_URI: url })).toEqual([
      expect.stringContaining('JWT_JWKS_URI: is the address of the metadata'),
    ]);
  });

  it.each([
    ['https://acme-staging.auth0.com/jwks', 'acme-staging.auth0.com'],
    ['https://acme.eu.auth0.com/jwks', 'acme.eu.auth0.com'],
    ['https://keys.acme-corp.dev/jwks', 'acme-corp.dev'],
    ['keys', undefined],
  ])('CASE-37: %s is of the site %s', (url, site) => {
    expect(siteOf(url, knownProviders)).toBe(site);
  });
});

describe('a name of a variable in another form', () => {
  it.each([
    'export FASTMCP_SERVER_AUTH_JWT_REQUIRED_SCOPES',
    'FASTMCP__SERVER__AUTH__JWT_REQUIRED_SCOPES',
    'fastmcp.server.auth.jwt.required.scopes',
    'FASTMCP_AUTH_JWT_REQUIRED_SCOPES',
    'MCP_SERVER_AUTH_JWT_REQUIRED_SCOPES',
    'MCP_AUTH_JWT_REQUIRED_SCOPES',
    'FAST_MCP_SERVER_AUTH_JWT_REQUIRED_SCOPES',
    'FASTMCP_SERVER_JWT_REQUIRED_SCOPES',
  ])('CASE-40: %s does not leave a default in force', async (name) => {
    expect(await problemsOf({ [name]: 'read:data' })).toEqual([
      `${name}: is no variable of this server. Did you mean FASTMCP_SERVER_AUTH_JWT_REQUIRED_SCOPES?`,
    ]);
  });

  it('CASE-40: the lower-case selector is told', async () => {
    const [problem] = await problemsOf({ fastmcp_server_auth: 'jwt' });

    expect(problem).toContain('Did you mean FASTMCP_SERVER_AUTH_TYPE?');
  });

  it.each(['FASTMCP_SERVER_NAME', 'MCP_AUTH_TOKEN', 'FASTMCP_LOG_LEVEL', 'MCP_SERVER_PORT'])(
    'CASE-40: %s belongs to another program',
    async (name) => {
      expect(await problemsOf({ [name]: 'x' })).toEqual([]);
    },
  );
});
