/** Presets, by the vendors' published documents. */
import { detectEnvironment, Secret } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { createIntrospectionVerifier, introspectionProviders as providers } from '../src/index.ts';

const open = { environment: detectEnvironment({}), audience: 'https://mcp.acme.com/mcp' };
const common = {
  ...open,
  clientId: 'c',
  secret: new Secret('s'),
};
const guid = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const oktaOptions = { ...common, domain: 'acme.okta.com', authorizationServerId: 'default' };

it.each([
  [
    'okta',
    providers.okta(oktaOptions),
    'https://acme.okta.com/oauth2/default',
    'https://acme.okta.com/oauth2/default/v1/introspect',
  ],
  [
    'keycloak',
    providers.keycloak({ ...common, baseUrl: 'https://sso.acme.com', realm: 'acme' }),
    'https://sso.acme.com/realms/acme',
    'https://sso.acme.com/realms/acme/protocol/openid-connect/token/introspect',
  ],
  [
    'logto',
    providers.logto({ ...common, domain: 'acme.logto.app' }),
    'https://acme.logto.app/oidc',
    'https://acme.logto.app/oidc/token/introspection',
  ],
  [
    'oryHydra',
    providers.oryHydra({
      ...open,
      issuer: 'https://auth.acme.com',
      adminUrl: 'https://hydra.acme.com',
    }),
    'https://auth.acme.com',
    'https://hydra.acme.com/admin/oauth2/introspect',
  ],
  [
    'ping',
    providers.ping({ ...common, environmentId: guid, region: 'eu' }),
    `https://auth.pingone.eu/${guid}/as`,
    `https://auth.pingone.eu/${guid}/as/introspect`,
  ],
  [
    'stytch',
    providers.stytch({ ...common, projectId: `project-test-${guid}` }),
    `stytch.com/project-test-${guid}`,
    `https://test.stytch.com/v1/public/project-test-${guid}/oauth2/introspect`,
  ],
  [
    'google',
    providers.google(open),
    'https://accounts.google.com',
    'https://oauth2.googleapis.com/tokeninfo',
  ],
  [
    'clerk',
    providers.clerk({
      environment: open.environment,
      domain: 'clerk.acme.com',
      secretKey: new Secret('sk_live_1'),
    }),
    'https://clerk.acme.com',
    'https://api.clerk.com/oauth_applications/access_tokens/verify',
  ],
])('%s knows its issuer and its endpoint, and makes a verifier', (_name, options, issuer, url) => {
  expect(options).toMatchObject({ issuer, url });
  expect(createIntrospectionVerifier(options).name).toBe('introspection');
});

describe('what cannot be', () => {
  it('says why of the org authorization server of Okta', () => {
    for (const authorizationServerId of ['', 'org', 'v1']) {
      expect(() => providers.okta({ ...oktaOptions, authorizationServerId })).toThrow(
        'its access tokens are for Okta itself',
      );
    }
  });

  it('says of Auth0 what to do instead', () => {
    expect(() => providers.auth0()).toThrow('use providers.auth0 of @sallyport/verifier-jwt');
  });

  it.each([
    () => providers.okta({ ...oktaOptions, domain: 'https://acme.okta.com' }),
    () => providers.okta({ ...oktaOptions, domain: 'your-domain.okta.com' }),
    () => providers.okta({ ...oktaOptions, authorizationServerId: 'a/b' }),
    () => providers.keycloak({ ...common, baseUrl: 'https://sso.acme.com/', realm: 'acme' }),
    () => providers.keycloak({ ...common, baseUrl: 'https://sso.acme.com', realm: '{realm}' }),
    () => providers.stytch({ ...common, projectId: 'project' }),
    () => providers.ping({ ...common, environmentId: 'a/b', region: 'eu' }),
    () =>
      providers.clerk({ environment: open.environment, domain: '', secretKey: new Secret('s') }),
  ])('is a name in another form, or a placeholder (CFG-09): %s', (create) => {
    expect(create).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });
});
