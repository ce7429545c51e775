/** Rows INT: what answers say, and what is made of it. */
import { testContext } from '@sallyport/contract-tests';
import { Secret } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { bearerToken } from '../src/index.ts';
import { answer, goodAnswer, judge, rogueIssuer, startRogue } from './fixture.ts';

const now = () => Math.floor(Date.now() / 1_000);
const ask = async (value: unknown, status?: number, headers?: Record<string, string>) => {
  const rogue = await startRogue(answer(value, status, headers));
  return { code: await judge(rogue.create(), 'opaque-token'), rogue };
};

it('turns a good answer into a principal', async () => {
  const rogue = await startRogue(answer(goodAnswer({ org: { id: 7 } })));
  const context = testContext({ nowSeconds: now() });
  const principal = await rogue.create().verify('opaque-token', context);

  expect(principal).toEqual({
    issuer: rogueIssuer,
    subject: 'user-1',
    clientId: 'client-1',
    audience: ['https://mcp.example.com/mcp'],
    scopes: new Set(['notes:read', 'notes:write']),
    expiresAt: expect.any(Number),
    claims: { org: { id: 7 }, token_type: 'Bearer' },
  });
  expect(Object.isFrozen(principal)).toBe(true);
});

describe('active', () => {
  it.each(['true', 1, 'active', [true], {}, null, undefined])(
    'must be the boolean, and not %j (INT-01)',
    async (active) => {
      const { code, rogue } = await ask(goodAnswer({ active }));

      expect(code).toBe('token_inactive');
      expect(rogue.events).toEqual([{ type: 'protocol_error', detail: 'active is not a boolean' }]);
    },
  );

  it('says false of a token, and that is all there is to say', async () => {
    const { code, rogue } = await ask({ active: false });

    expect(code).toBe('token_inactive');
    expect(rogue.events).toEqual([]);
  });
});

describe('an active answer', () => {
  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['INT-02', { exp: now() - 61 }, 'token_expired'],
    ['INT-02', { exp: '1' }, 'token_claim_invalid'],
    ['INT-02', { exp: null }, 'token_claim_invalid'],
    ['INT-02', { exp: undefined }, 'verified'],
    ['INT-03', { aud: undefined }, 'token_audience_mismatch'],
    ['INT-03', { aud: 'https://other.example.com/mcp' }, 'token_audience_mismatch'],
    ['INT-03', { aud: ['x', 'https://mcp.example.com/mcp'] }, 'verified'],
    ['INT-03', { aud: { 0: 'https://mcp.example.com/mcp' } }, 'token_audience_mismatch'],
    ['INT-04', { iss: 'https://evil.example.com' }, 'token_issuer_untrusted'],
    ['INT-04', { iss: null }, 'token_issuer_untrusted'],
    ['INT-04', { iss: undefined }, 'verified'],
    ['INT-04', { nbf: now() + 3_600 }, 'token_not_yet_valid'],
    ['INT-04', { cnf: { jkt: 'x' } }, 'token_sender_constrained'],
    ['INT-04', { token_type: 'DPoP' }, 'token_sender_constrained'],
    ['INT-04', { token_type: 'N_A' }, 'token_type_forbidden'],
    ['INT-04', { token_type: 'refresh_token' }, 'token_type_forbidden'],
    ['INT-04', { token_type: null }, 'token_type_forbidden'],
    ['INT-04', { token_type: 'bearer' }, 'verified'],
    ['INT-04', { token_type: undefined, token_use: 'refresh' }, 'token_type_forbidden'],
    ['INT-04', { token_use: 'access' }, 'verified'],
    ['CLM-16', { sub: undefined }, 'verified'],
    ['CLM-16', { sub: undefined, client_id: undefined }, 'token_claim_invalid'],
    ['CLM-18', { sub: '' }, 'token_claim_invalid'],
    ['CLM-14', { scope: 7 }, 'token_claim_invalid'],
    ['CLM-14', { scope: ['a'] }, 'verified'],
  ])('is judged here as well (%s): %j is %s', async (_row, changes, expected) => {
    expect((await ask(goodAnswer(changes))).code).toBe(expected);
  });

  it('without exp lets in for a minute (INT-02)', async () => {
    const rogue = await startRogue(answer(goodAnswer({ exp: undefined })));
    const context = testContext({ nowSeconds: now() });
    const { expiresAt } = await rogue.create().verify('opaque-token', context);

    expect(expiresAt).toBe(context.nowSeconds + 60);
  });

  it('without aud is enough only where the server answers one resource server alone (INT-03)', async () => {
    const rogue = await startRogue(answer(goodAnswer({ aud: undefined })));
    const verifier = rogue.create({ audience: undefined, audienceFromClient: true } as object);

    expect(await judge(verifier, 'opaque-token')).toBe('verified');
  });
});

it.each([
  ['https://mcp.example.com', 'https://mcp.example.com/', 'verified'],
  ['https://mcp.example.com/', 'https://mcp.example.com', 'verified'],
  ['https://mcp.example.com/mcp', 'https://mcp.example.com/mcp/', 'token_audience_mismatch'],
])('CASE-31: %s takes an answer for %s: %s', async (audience, aud, code) => {
  const rogue = await startRogue(answer(goodAnswer({ aud })));

  expect(await judge(rogue.create({ audience } as object), 'opaque-token')).toBe(code);
});

describe('what is no answer', () => {
  it.each<[string, unknown, number, Record<string, string>]>([
    ['INT-11', '<html>', 200, { 'Content-Type': 'text/html' }],
    ['INT-11', '', 204, {}],
    ['INT-11', null, 200, {}],
    ['INT-11', [], 200, {}],
    ['INT-11', '{"active":', 200, {}],
    ['INT-11', '"active"', 200, {}],
    ['CASE-70', {}, 200, {}],
    ['CASE-70', { error: 'server_error' }, 200, {}],
    ['CASE-70', { message: 'no Route matched with those values' }, 200, {}],
    ['CASE-70', { Active: true, data: { active: true } }, 200, {}],
    ['INT-12', '', 302, { Location: 'https://evil.example.com' }],
    ['INT-12', '', 307, { Location: '/elsewhere' }],
    ['INT-13', {}, 401, {}],
    ['INT-13', {}, 403, {}],
    ['INT-15', {}, 429, { 'Retry-After': '7' }],
    ['INT-15', {}, 503, { 'Retry-After': '7' }],
    ['INT-10', {}, 500, {}],
    ['INT-10', {}, 404, {}],
    ['INT-10', `{"active":true,"x":"${'x'.repeat(65_536)}"}`, 200, {}],
  ])('is no verdict on the token (%s): %j with %i', async (_row, value, status, headers) => {
    const { code, rogue } = await ask(value, status, headers);

    expect(code).toBe('upstream_unavailable');
    expect(rogue.bodies).toHaveLength(1);
  });

  it('hands on when to come back (INT-15)', async () => {
    const rogue = await startRogue(answer({}, 503, { 'Retry-After': '7' }));
    const context = testContext({ nowSeconds: now() });

    await expect(rogue.create().verify('t', context)).rejects.toMatchObject({
      retryAfterSeconds: 7,
    });
  });

  it.each<[string, unknown, number, string]>([
    ['INT-14', { error: 'unsupported_token_type' }, 400, 'token_inactive'],
    ['INT-14', { error: 'invalid_token' }, 400, 'token_inactive'],
    ['INT-14', { error: 'invalid_grant' }, 400, 'token_inactive'],
    ['CASE-61', { error: 'invalid_client' }, 400, 'upstream_unavailable'],
    ['CASE-61', { error: 'invalid_client' }, 403, 'upstream_unavailable'],
    ['CASE-61', { error: 'unauthorized_client' }, 400, 'upstream_unavailable'],
    ['CASE-61', { error: 'unsupported_grant_type' }, 400, 'upstream_unavailable'],
    ['CASE-61', { error: 'invalid_request' }, 400, 'upstream_unavailable'],
    ['CASE-61', { error: ['invalid_token'] }, 400, 'upstream_unavailable'],
    ['CASE-61', null, 400, 'upstream_unavailable'],
    ['CASE-61', {}, 400, 'upstream_unavailable'],
    ['CASE-61', '<html>', 400, 'upstream_unavailable'],
  ])(
    'blames the token only for an error that speaks of it (%s): %j with %i is %s',
    async (_row, value, status, expected) => {
      expect((await ask(value, status)).code).toBe(expected);
      const isPage = { 'Content-Type': 'text/html' };
      expect((await ask('<html>', status, isPage)).code).toBe('upstream_unavailable');
    },
  );

  it.each<[number, unknown, string]>([
    [401, {}, 'application/json'],
    [401, '<html>', 'text/html'],
    [403, {}, 'application/json'],
    [400, { error: 'invalid_client' }, 'application/json'],
  ])(
    'CASE-61: reads the secret again and asks once more after %i %j',
    async (status, value, type) => {
      const rogue = await startRogue((request, response, body) => {
        const isNew = request.headers.authorization === `Bearer ${secrets[1]}`;
        if (isNew) answer(goodAnswer())(request, response, body);
        else answer(value, status, { 'Content-Type': type })(request, response, body);
      });
      const secrets = ['first-secret-value', 'second-secret-value'];
      const asked: boolean[] = [];
      const secret = ({ isRefused }: { isRefused: boolean }) => {
        asked.push(isRefused);
        return new Secret(secrets[isRefused ? 1 : 0] ?? '');
      };

      expect(
        await judge(rogue.create({ clientAuthentication: bearerToken(secret) }), 'opaque'),
      ).toBe('verified');
      expect(asked).toEqual([false, true]);
      expect(rogue.events).toEqual([]);

      secrets[1] = 'third-secret-value';
      const neither = rogue.create({
        clientAuthentication: bearerToken(() => new Secret('wrong-secret-value')),
      });
      expect(await judge(neither, 'opaque')).toBe('upstream_unavailable');
      expect(rogue.events).toEqual([{ type: 'credentials_refused', status }]);
      expect(rogue.bodies).toHaveLength(4);
    },
  );

  it.each([
    ['a member twice', '{"active":true,"active":false}'],
    ['a member twice', `{"active":false,${JSON.stringify(goodAnswer()).slice(1)}`],
    ['a member twice', `{"\\u0061ctive":false,${JSON.stringify(goodAnswer()).slice(1)}`],
    [
      'a member twice',
      JSON.stringify(goodAnswer({ org: 1 })).replace('"org":1', '"org":{"a":1,"a":2}'),
    ],
    [
      'nested too deeply',
      JSON.stringify(goodAnswer({ org: 1 })).replace(
        '"org":1',
        `"org":${'['.repeat(20_000)}${']'.repeat(20_000)}`,
      ),
    ],
  ])('CASE-70: that can be read in two ways is none (%s)', async (detail, text) => {
    const { code, rogue } = await ask(text);

    expect(code).toBe('upstream_unavailable');
    expect(rogue.events).toEqual([{ type: 'protocol_error', detail }]);
  });
});

const oddValues: readonly unknown[] = [
  null,
  true,
  7,
  -1,
  1e300,
  '',
  ' ',
  '\ud800',
  'x'.repeat(5_000),
  [],
  [null],
  [[]],
  ['Bearer'],
  {},
  { toString: 1 },
  JSON.parse('{"__proto__":null}'),
  { length: 1 },
];
const members = [
  'iss',
  'sub',
  'aud',
  'exp',
  'nbf',
  'iat',
  'jti',
  'client_id',
  'username',
  'scope',
  'scp',
  'token_type',
  'token_use',
  'cnf',
];

it.each(members)(
  'CASE-70: reads or refuses a %s of every type, and never fails',
  async (member) => {
    const rogue = await startRogue(() => {});
    const verifier = rogue.create();
    for (const [index, value] of oddValues.entries()) {
      rogue.handle = answer(goodAnswer({ [member]: value }));
      const code = await judge(verifier, `opaque-${index}`);
      expect([value, code]).toEqual([value, expect.stringMatching(/^(verified|token_.*)$/)]);
    }
  },
);

it.each([['Bearer'], { toString: 1 }, 7, true])(
  'CASE-70: takes no token_type %j for a text',
  async (type) => {
    expect((await ask(goodAnswer({ token_type: type }))).code).toBe('token_type_forbidden');
  },
);

it.each(['a&token_type_hint=x', 'a+b/c=', 'a%26b', 'a\r\nX: y', 'é'])(
  'sends %j as the one parameter that it is (INT-18)',
  async (token) => {
    const rogue = await startRogue(answer(goodAnswer()));
    await judge(rogue.create(), token);

    expect([...new URLSearchParams(rogue.bodies[0])]).toEqual([
      ['token', token],
      ['token_type_hint', 'access_token'],
    ]);
  },
);

it('puts nothing of a token into what it throws (OPS-05)', async () => {
  for (const [value, status] of [
    [{ active: false }, 200],
    ['x', 200],
    [{}, 500],
  ] as const) {
    const rogue = await startRogue(answer(value, status));
    const token = 'a-token-that-nobody-may-read';
    const error = await rogue
      .create()
      .verify(token, testContext({ nowSeconds: now() }))
      .catch((thrown: unknown) => thrown as Error);

    expect(JSON.stringify([error, (error as Error).stack, rogue.events])).not.toContain(
      'nobody-may',
    );
  }
});
