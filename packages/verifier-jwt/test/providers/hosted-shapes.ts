import { providers } from '../../src/index.ts';
import { type ProviderShape, resource } from './provider-shape.ts';

export const auth0: ProviderShape = {
  preset: (common) =>
    providers.auth0({ ...common, domain: 'acme.eu.auth0.com', audience: resource }),
  algorithm: 'RS256',
  keysUrl: 'https://acme.eu.auth0.com/.well-known/jwks.json',
  header: { typ: 'JWT' },
  claims: {
    iss: 'https://acme.eu.auth0.com/',
    sub: 'auth0|123456',
    aud: [resource, 'https://acme.eu.auth0.com/userinfo'],
    azp: 'client-1',
    scope: 'openid notes:read',
    permissions: ['notes:delete'],
  },
  principal: {
    subject: 'auth0|123456',
    clientId: 'client-1',
    audience: [resource, 'https://acme.eu.auth0.com/userinfo'],
    scopes: new Set(['openid', 'notes:read']),
  },
  neighbours: {
    'another tenant': {
      claims: { iss: 'https://acme.us.auth0.com/' },
      code: 'token_issuer_untrusted',
    },
    'for somebody else': {
      claims: { aud: ['https://api.acme.com', 'https://acme.eu.auth0.com/userinfo'] },
      code: 'token_audience_mismatch',
    },
    'an ID token': {
      claims: { aud: 'client-1', azp: undefined, scope: undefined, nonce: 'n' },
      code: 'token_audience_mismatch',
    },
  },
};

export const workos: ProviderShape = {
  preset: (common) =>
    providers.workos({ ...common, domain: 'acme.authkit.app', audience: resource }),
  algorithm: 'RS256',
  keysUrl: 'https://acme.authkit.app/oauth2/jwks',
  header: { typ: 'JWT' },
  claims: {
    iss: 'https://acme.authkit.app',
    aud: resource,
    sub: 'user_01HBEQKA6K4QJAS93VPE39W1JT',
    client_id: 'client_01',
    org_id: 'org_01HRDMC6CM357W30QMHMQ96Q0S',
    scope: 'openid notes:read',
  },
  principal: {
    subject: 'user_01HBEQKA6K4QJAS93VPE39W1JT',
    clientId: 'client_01',
    audience: [resource],
    scopes: new Set(['openid', 'notes:read']),
  },
  neighbours: {
    'another tenant': {
      claims: { iss: 'https://evil.authkit.app' },
      code: 'token_issuer_untrusted',
    },
    'for somebody else': { claims: { aud: 'client_01' }, code: 'token_audience_mismatch' },
    'a session token': {
      claims: { iss: 'https://api.workos.com', aud: undefined },
      code: 'token_issuer_untrusted',
    },
  },
};

export const clerk: ProviderShape = {
  preset: (common) =>
    providers.clerk({ ...common, domain: 'acme.clerk.accounts.dev', audience: resource }),
  algorithm: 'RS256',
  keysUrl: 'https://acme.clerk.accounts.dev/.well-known/jwks.json',
  header: { typ: 'at+jwt', cat: 'cl_B7d4PD222AAA' },
  claims: {
    iss: 'https://acme.clerk.accounts.dev',
    aud: resource,
    sub: 'user_2xhFjEI5X2qWRvtV13BzSj8H6Dk',
    client_id: 'client-1',
    jti: 'oat_1',
    scope: 'profile notes:read',
  },
  principal: {
    subject: 'user_2xhFjEI5X2qWRvtV13BzSj8H6Dk',
    clientId: 'client-1',
    audience: [resource],
    scopes: new Set(['profile', 'notes:read']),
  },
  neighbours: {
    'another tenant': {
      claims: { iss: 'https://evil.clerk.accounts.dev' },
      code: 'token_issuer_untrusted',
    },
    'for somebody else': {
      claims: { aud: 'https://other.acme.com/mcp' },
      code: 'token_audience_mismatch',
    },
    'a session': {
      claims: { client_id: undefined, azp: 'https://acme.com', sid: 'sess_1', scope: undefined },
      header: { typ: 'JWT', cat: 'cl_B7d4PD111AAA' },
      code: 'token_type_forbidden',
    },
  },
};

export const logto: ProviderShape = {
  preset: (common) => providers.logto({ ...common, domain: 'acme.logto.app', audience: resource }),
  algorithm: 'ES384',
  keysUrl: 'https://acme.logto.app/oidc/jwks',
  header: { typ: 'at+jwt' },
  claims: {
    iss: 'https://acme.logto.app/oidc',
    aud: resource,
    sub: 'user1',
    client_id: 'app1',
    jti: 'j1',
    scope: 'notes:read',
  },
  principal: {
    subject: 'user1',
    clientId: 'app1',
    audience: [resource],
    scopes: new Set(['notes:read']),
  },
  neighbours: {
    'another tenant': {
      claims: { iss: 'https://evil.logto.app/oidc' },
      code: 'token_issuer_untrusted',
    },
    'for somebody else': {
      claims: { aud: 'https://acme.logto.app/api' },
      code: 'token_audience_mismatch',
    },
    'an ID token': {
      claims: { client_id: undefined, scope: undefined },
      header: { typ: undefined },
      code: 'token_type_forbidden',
    },
  },
};
