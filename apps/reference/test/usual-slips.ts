/** What is wrong with times, signatures, scopes and bindings. */
import { audience, type Planted, sharedSecret } from './fault-bench.ts';
import type { Slip } from './name-slips.ts';

const now = Math.floor(Date.now() / 1_000);
const opaque = 'Zk3vQ9rT7wXy2LmN8bC5dF1gH6jK4pS0';

const sent = (authorization: string): Planted => ({ authorization });

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
