/** The twelve usual faults: the message of a single line of the log names the cause. */
import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  audience,
  type FaultBench,
  openFaultBench,
  type Planted,
  sharedSecret,
} from './fault-bench.ts';

let bench: FaultBench;

beforeAll(async () => {
  bench = await openFaultBench();
});
afterAll(() => bench.close());

const now = Math.floor(Date.now() / 1_000);
const tenant = '8c2f4f6e-3a52-4d0f-9a53-1f3f2f0c7e11';
const entra = { JWT_ISSUER: `https://login.microsoftonline.com/${tenant}/v2.0` };
const hmac = { JWT_JWKS_URI: undefined, JWT_ALGORITHM: 'HS256', JWT_PUBLIC_KEY: sharedSecret };
/** A port on which nothing listens. */
const away = await new Promise<string>((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address() as { port: number };
    probe.close(() => resolve(`http://127.0.0.1:${port}/jwks`));
  });
});

type Row = readonly [name: string, status: number, cause: RegExp, planted: Planted];

const faults: readonly Row[] = [
  [
    'a wrong audience',
    401,
    /aud: for another server or client; configured: https:\/\/notes\.acme-corp\.dev\/mcp/,
    { claims: { aud: 'https://crm.other-corp.dev/api' } },
  ],
  [
    'a trailing newline in a secret',
    401,
    /valid for the secret with a trailing newline/,
    { variables: hmac, secret: `${sharedSecret}\n` },
  ],
  [
    'an issuer that differs by a slash',
    401,
    /iss \(not verified\): differs by a trailing slash from https:\/\/acme/,
    {
      variables: { JWT_ISSUER: 'https://acme.eu.auth0.com/' },
      claims: { iss: 'https://acme.eu.auth0.com' },
    },
  ],
  [
    'an audience that differs by a slash',
    401,
    /aud: differs by a trailing slash from https:\/\/notes/,
    { claims: { aud: `${audience}/` } },
  ],
  [
    'a token of Entra version 1 where version 2 is configured',
    401,
    /a version 1 token of Entra, and version 2 is configured/,
    { variables: entra, claims: { iss: `https://sts.windows.net/${tenant}/`, ver: '1.0' } },
  ],
  [
    'an ID token',
    401,
    /an ID token; the client must send the access token/,
    { claims: { aud: 'client-1', nonce: 'n-1', scope: undefined, client_id: undefined } },
  ],
  [
    'a clock of the server that is five minutes slow',
    401,
    /iat: not valid for another 2?[39]\d+ seconds; compare the clocks/,
    { claims: { iat: now + 300, exp: now + 900 } },
  ],
  [
    'a clock of the server that is five minutes fast',
    401,
    /exp: expired 1\d\d seconds ago, issued 3\d\d seconds ago; tolerance 60.*compare the clocks/,
    { claims: { iat: now - 310, exp: now - 110 } },
  ],
  [
    'a token that expired yesterday',
    401,
    /exp: expired 864\d\d seconds ago.*the client must get a new token/,
    { claims: { iat: now - 90_000, exp: now - 86_400 } },
  ],
  ['keys that cannot be fetched', 503, /keys: ECONNREFUSED/, { variables: { JWT_JWKS_URI: away } }],
  [
    'a wrong algorithm',
    401,
    /alg: ES256, a public-key algorithm; configured: RS256/,
    { variables: { JWT_ALGORITHM: 'RS256' } },
  ],
  [
    'scopes in roles',
    403,
    /missing read:data; granted none; the token has read:data in roles/,
    { claims: { scope: undefined, roles: ['read:data'] } },
  ],
  [
    'a secret that is text here and base64 at the issuer',
    401,
    /valid for the secret decoded from base64/,
    { variables: hmac, secret: Buffer.from(sharedSecret, 'base64') },
  ],
  [
    'a resource with http in place of https',
    401,
    /aud: differs by the scheme \(http against https\) from/,
    { claims: { aud: audience.replace('https', 'http') } },
  ],
  [
    'a resource on another host',
    401,
    /aud: differs by the host from/,
    { claims: { aud: 'https://notes-4fz6kq7a-ew.a.run.app/mcp' } },
  ],
];

it.each(faults)('CASE-37, CASE-51: one line names %s', async (_name, status, cause, planted) => {
  const answer = await bench.plant(planted);

  expect(answer.status).toBe(status);
  expect(answer.message).toMatch(cause);
});
