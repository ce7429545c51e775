/** What providers, clients and operators get wrong besides the twelve usual faults. */
import { audience, type Planted, sharedSecret } from './fault-bench.ts';

/** What the line must say of a fault. */
export type Slip = readonly [name: string, status: number, cause: RegExp, planted: Planted];

const now = Math.floor(Date.now() / 1_000);
const guid = '5d0b9a3e-71c4-4b6f-8f0a-2c9e6d1b7a44';
const host = 'https://notes.acme-corp.dev';

const aud = (value: unknown, more: object = {}): Planted => ({ claims: { aud: value, ...more } });
const iss = (configured: string, found: unknown): Planted => ({
  variables: { JWT_ISSUER: configured },
  claims: { iss: found },
});
const sent = (authorization: string): Planted => ({ authorization });

export const audiences: readonly Slip[] = [
  ['another port', 401, /aud: differs by the port from/, aud(`${host}:8443/mcp`)],
  ['a default port', 401, /aud: differs by the port from/, aud(`${host}:443/mcp`)],
  ['another case', 401, /aud: differs by upper and lower case from/, aud(`${host}/MCP`)],
  ['no path', 401, /aud: differs by the path from/, aud(host)],
  ['another path', 401, /aud: differs by the path from/, aud(`${host}/sse`)],
  [
    'no scheme',
    401,
    /aud: differs by the scheme \(absent against https\) from/,
    aud('notes.acme-corp.dev/mcp'),
  ],
  [
    'http and a slash',
    401,
    /differs by the scheme \(http against https\) and a trailing slash from/,
    aud('http://notes.acme-corp.dev/mcp/'),
  ],
  ['a query', 401, /aud: differs by the query or fragment from/, aud(`${audience}?tenant=1`)],
  ['white space', 401, /aud: differs by white space from/, aud(`${audience}\n`)],
  [
    'an Application ID URI against its GUID',
    401,
    /aud: differs by the prefix api:\/\/ from/,
    { variables: { JWT_AUDIENCE: guid }, claims: { aud: `api://${guid}` } },
  ],
  ['no audience', 401, /aud: absent; configured/, aud(undefined)],
  ['an audience that is null', 401, /aud: not a string or a list/, aud(null)],
  [
    "Keycloak's default",
    401,
    /aud: the default audience of Keycloak.*audience mapper/,
    aud('account'),
  ],
  ['Microsoft Graph', 401, /aud: for Microsoft Graph/, aud('00000003-0000-0000-c000-000000000000')],
  [
    'the userinfo endpoint',
    401,
    /aud: for the userinfo endpoint of the issuer/,
    aud(['https://id.acme-corp.dev/tenant/userinfo']),
  ],
  [
    'the issuer itself',
    401,
    /aud: the issuer itself.*resource/,
    aud('https://id.acme-corp.dev/tenant'),
  ],
  ['a list as text', 401, /aud: a list that is written as text/, aud(`["${audience}"]`)],
  ['joined audiences', 401, /aud: a list that is written as text/, aud(`account ${audience}`)],
  ['several', 401, /aud: differs by a trailing slash from/, aud(['account', `${audience}/`])],
  ["Supabase's", 401, /aud: the fixed audience of Supabase/, aud('authenticated')],
  ['its own client', 401, /aud: the client of the token/, aud('client-1')],
];

export const issuers: readonly Slip[] = [
  [
    "Okta's org server",
    401,
    /of Okta's org authorization server, whose tokens only Okta can validate/,
    iss('https://acme.okta.com/oauth2/default', 'https://acme.okta.com'),
  ],
  [
    'a custom domain',
    401,
    /differs by the host from/,
    iss('https://login.acme-corp.dev/', 'https://acme.eu.auth0.com/'),
  ],
  [
    "Keycloak's old path",
    401,
    /differs by the path from/,
    iss('https://sso.acme-corp.dev/realms/a', 'https://sso.acme-corp.dev/auth/realms/a'),
  ],
  [
    'a realm in another case',
    401,
    /differs by upper and lower case from/,
    iss('https://sso.acme-corp.dev/realms/a', 'https://sso.acme-corp.dev/realms/A'),
  ],
  [
    'another environment',
    401,
    /differs by the host from/,
    iss('https://id.acme-corp.dev/t', 'https://id-staging.acme-corp.dev/t'),
  ],
  [
    'a development server',
    401,
    /an issuer on the loopback address/,
    iss('https://id.acme-corp.dev/t', 'http://localhost:8080/realms/dev'),
  ],
  [
    'http',
    401,
    /the scheme \(http against https\) from/,
    iss('https://id.acme-corp.dev/t', 'http://id.acme-corp.dev/t'),
  ],
  [
    'no scheme',
    401,
    /the scheme \(absent against https\) from/,
    iss('https://stytch.acme-corp.dev/p', 'stytch.acme-corp.dev/p'),
  ],
  [
    'another pool of Cognito',
    401,
    /differs by the path from/,
    iss(
      'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEfGhI',
      'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_ZbCdEfGhI',
    ),
  ],
  [
    'another provider',
    401,
    /an issuer of Google/,
    iss('https://id.acme-corp.dev/t', 'https://accounts.google.com'),
  ],
  [
    'white space',
    401,
    /differs by white space from/,
    iss('https://id.acme-corp.dev/t', 'https://id.acme-corp.dev/t '),
  ],
  ['none', 401, /iss \(not verified\): absent/, iss('https://id.acme-corp.dev/t', undefined)],
  ['a number', 401, /iss \(not verified\): not a string/, iss('https://id.acme-corp.dev/t', 7)],
];

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

export const times: readonly Slip[] = [
  ['milliseconds', 401, /exp: not in seconds/, { claims: { exp: now * 1_000 } }],
  ['text', 401, /exp: not a number/, { claims: { exp: String(now + 600) } }],
  ['none', 401, /exp: absent/, { claims: { exp: undefined } }],
  ['negative', 401, /exp: not above zero/, { claims: { exp: -1 } }],
  ['nbf early', 401, /nbf: not valid for another \d+ seconds/, { claims: { nbf: now + 300 } }],
  ['a date', 401, /iat: not a number/, { claims: { iat: '2026-01-01T00:00:00Z' } }],
  [
    'a long life',
    401,
    /the token lives 200000 seconds/,
    { claims: { iat: now, exp: now + 200_000 } },
  ],
  ['no subject', 401, /sub: absent/, { claims: { sub: undefined } }],
  ['a number as subject', 401, /sub: not a string/, { claims: { sub: 7 } }],
  [
    'a list as scope',
    401,
    /scope: not a string or a list of strings/,
    { claims: { scope: { a: 1 } } },
  ],
];

const hmac = { JWT_JWKS_URI: undefined, JWT_ALGORITHM: 'HS256', JWT_PUBLIC_KEY: sharedSecret };
const hex = '9f3c61d07ab24e85c1f8d6e093b75a42e8d17c06b95f2a3841cc7d9e60f2b358';
const decoded = Buffer.from(sharedSecret, 'base64');

export const signatures: readonly Slip[] = [
  ['another secret', 401, /failed.*another secret/, { variables: hmac, secret: opaque }],
  [
    'a newline of Windows',
    401,
    /with a trailing newline/,
    { variables: hmac, secret: `${sharedSecret}\r\n` },
  ],
  ['quotation marks', 401, /in quotation marks/, { variables: hmac, secret: `"${sharedSecret}"` }],
  [
    'hex',
    401,
    /decoded from hex/,
    { variables: { ...hmac, JWT_PUBLIC_KEY: hex }, secret: Buffer.from(hex, 'hex') },
  ],
  [
    'base64url',
    401,
    /decoded from base64/,
    {
      variables: { ...hmac, JWT_PUBLIC_KEY: decoded.toString('base64url') },
      secret: decoded,
    },
  ],
  [
    'a text without padding',
    401,
    /without its padding/,
    { variables: hmac, secret: sharedSecret.replace('=', '') },
  ],
  [
    'an unknown key',
    401,
    /the key id is not among the keys of the issuer/,
    { variables: { JWT_CLOCK_SKEW: '31' }, header: { kid: 'k-2' } },
  ],
  ['no key id', 401, /header: kid: absent/, { header: { kid: undefined } }],
  ['a token that was changed', 401, /failed; the key id is known/, { authorization: 'CHANGED' }],
  [
    'none',
    401,
    /none, an unsigned token/,
    sent('Bearer eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL2lkLmFjbWUtY29ycC5kZXYvdGVuYW50In0.AAAA'),
  ],
];

const scopes = (claims: object): Planted => ({ claims: { scope: undefined, ...claims } });

export const scopeSlips: readonly Slip[] = [
  [
    'permissions',
    403,
    /the token has read:data in permissions/,
    scopes({ permissions: ['read:data'] }),
  ],
  ['groups', 403, /the token has read:data in groups/, scopes({ groups: ['read:data'] })],
  ['scopes', 403, /the token has read:data in scopes/, scopes({ scopes: 'read:data write:data' })],
  [
    'scp beside scope',
    403,
    /the token has read:data in scp/,
    { claims: { scope: 'openid', scp: ['read:data'] } },
  ],
  ['Cognito groups', 403, /in cognito:groups/, scopes({ 'cognito:groups': ['read:data'] })],
  [
    'Keycloak realm roles',
    403,
    /in realm_access\.roles/,
    scopes({ realm_access: { roles: ['read:data'] } }),
  ],
  [
    'Keycloak client roles',
    403,
    /in resource_access/,
    scopes({ resource_access: { notes: { roles: ['read:data'] } } }),
  ],
  ['authorities', 403, /in authorities/, scopes({ authorities: ['read:data'] })],
  ['another case', 403, /differs by upper and lower case/, { claims: { scope: 'Read:Data' } }],
  ['a prefix', 403, /has it with a prefix/, { claims: { scope: `${audience}/read:data` } }],
  ['commas', 403, /are joined by commas/, { claims: { scope: 'read:data,write:data' } }],
  ['others', 403, /granted 2 others/, { claims: { scope: 'openid profile' } }],
  ['none', 403, /granted none(?! *;)/, scopes({})],
];

const jkt = { jkt: 'A'.repeat(43) };
const certificate = { 'x5t#S256': 'A'.repeat(43) };
export const bindings: readonly Slip[] = [
  [
    'DPoP at a bearer server',
    401,
    /bound to a DPoP key, and this server asks for no DPoP proof/,
    { claims: { cnf: jkt } },
  ],
  [
    'mTLS at a bearer server',
    401,
    /bound to a client certificate, and this server/,
    { claims: { cnf: certificate } },
  ],
  ['an unknown binding', 401, /cnf: an unknown kind of binding/, { claims: { cnf: { kid: 'k' } } }],
];
