/** How audiences and issuers are misspelt. */
import { audience, type Planted } from './fault-bench.ts';

/** What the line must say of a fault. */
export type Slip = readonly [name: string, status: number, cause: RegExp, planted: Planted];

const guid = '5d0b9a3e-71c4-4b6f-8f0a-2c9e6d1b7a44';
const host = 'https://notes.acme-corp.dev';

const aud = (value: unknown, more: object = {}): Planted => ({ claims: { aud: value, ...more } });
const iss = (configured: string, found: unknown): Planted => ({
  variables: { JWT_ISSUER: configured },
  claims: { iss: found },
});

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
  ['a list as text', 401, /aud: a list in one text/, aud(`["${audience}"]`)],
  ['joined audiences', 401, /aud: a list in one text/, aud(`account ${audience}`)],
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
