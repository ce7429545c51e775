import { expect, it } from 'vitest';
import { isCredentialField } from '../../src/headers/credential-fields.ts';

it.each([
  ['oauth2-proxy', ['X-Forwarded-Access-Token', 'X-Auth-Request-Access-Token']],
  ['Kong and APISIX', ['X-Access-Token', 'X-ID-Token', 'X-Refresh-Token']],
  ['mod_auth_openidc', ['OIDC_access_token', 'OIDC_id_token', 'OIDC_refresh_token']],
  ['Vouch', ['X-Vouch-AccessToken', 'X-Vouch-IdP-AccessToken', 'X-Vouch-IdP-IdToken']],
  ['authentik', ['X-authentik-jwt']],
  ['Teleport', ['Teleport-Jwt-Assertion']],
  ['Pomerium', ['X-Pomerium-Jwt-Assertion', 'X-Pomerium-Authorization']],
  ['Cloudflare Access', ['Cf-Access-Jwt-Assertion', 'Cf-Access-Client-Secret']],
  ['Amazon', ['X-Amzn-Oidc-Accesstoken', 'X-Amzn-Oidc-Data']],
  ['Azure', ['X-MS-TOKEN-GITHUB-ACCESS-TOKEN', 'X-MS-CLIENT-PRINCIPAL', 'X-Azure-Authorization']],
  ['Google', ['X-Goog-IAP-JWT-Assertion', 'X-Serverless-Authorization']],
  ['Envoy and Istio', ['X-Jwt-Payload']],
])('CASE-13: knows the fields in which %s sends credentials', (_proxy, names) => {
  expect(names.filter((name) => !isCredentialField(name.toLowerCase()))).toEqual([]);
});

it.each(['x-amzn-oidc-identity', 'remote-user', 'x-auth-request-user', 'x-github-access-token'])(
  'CASE-13: leaves %s, which a server behind the gate may need',
  (name) => {
    expect(isCredentialField(name)).toBe(false);
  },
);
