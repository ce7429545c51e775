/** Beyond the twelve: slips of each kind, and what the one line of the log says. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientSecret, type FaultBench, openFaultBench } from './fault-bench.ts';
import * as kindSlips from './kind-slips.ts';
import * as nameSlips from './name-slips.ts';
import * as otherSlips from './usual-slips.ts';

let bench: FaultBench;

beforeAll(async () => {
  bench = await openFaultBench();
});
afterAll(() => bench.close());

const slips = { ...nameSlips, ...kindSlips, ...otherSlips };

describe.each(Object.entries(slips))('%s', (_kind, rows) => {
  it.each(rows)('CASE-37: one line names %s', async (_name, status, cause, planted) => {
    const changed = planted.authorization === 'CHANGED' ? await changedToken() : planted;
    const answer = await bench.plant(changed);

    expect(answer.message).toMatch(cause);
    expect(answer.status).toBe(status);
  });
});

const introspection = (secret: string, more: object = {}) => ({
  TYPE: 'introspection',
  JWT_ISSUER: undefined,
  JWT_AUDIENCE: undefined,
  JWT_JWKS_URI: undefined,
  JWT_ALGORITHM: undefined,
  INTROSPECTION_URL: bench.server.introspectionUrl,
  INTROSPECTION_CLIENT_ID: 'notes',
  INTROSPECTION_CLIENT_SECRET: secret,
  ...more,
});
function issued(): Promise<string> {
  return bench.server.issueToken({ scopes: ['read:data'], format: 'opaque' });
}

type Row = readonly [string, string, object, () => Promise<string>, number, RegExp];

const rows: readonly Row[] = [
  [
    'an unknown token',
    clientSecret,
    {},
    async () => 'Zk3vQ9rT7wXy2',
    401,
    /calls the token inactive: expired, revoked or unknown; it may be of another issuer/,
  ],
  ['a JWT', clientSecret, {}, () => bench.server.mintToken(), 401, /inactive.*it is a JWT/],
  [
    'wrong credentials',
    'another-Xq4T7vbN2',
    {},
    issued,
    503,
    /introspection: the server refused our credentials/,
  ],
  [
    'a secret with a newline inside quotation marks',
    `"${clientSecret}"`,
    {},
    issued,
    503,
    /introspection: the server refused our credentials/,
  ],
  [
    'another audience',
    clientSecret,
    { INTROSPECTION_AUDIENCE: 'https://notes.acme-corp.dev/sse' },
    issued,
    401,
    /aud: differs by the path from https:\/\/notes\.acme-corp\.dev\/sse/,
  ],
];

it.each(rows)(
  'CASE-37: introspection: one line names %s',
  async (_name, secret, more, token, status, cause) => {
    const authorization = `Bearer ${await token()}`;
    const answer = await bench.plant({ variables: introspection(secret, more), authorization });

    expect(answer.message).toMatch(cause);
    expect(answer.status).toBe(status);
  },
);

/** Its signature is that of another token. */
async function changedToken() {
  const claims = { iss: 'https://id.acme-corp.dev/tenant' };
  const [one, other] = [await bench.server.mintToken(claims), await bench.server.mintToken(claims)];
  const parts = [...one.split('.').slice(0, 2), other.split('.')[2]];
  return { authorization: `Bearer ${parts.join('.')}` };
}
