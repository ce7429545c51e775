import { providers } from '../../src/index.ts';
import { type ProviderShape, resource } from './provider-shape.ts';

export const keycloak: ProviderShape = {
  preset: (common) =>
    providers.keycloak({
      ...common,
      baseUrl: 'https://sso.acme.com/auth',
      realm: 'staff',
      audience: resource,
    }),
  algorithm: 'RS256',
  keysUrl: 'https://sso.acme.com/auth/realms/staff/protocol/openid-connect/certs',
  header: { typ: 'JWT' },
  claims: {
    iss: 'https://sso.acme.com/auth/realms/staff',
    aud: [resource, 'account'],
    sub: 'f:1:ada',
    typ: 'Bearer',
    azp: 'notes-app',
    client_id: 'a mapper of the realm',
    scope: 'openid notes:read',
    realm_access: { roles: ['editor'] },
    resource_access: { 'mcp-server': { roles: ['reader'] } },
  },
  principal: {
    subject: 'f:1:ada',
    clientId: 'notes-app',
    audience: [resource, 'account'],
    scopes: new Set(['openid', 'notes:read']),
  },
  neighbours: {
    'another tenant': {
      claims: { iss: 'https://sso.acme.com/auth/realms/guests' },
      code: 'token_issuer_untrusted',
    },
    'for somebody else': { claims: { aud: 'account' }, code: 'token_audience_mismatch' },
    'an ID token': { claims: { typ: 'ID' }, code: 'token_type_forbidden' },
    'a refresh token': { claims: { typ: 'Refresh' }, code: 'token_claim_invalid' },
    'a logout token': { claims: { typ: 'Logout' }, code: 'token_claim_invalid' },
    'of no kind': { claims: { typ: undefined }, code: 'token_claim_invalid' },
    'without sub': { claims: { sub: undefined }, code: 'token_claim_invalid' },
    'with the nonce of an old version': { claims: { nonce: 'n' }, code: 'token_type_forbidden' },
  },
};

export const oryHydra: ProviderShape = {
  preset: (common) =>
    providers.oryHydra({ ...common, issuer: 'https://hydra.acme.com/', audience: resource }),
  algorithm: 'RS256',
  keysUrl: 'https://hydra.acme.com/.well-known/jwks.json',
  header: { typ: 'JWT' },
  claims: {
    iss: 'https://hydra.acme.com/',
    aud: [resource],
    client_id: 'client-1',
    sub: 'ada',
    ext: {},
    scp: ['notes:read', 'offline'],
  },
  principal: {
    subject: 'ada',
    clientId: 'client-1',
    audience: [resource],
    scopes: new Set(['notes:read', 'offline']),
  },
  neighbours: {
    'another tenant': {
      claims: { iss: 'https://hydra.acme.org/' },
      code: 'token_issuer_untrusted',
    },
    'for somebody else': { claims: { aud: [] }, code: 'token_audience_mismatch' },
    'an ID token': {
      claims: { aud: ['client-1'], client_id: undefined, scp: undefined, at_hash: 'h' },
      code: 'token_audience_mismatch',
    },
  },
};

export const authentik: ProviderShape = {
  preset: (common) =>
    providers.authentik({
      ...common,
      baseUrl: 'https://sso.acme.com',
      slug: 'notes',
      clientIds: ['client-1'],
    }),
  algorithm: 'RS256',
  keysUrl: 'https://sso.acme.com/application/o/notes/jwks/',
  header: { typ: 'JWT' },
  claims: {
    iss: 'https://sso.acme.com/application/o/notes/',
    sub: 'hashed-user-id',
    aud: 'client-1',
    azp: 'client-1',
    uid: 'token-1',
    scope: 'openid notes:read',
  },
  principal: {
    subject: 'hashed-user-id',
    clientId: 'client-1',
    audience: ['client-1'],
    scopes: new Set(['openid', 'notes:read']),
  },
  neighbours: {
    'another tenant': {
      claims: { iss: 'https://sso.acme.com/application/o/wiki/' },
      code: 'token_issuer_untrusted',
    },
    'for somebody else': {
      claims: { aud: 'client-2', azp: 'client-2' },
      code: 'token_audience_mismatch',
    },
    'for another audience': { claims: { aud: 'client-2' }, code: 'token_audience_mismatch' },
    'of another client': { claims: { azp: 'client-2' }, code: 'token_audience_mismatch' },
    'an ID token without nonce': {
      claims: { azp: undefined, uid: undefined, scope: undefined },
      code: 'token_claim_invalid',
    },
    'an ID token with a claim of a scope mapping': {
      claims: { azp: undefined, client_id: 'client-1' },
      code: 'token_claim_invalid',
    },
    'with the nonce of its client': { claims: { nonce: 'n' }, code: 'token_type_forbidden' },
  },
};

export const zitadel: ProviderShape = {
  preset: (common) =>
    providers.zitadel({
      ...common,
      baseUrl: 'https://acme.zitadel.cloud',
      audience: '344374183645413380',
    }),
  algorithm: 'RS256',
  keysUrl: 'https://acme.zitadel.cloud/oauth/v2/keys',
  header: {},
  claims: {
    iss: 'https://acme.zitadel.cloud',
    sub: '345377791925026818',
    aud: ['344374183645413000', '344374183645413380'],
    client_id: '344374183645413000',
    'urn:zitadel:iam:org:project:344374183645413380:roles': { reader: {} },
  },
  principal: {
    subject: '345377791925026818',
    clientId: '344374183645413000',
    audience: ['344374183645413000', '344374183645413380'],
    scopes: new Set(),
  },
  neighbours: {
    'another tenant': {
      claims: { iss: 'https://evil.zitadel.cloud' },
      code: 'token_issuer_untrusted',
    },
    'for somebody else': {
      claims: { aud: ['344374183645413000'] },
      code: 'token_audience_mismatch',
    },
    'an ID token, which has the project for audience too': {
      claims: { azp: '344374183645413000', at_hash: 'h' },
      code: 'token_type_forbidden',
    },
  },
};
