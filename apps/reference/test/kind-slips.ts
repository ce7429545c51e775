/** What is sent in place of an access token. */
import { type Planted, sharedSecret } from './fault-bench.ts';
import type { Slip } from './name-slips.ts';

const now = Math.floor(Date.now() / 1_000);
const guid = '5d0b9a3e-71c4-4b6f-8f0a-2c9e6d1b7a44';

const aud = (value: unknown, more: object = {}): Planted => ({ claims: { aud: value, ...more } });
const sent = (authorization: string): Planted => ({ authorization });

const noScopes = { scope: undefined, client_id: undefined };

export const kinds: readonly Slip[] = [
  ['Cognito ID token', 401, /an ID token/, aud('client-1', { token_use: 'id', ...noScopes })],
  [
    'Keycloak ID token',
    401,
    /an ID token/,
    aud('client-1', { typ: 'ID', azp: 'client-1', ...noScopes }),
  ],
  [
    'Okta ID token',
    401,
    /an ID token/,
    aud('0oa1', { amr: ['pwd'], auth_time: now, idp: 'x', ...noScopes }),
  ],
  [
    'Entra ID token without a nonce',
    401,
    /an ID token/,
    aud(guid, { preferred_username: 'a@acme-corp.dev', name: 'A', oid: 'o', ...noScopes }),
  ],
  [
    'Google ID token',
    401,
    /an ID token/,
    aud('123.apps.googleusercontent.com', {
      email: 'a@acme-corp.dev',
      email_verified: true,
      ...noScopes,
    }),
  ],
  [
    'Firebase ID token',
    401,
    /an ID token/,
    aud('acme', { firebase: {}, auth_time: now, ...noScopes }),
  ],
  ['ID token for this audience', 401, /ID token/, { claims: { at_hash: 'x' } }],
  [
    'Keycloak refresh token',
    401,
    /a refresh token/,
    {
      secret: sharedSecret,
      claims: { aud: 'https://id.acme-corp.dev/tenant', typ: 'Refresh' },
    },
  ],
  [
    'Keycloak offline token',
    401,
    /a refresh token/,
    { secret: sharedSecret, claims: { typ: 'Offline' } },
  ],
  ['logout token', 401, /a logout token/, aud('client-1', { events: {}, ...noScopes })],
  ['DPoP proof', 401, /header: typ: a DPoP proof/, { header: { typ: 'dpop+jwt' } }],
  ['logout token by type', 401, /header: typ: a logout token/, { header: { typ: 'logout+jwt' } }],
  [
    'introspection answer',
    401,
    /header: typ: an introspection response/,
    { header: { typ: 'token-introspection+jwt' } },
  ],
  ['SD-JWT', 401, /header: typ: another type/, { header: { typ: 'vc+sd-jwt' } }],
  [
    'client assertion',
    401,
    /a client assertion/,
    {
      claims: {
        iss: 'client-1',
        sub: 'client-1',
        aud: 'https://id.acme-corp.dev/tenant/token',
        scope: undefined,
      },
    },
  ],
];

const opaque = 'Zk3vQ9rT7wXy2LmN8bC5dF1gH6jK4pS0';

export const fields: readonly Slip[] = [
  ['Google access token', 401, /an opaque access token of Google/, sent(`Bearer ya29.${opaque}`)],
  ['GitHub token', 401, /a token of GitHub/, sent(`Bearer gho_${opaque}`)],
  ['GitHub fine-grained token', 401, /a token of GitHub/, sent(`Bearer github_pat_${opaque}`)],
  ['Slack token', 401, /a token of Slack/, sent(`Bearer xoxb-${opaque}`)],
  ['Clerk token', 401, /an opaque token of Clerk/, sent(`Bearer oat_${opaque}`)],
  ['API key', 401, /an API key/, sent(`Bearer sk-${opaque}`)],
  ['opaque token', 401, /an opaque token.*introspection/, sent(`Bearer ${opaque}`)],
  [
    'encrypted token of Auth0',
    401,
    /an encrypted token \(JWE\).*audience/,
    sent(`Bearer eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..${opaque}.${opaque}.AAAA`),
  ],
  ['PASETO', 401, /a PASETO/, sent(`Bearer v4.public.${opaque}`)],
  ['cut token', 401, /cut off/, sent('Bearer eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0')],
  ['undefined', 401, /the word undefined in place of a token/, sent('Bearer undefined')],
  ['null', 401, /the word null in place of a token/, sent('Bearer null')],
  ['an object', 401, /an object in place of a token/, sent('Bearer [object Object]')],
  ['a variable', 401, /a variable that was not replaced/, sent('Bearer {{TOKEN}}')],
  ['quotation marks', 401, /quotation marks/, sent(`Bearer "${opaque}"`)],
  ['twice the scheme', 401, /the scheme twice/, sent(`Bearer Bearer ${opaque}`)],
  [
    'no scheme',
    401,
    /a token without the scheme Bearer/,
    sent('eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0.AAAA'),
  ],
  ['Basic', 401, /the scheme Basic/, sent(`Basic ${opaque}`)],
  ['Token', 401, /the scheme Token/, sent(`Token ${opaque}`)],
  ['a colon', 401, /Bearer followed by a colon/, sent(`Bearer: ${opaque}`)],
];
