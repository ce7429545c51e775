import { providers } from '../../src/index.ts';
import { guid, otherGuid, type ProviderShape, resource } from './provider-shape.ts';

const tenant = 'aaaabbbb-0000-cccc-1111-dddd2222eeee';
const api = guid;

export const entra: ProviderShape = {
  preset: (common) => providers.entra({ ...common, tenants: [tenant], audience: api }),
  algorithm: 'RS256',
  keysUrl: `https://login.microsoftonline.com/${tenant}/discovery/v2.0/keys`,
  header: { typ: 'JWT' },
  claims: {
    iss: `https://login.microsoftonline.com/${tenant}/v2.0`,
    aud: api,
    azp: otherGuid,
    azpacr: '0',
    oid: 'dddd3333-0000-eeee-4444-ffff5555aaaa',
    scp: 'Notes.Read Notes.Write',
    sub: 'pairwise-1',
    tid: tenant,
    ver: '2.0',
  },
  principal: {
    subject: 'pairwise-1',
    clientId: otherGuid,
    audience: [api],
    scopes: new Set(['Notes.Read', 'Notes.Write']),
  },
  neighbours: {
    'another tenant': {
      claims: { iss: `https://login.microsoftonline.com/${otherGuid}/v2.0`, tid: otherGuid },
      code: 'token_issuer_untrusted',
    },
    'with the tid of another tenant': {
      claims: { tid: otherGuid },
      code: 'token_issuer_untrusted',
    },
    'for somebody else': {
      claims: { aud: '00000003-0000-0000-c000-000000000000' },
      code: 'token_audience_mismatch',
    },
    'version 1': {
      claims: { iss: `https://sts.windows.net/${tenant}/`, ver: '1.0' },
      code: 'token_issuer_untrusted',
    },
    'version 1 in the issuer of version 2': {
      claims: { ver: '1.0' },
      code: 'token_claim_invalid',
    },
    'an ID token': {
      claims: { aud: otherGuid, azp: undefined, scp: undefined, nonce: 'n' },
      code: 'token_audience_mismatch',
    },
    'an ID token of the same registration': {
      claims: { azp: undefined, scp: undefined, nonce: 'n' },
      code: 'token_type_forbidden',
    },
    'the same without a nonce, as the code flow allows': {
      claims: { azp: undefined, scp: undefined, roles: ['Notes.Admin'] },
      code: 'token_claim_invalid',
    },
  },
};

export const okta: ProviderShape = {
  preset: (common) =>
    providers.okta({
      ...common,
      domain: 'acme.okta.com',
      authorizationServerId: 'default',
      audience: 'api://default',
    }),
  algorithm: 'RS256',
  keysUrl: 'https://acme.okta.com/oauth2/default/v1/keys',
  header: {},
  claims: {
    iss: 'https://acme.okta.com/oauth2/default',
    ver: 1,
    aud: 'api://default',
    cid: '0oabucvyc38HLL1ef0h7',
    client_id: 'a custom claim of the authorization server',
    uid: '00ujmkLgagxeRrAg20g3',
    scp: ['notes:read', 'openid'],
    sub: 'ada@acme.com',
  },
  principal: {
    subject: 'ada@acme.com',
    clientId: '0oabucvyc38HLL1ef0h7',
    audience: ['api://default'],
    scopes: new Set(['notes:read', 'openid']),
  },
  neighbours: {
    'another tenant': {
      claims: { iss: 'https://evil.okta.com/oauth2/default' },
      code: 'token_issuer_untrusted',
    },
    'of the org authorization server': {
      claims: { iss: 'https://acme.okta.com', aud: 'https://acme.okta.com' },
      code: 'token_issuer_untrusted',
    },
    'of another authorization server': {
      claims: { iss: 'https://acme.okta.com/oauth2/aus9o8wzkhckw9TLa0h7' },
      code: 'token_issuer_untrusted',
    },
    'for somebody else': { claims: { aud: 'api://billing' }, code: 'token_audience_mismatch' },
    'an ID token': {
      claims: { aud: '0oabucvyc38HLL1ef0h7', cid: undefined, scp: undefined, at_hash: 'h' },
      code: 'token_audience_mismatch',
    },
  },
};

export const ping: ProviderShape = {
  preset: (common) =>
    providers.ping({ ...common, environmentId: guid, region: 'eu', audience: resource }),
  algorithm: 'RS256',
  keysUrl: `https://auth.pingone.eu/${guid}/as/jwks`,
  header: {},
  claims: {
    iss: `https://auth.pingone.eu/${guid}/as`,
    client_id: otherGuid,
    sub: 'user-1',
    aud: [resource],
    scope: 'notes:read openid',
    sid: 'session-1',
  },
  principal: {
    subject: 'user-1',
    clientId: otherGuid,
    audience: [resource],
    scopes: new Set(['notes:read', 'openid']),
  },
  neighbours: {
    'another tenant': {
      claims: { iss: `https://auth.pingone.eu/${otherGuid}/as` },
      code: 'token_issuer_untrusted',
    },
    'another region': {
      claims: { iss: `https://auth.pingone.com/${guid}/as` },
      code: 'token_issuer_untrusted',
    },
    'for somebody else': {
      claims: { aud: ['https://api.pingone.eu'] },
      code: 'token_audience_mismatch',
    },
    'of a client for itself, without sub': {
      claims: { sub: undefined },
      code: 'token_claim_invalid',
    },
    'an ID token': {
      claims: { aud: otherGuid, client_id: undefined, scope: undefined, nonce: 'n' },
      code: 'token_audience_mismatch',
    },
  },
};

const pool = 'eu-central-1_AbCdEfGhI';
const appClient = '57cbishk4j24pabc1234567890';

export const cognito: ProviderShape = {
  preset: (common) =>
    providers.cognito({
      ...common,
      region: 'eu-central-1',
      userPoolId: pool,
      clientIds: [appClient],
    }),
  algorithm: 'RS256',
  keysUrl: `https://cognito-idp.eu-central-1.amazonaws.com/${pool}/.well-known/jwks.json`,
  header: {},
  claims: {
    iss: `https://cognito-idp.eu-central-1.amazonaws.com/${pool}`,
    sub: guid,
    client_id: appClient,
    'cognito:groups': ['admins'],
    token_use: 'access',
    scope: 'notes/read openid',
    username: 'ada',
  },
  principal: {
    subject: guid,
    clientId: appClient,
    audience: [],
    scopes: new Set(['notes/read', 'openid']),
  },
  neighbours: {
    'another tenant': {
      claims: { iss: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Other' },
      code: 'token_issuer_untrusted',
    },
    'for somebody else': {
      claims: { client_id: 'another-app-client' },
      code: 'token_audience_mismatch',
    },
    'without a client': { claims: { client_id: undefined }, code: 'token_claim_invalid' },
    'an ID token': {
      claims: { token_use: 'id', aud: appClient, client_id: undefined, scope: undefined },
      code: 'token_claim_invalid',
    },
    'an ID token with a client': { claims: { token_use: 'id' }, code: 'token_claim_invalid' },
  },
};
