/** CASE-37: issuers and tenants that no token has are told at the start. */
import { describe, expect, it } from 'vitest';
import { load, problemsOf } from './set-up.ts';

const guid = '8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f';
const entra = 'https://login.microsoftonline.com';
const cognito = 'https://cognito-idp.eu-central-1.amazonaws.com';
const pool = 'eu-central-1_AbCdEfGhI';
const ofIssuer = (issuer: string) =>
  problemsOf({ JWT_ISSUER: issuer, JWT_JWKS_URI: `${new URL(issuer).origin}/keys` });

describe('CASE-37: the issuer', () => {
  it.each([
    [`${entra}/common/v2.0`, 'must contain the GUID of your tenant'],
    [`${entra}/organizations/v2.0`, 'must contain the GUID of your tenant'],
    [`${entra}/consumers/v2.0`, 'must contain the GUID of your tenant'],
    [`${entra}/acme.onmicrosoft.com/v2.0`, 'must contain the GUID of your tenant'],
    [`${entra}/acme-corp.dev/v2.0`, 'must contain the GUID of your tenant'],
    [`${entra}/common`, 'must contain the GUID of your tenant'],
    ['https://sts.windows.net/common/', 'must contain the GUID of your tenant'],
    ['https://login.windows.net/acme.onmicrosoft.com/', 'must contain the GUID of your tenant'],
    [entra, 'must contain the GUID of your tenant'],
    [`${entra}/${guid}`, 'Version 2: https://login'],
    [`${entra}/${guid}/`, 'Version 2: https://login'],
    [`${entra}/${guid}/v2.0/`, 'Version 2: https://login'],
    [`${entra}/${guid}/v1.0`, 'Version 2: https://login'],
    [`https://sts.windows.net/${guid}`, 'Version 1: https://sts.windows.net/<GUID>/ with one'],
    [`https://sts.windows.net/${guid}/v2.0`, 'Version 1: https://sts.windows.net'],
    [`https://login.windows.net/${guid}/`, 'Version 1: https://sts.windows.net'],
    [`${entra}/${guid.toUpperCase()}/v2.0`, 'must have its GUID in lower case'],
    [`https://sts.windows.net/${guid.toUpperCase()}/`, 'must have its GUID in lower case'],
    [`${entra}/${guid}/v2.0/.well-known/openid-configuration`, 'is the address of metadata'],
    [`${entra}/${guid}/oauth2/v2.0/token`, 'is the address of metadata or of an endpoint'],
    [`${entra}/${guid}/discovery/v2.0/keys`, 'is the address of metadata or of an endpoint'],
    ['https://accounts.google.com/', 'must not end with a slash: the issuers of Google'],
    ['https://securetoken.google.com/acme-notes/', 'the issuers of Firebase'],
    ['https://acme.okta.com', 'is the org authorization server of Okta'],
    ['https://acme.okta.com/', 'is the org authorization server of Okta'],
    ['https://acme.oktapreview.com/oauth2', 'is the org authorization server of Okta'],
    ['https://acme.okta-emea.com/oauth2/v1', 'is the org authorization server of Okta'],
    ['https://acme-admin.okta.com/oauth2/default', 'Remove -admin'],
    ['https://acme.okta.com/oauth2/default/', 'the issuers of Okta have none'],
    [
      'https://acme.okta.com/oauth2/default/v1/keys',
      'is the address of metadata or of an endpoint',
    ],
    ['https://acme.eu.auth0.com', 'must end with a slash: the issuers of Auth0'],
    [`${cognito}/${pool}/`, 'must not end with a slash: the issuers of Cognito'],
    [`${cognito}/us-east-1_AbCdEfGhI`, 'names a user pool of another region'],
    ['https://notes.auth.eu-central-1.amazoncognito.com', 'is the address of the sign-in page'],
    ['https://sso.acme-corp.dev/realms/acme/', 'the issuers of Keycloak have none'],
    ['https://sso.acme-corp.dev/auth/realms/acme/', 'the issuers of Keycloak have none'],
    ['https://sso.acme-corp.dev/admin/realms/acme', 'Remove /admin'],
    [
      'https://sso.acme-corp.dev/realms/acme/protocol/openid-connect/certs',
      'is the address of metadata or of an endpoint',
    ],
    ['https://sso.acme-corp.dev/application/o/notes', 'must end with a slash: the issuers of auth'],
    ['https://acme.authkit.app/', 'the issuers of WorkOS have none'],
    ['https://acme.clerk.accounts.dev/', 'the issuers of Clerk have none'],
    ['https://acme.zitadel.cloud/', 'the issuers of Zitadel have none'],
    [`https://stytch.com/project-live-${guid}`, 'must be stytch.com/ and the id of the project'],
    ['https://abcdefghijklmnopqrst.supabase.co', 'must end with /auth/v1'],
    ['https://abcdefghijklmnopqrst.supabase.co/auth/v1/', 'must end with /auth/v1'],
    ['https://acme.logto.app', 'must end with /oidc'],
    [`https://auth.pingone.eu/${guid}`, 'must end with /as'],
    [`https://auth.pingone.com.au/${guid}/as/`, 'must end with /as'],
  ])('%s is refused', async (issuer, problem) => {
    expect(await ofIssuer(issuer)).toContainEqual(
      expect.stringMatching(new RegExp(`^JWT_ISSUER: .*${toPattern(problem)}.*it holds`)),
    );
  });

  it.each([
    'https://acme.eu.auth0.com/',
    'https://acme.okta.com/oauth2/default',
    'https://sso.acme-corp.dev/realms/acme',
    'https://sso.acme-corp.dev/application/o/notes/',
    'https://acme.authkit.app',
    'https://acme.logto.app/oidc',
    `https://auth.pingone.com.au/${guid}/as`,
    'https://acme.zitadel.cloud',
    'https://id.acme-corp.dev/',
    'https://id.acme-corp.dev/oauth2/',
    'https://login.acme-corp.dev',
  ])('%s starts', async (issuer) => {
    expect(await ofIssuer(issuer)).toEqual([]);
  });

  it.each([
    [`${entra}/${guid}/v2.0`, `${entra}/${guid}/discovery/v2.0/keys`],
    [`https://sts.windows.net/${guid}/`, `${entra}/${guid}/discovery/keys`],
  ])('%s starts', async (issuer, keys) => {
    expect(
      await problemsOf({
        JWT_ISSUER: issuer,
        JWT_JWKS_URI: keys,
        JWT_AUDIENCE: guid,
        RESOURCE_URL: 'https://notes.acme-corp.dev/mcp',
      }),
    ).toEqual([]);
  });

  it.each([
    [`${cognito}/${pool}`, 'cognito'],
    ['https://abcdefghijklmnopqrst.supabase.co/auth/v1', 'supabase'],
  ])('%s without its preset starts with a warning', async (issuer, preset) => {
    const { warnings } = await load({ JWT_ISSUER: issuer, JWT_JWKS_URI: `${issuer}/keys` });

    expect(warnings).toContainEqual(
      expect.stringMatching(
        `JWT_AUDIENCE: is in access tokens of ${preset} only if.*JWT_CLIENT_IDS.*JWT_PROVIDER=${preset}`,
      ),
    );
  });
});

describe('CASE-37: the tenant of a preset', () => {
  const preset = { JWT_ISSUER: undefined, JWT_JWKS_URI: undefined };

  it.each([
    ['entra', 'common', 'must contain the GUID of your tenant'],
    ['entra', 'organizations', 'must contain the GUID of your tenant'],
    ['entra', 'acme.onmicrosoft.com', 'must contain the GUID of your tenant'],
    ['entra', `${guid},consumers`, 'must contain the GUID of your tenant'],
    ['keycloak', 'https://sso.acme-corp.dev/realms/acme/', 'must not end with a slash'],
    ['keycloak', 'https://sso.acme-corp.dev/admin/realms/acme', 'Remove /admin'],
    ['keycloak', 'http://localhost:8080/realms/acme', 'With ENVIRONMENT=development, http is'],
    ['zitadel', 'http://localhost:8080', 'With ENVIRONMENT=development, http is'],
    ['zitadel', 'https://acme.zitadel.cloud/', 'without slash at the end'],
    ['authentik', 'https://sso.acme-corp.dev/application/o/notes', 'must end with a slash'],
    ['okta', 'acme.okta.com', 'is the org authorization server of Okta'],
    ['okta', 'https://acme.okta.com/', 'is the org authorization server of Okta'],
    ['okta', 'https://acme.okta.com/oauth2/default', 'must not have a scheme'],
    ['cognito', `${cognito}/${pool}`, 'must be the id of the user pool alone'],
    ['auth0', 'https://acme.eu.auth0.com/', 'without scheme and slash'],
  ])('%s: %s is refused', async (provider, tenant, problem) => {
    const changes = { JWT_PROVIDER: provider, JWT_TENANT: tenant, JWT_CLIENT_IDS: 'notes' };

    expect(await problemsOf({ ...preset, ...changes })).toEqual([
      expect.stringMatching(new RegExp(`^JWT_TENANT: .*${toPattern(problem)}`)),
    ]);
  });
});

function toPattern(text: string): string {
  return text.replace(/[.+/<>]/g, '\\$&');
}
