/** Rows CLM: what an authentic token must say. */
import {
  contractNowSeconds,
  testContext,
  contractThumbprint as thumbprint,
} from '@sallyport/contract-tests';
import { describe, expect, it } from 'vitest';
import { createJwtVerifier } from '../../src/index.ts';
import {
  audience,
  goodClaims,
  goodHeader,
  goodOptions,
  issuer,
  judge,
  mint,
  now,
  signSegments,
} from '../fixture.ts';

const verifier = createJwtVerifier(goodOptions);
const tolerance = 60;
const raw = (name: string, json: string) => {
  const { [name]: _left, ...others } = goodClaims;
  return signSegments(goodHeader, `${JSON.stringify(others).slice(0, -1)},"${name}":${json}}`);
};

it('maps claims to the principal', async () => {
  const token = await mint({ aud: [audience, 'https://also.example.com'], tid: 't1' });

  await expect(verifier.verify(token, testContext())).resolves.toEqual({
    issuer,
    subject: 'user-1',
    clientId: 'client-1',
    audience: [audience, 'https://also.example.com'],
    scopes: new Set(['notes:read', 'notes:write']),
    expiresAt: contractNowSeconds + 300,
    claims: { tid: 't1', iat: now },
  });
});

describe('exp', () => {
  it('is required (CLM-01)', async () => {
    expect(await judge(await mint({ exp: undefined }))).toEqual({
      code: 'token_claim_invalid',
      detail: 'exp: absent',
    });
  });

  it.each([
    '1e999',
    '-1e999',
    '0',
    '-0',
    '-1',
    '1e-400',
    'null',
    'true',
    '"1767225900"',
    '[1767225900]',
    '{}',
    '100000000000',
    '1e308',
  ])('refuses %s (CLM-02, CLM-03)', async (json) => {
    expect(await judge(await raw('exp', json))).toMatchObject({ code: 'token_claim_invalid' });
  });

  it('may have a fraction (CLM-03)', async () => {
    expect(await judge(await mint({ exp: now + 0.5 }))).toEqual({ code: 'verified' });
  });

  it('says when it is in milliseconds (CLM-04)', async () => {
    expect(await judge(await mint({ exp: (now + 300) * 1_000 }))).toEqual({
      code: 'token_claim_invalid',
      detail: 'exp: not in seconds',
    });
  });

  it.each([
    // CASE-30: a managed identity of Entra has 86,700.
    [86_700, 'verified'],
    [90_060, 'verified'],
    [90_061, 'token_lifetime_excessive'],
  ])('may be %i seconds after iat: %s (CLM-05)', async (lifetime, code) => {
    expect((await judge(await mint({ iat: now, exp: now + lifetime }))).code).toBe(code);
  });

  it.each([
    [-tolerance + 1, 'verified'],
    [-tolerance, 'token_expired'],
    [-tolerance - 1, 'token_expired'],
    [0, 'verified'],
  ])('ends the token with the tolerance: exp at now %i is %s (CLM-07)', async (offset, code) => {
    expect((await judge(await mint({ iat: now - 3_600, exp: now + offset }))).code).toBe(code);
  });

  it('has passed when nobody says what time it is', async () => {
    expect((await judge(await mint(), verifier, Number.NaN)).code).not.toBe('verified');
  });

  it('is judged last: an expired token that is wrong otherwise is wrong (OPS-02)', async () => {
    const expired = { iat: now - 7_200, exp: now - 3_600 };

    expect((await judge(await mint({ ...expired, aud: 'x' }))).code).toBe(
      'token_audience_mismatch',
    );
    expect((await judge(await mint({ ...expired, sub: '' }))).code).toBe('token_claim_invalid');
    expect((await judge(`${(await mint(expired)).slice(0, -6)}AAAAAA`)).code).toMatch(
      /token_(signature_invalid|malformed)/,
    );
  });
});

describe.each(['nbf', 'iat'])('%s', (name) => {
  it.each([
    [tolerance, 'verified'],
    [tolerance + 1, 'token_not_yet_valid'],
  ])('may be in the future by the tolerance: now + %i is %s (CLM-06)', async (offset, code) => {
    expect((await judge(await mint({ [name]: now + offset }))).code).toBe(code);
  });

  it.each(['"1"', '[]', '1e999', '-1', 'true'])('refuses %s (CLM-06)', async (json) => {
    expect((await judge(await raw(name, json))).code).toBe('token_claim_invalid');
  });
});

it('takes an nbf of 0, which some issuers send for none (CLM-06)', async () => {
  expect(await judge(await mint({ nbf: 0 }))).toEqual({ code: 'verified' });
});

describe('aud', () => {
  it.each([
    'null',
    '""',
    '[]',
    '[[]]',
    '[null]',
    '{}',
    '7',
    'true',
    `["${audience}",7]`,
    `[["${audience}"]]`,
    `{"0":"${audience}"}`,
  ])('refuses %s (CLM-09)', async (json) => {
    expect((await judge(await raw('aud', json))).code).toBe('token_audience_mismatch');
  });

  it('may name others besides (CLM-10)', async () => {
    expect(await judge(await mint({ aud: ['x', audience] }))).toEqual({ code: 'verified' });
  });

  it.each([
    `${audience}/`,
    audience.toUpperCase(),
    'https://MCP.example.com/mcp',
    'https://mcp.example.com:443/mcp',
    'https://mcp.example.com%2Fmcp',
    'https://mcp.example.com/mcp.evil',
    'https://mcp.example.com/mc',
    'https://mcp.example.com/',
    ` ${audience}`,
    'https://mсp.example.com/mcp',
  ])('is compared exactly: %s (CLM-11)', async (aud) => {
    expect((await judge(await mint({ aud }))).code).toBe('token_audience_mismatch');
  });

  it.each([
    ['https://mcp.example.com', 'https://mcp.example.com/', 'verified'],
    ['https://mcp.example.com/', 'https://mcp.example.com', 'verified'],
    ['https://mcp.example.com:8443', 'https://mcp.example.com:8443/', 'verified'],
    ['http://localhost:8000', 'http://localhost:8000/', 'verified'],
    ['https://mcp.example.com', 'https://mcp.example.com//', 'token_audience_mismatch'],
    ['https://mcp.example.com', 'https://mcp.example.com/mcp', 'token_audience_mismatch'],
    ['https://mcp.example.com', 'http://mcp.example.com/', 'token_audience_mismatch'],
    ['https://mcp.example.com', 'https://MCP.example.com/', 'token_audience_mismatch'],
    ['https://mcp.example.com?a', 'https://mcp.example.com?a/', 'token_audience_mismatch'],
    ['api://notes', 'api://notes/', 'token_audience_mismatch'],
    ['notes', 'notes/', 'token_audience_mismatch'],
  ])('CASE-31: %s takes a token for %s: %s', async (own, aud, code) => {
    for (const own2 of [own, ['https://other.example.com/mcp', own]] as const) {
      const options = { ...goodOptions, audience: own2 as string };

      expect((await judge(await mint({ aud }), createJwtVerifier(options))).code).toBe(code);
      expect((await judge(await mint({ aud: ['x', aud] }), createJwtVerifier(options))).code).toBe(
        code,
      );
    }
  });

  it('refuses every change of one character (CLM-11)', async () => {
    for (let index = 0; index < audience.length; index += 1) {
      for (const changed of [
        audience.slice(0, index) + audience.slice(index + 1),
        `${audience.slice(0, index)}~${audience.slice(index + 1)}`,
      ]) {
        expect((await judge(await mint({ aud: changed }))).code).toBe('token_audience_mismatch');
      }
    }
  });

  it('may be one of several that the verifier knows', async () => {
    const both = createJwtVerifier({ ...goodOptions, audience: ['api://a', audience] });

    expect(await judge(await mint({ aud: 'api://a' }), both)).toEqual({ code: 'verified' });
    expect(await judge(await mint(), both)).toEqual({ code: 'verified' });
  });
});

describe('iss', () => {
  it.each([
    `["${issuer}"]`,
    `"${issuer}/"`,
    `"${issuer.toUpperCase()}"`,
    '"https://аuth.example.com"',
    'null',
    '7',
    '""',
  ])('is compared exactly: %s (CLM-12)', async (json) => {
    expect((await judge(await raw('iss', json))).code).toBe('token_issuer_untrusted');
  });

  it('is required (CLM-12)', async () => {
    expect((await judge(await mint({ iss: undefined }))).code).toBe('token_issuer_untrusted');
  });
});

describe('scope', () => {
  const scopesOf = async (claims: Record<string, unknown>) => [
    ...(await verifier.verify(await mint(claims), testContext())).scopes,
  ];

  it.each([
    [{ scope: 'a b' }, ['a', 'b']],
    [{ scope: '' }, []],
    [{ scope: undefined }, []],
    [{ scope: ' a  b ' }, ['a', 'b']],
    [{ scope: 'a a' }, ['a']],
    [{ scope: 'a\tb' }, ['a\tb']],
    [{ scope: undefined, scp: 'a b' }, ['a', 'b']],
    [{ scope: undefined, scp: ['a', 'b c'] }, ['a', 'b c']],
    [{ scope: 'a', scp: ['b'] }, ['a']],
    [{ scope: undefined, roles: ['a'], permissions: ['b'] }, []],
  ])('of %j is %j (CLM-14)', async (claims, scopes) => {
    expect(await scopesOf(claims)).toEqual(scopes);
  });

  it.each<Record<string, unknown>>([
    { scope: ['a', 7] },
    { scope: 7 },
    { scope: { a: 1 } },
    { scope: { toString: 1, valueOf: 1 } },
    { scope: undefined, scp: [7] },
    { scope: undefined, scp: [['a']] },
    { scope: undefined, scp: [''] },
    { scope: Array.from({ length: 257 }, (_, index) => `s${index}`).join(' ') },
  ])('refuses %j (CLM-14)', async (claims) => {
    expect((await judge(await mint(claims))).code).toBe('token_claim_invalid');
  });
});

describe('who it is', () => {
  it.each([
    ['sub', undefined, 'absent'],
    ['sub', '', 'empty'],
    ['sub', 7, 'not a string'],
    ['sub', 'x'.repeat(1_025), 'longer than 1024 characters'],
    ['client_id', ['x'], 'not a string'],
  ])('refuses %s: %j (CLM-18)', async (name, value, problem) => {
    expect(await judge(await mint({ [name]: value }))).toEqual({
      code: 'token_claim_invalid',
      detail: `${name}: ${problem}`,
    });
  });

  it.each([undefined, null, ''])(
    'refuses a client_id of %j as absent (CASE-36, CLM-18)',
    async (value) => {
      expect(await judge(await mint({ client_id: value }))).toEqual({
        code: 'token_claim_invalid',
        detail: 'client_id: absent; needs the client',
      });
    },
  );

  it.each([null, ''])('CASE-36: an optional member of %j counts as absent', async (value) => {
    const empty = { nbf: value, iat: value, jti: value, azp: value, scope: value };
    expect(await judge(await mint(empty, { kid: 'es' }))).toEqual({ code: 'verified' });
    for (const name of ['exp', 'aud', 'cnf']) {
      expect((await judge(await mint({ [name]: value }))).code).not.toBe('verified');
    }
  });

  it.each([
    [{ azp: 'a' }, 'a'],
    [{ cid: 'a' }, 'a'],
    [{ appid: 'a' }, 'a'],
    [{ client_id: 'b', azp: 'a' }, 'b'],
    [{}, 'user-1'],
  ])('takes the client of %j in the legacy profile', async (claims, clientId) => {
    const legacy = createJwtVerifier({ ...goodOptions, profile: 'legacy' });
    const token = await mint({ client_id: undefined, ...claims });

    await expect(legacy.verify(token, testContext())).resolves.toMatchObject({ clientId });
  });

  it('keeps hostile text as it is, for those who print it to escape (CLM-18)', async () => {
    const sub = 'a\u202eb\u0007c';

    await expect(verifier.verify(await mint({ sub }), testContext())).resolves.toMatchObject({
      subject: sub,
    });
  });
});

it.each([{ jkt: 'x' }, { 'x5t#S256': 'x' }, {}, null, 'x'])(
  'refuses a token that is bound to a sender: cnf %j (CLM-17)',
  async (cnf) => {
    expect(await judge(await mint({ cnf }))).toEqual({
      code: 'token_sender_constrained',
      detail: expect.stringMatching(/^cnf: (an unknown kind|(jkt|x5t#S256) is not)/),
    });
  },
);

describe('a token whose proof is asked for', () => {
  const asked = testContext({ confirmationMethods: new Set(['jkt', 'x5t#S256']) });

  it.each(['jkt', 'x5t#S256'])('tells of its binding in a field of its own: %s', async (method) => {
    const principal = await verifier.verify(await mint({ cnf: { [method]: thumbprint } }), asked);

    expect(principal.confirmation).toEqual({ method, thumbprint });
    expect(principal.claims).not.toHaveProperty('cnf');
  });

  it.each([{}, { kid: 'x' }, { jkt: 'x' }, { jkt: thumbprint, kid: 'x' }, null])(
    'is refused when the binding is not understood: cnf %j (CLM-17)',
    async (cnf) => {
      await expect(verifier.verify(await mint({ cnf }), asked)).rejects.toThrow(
        expect.objectContaining({ code: 'token_sender_constrained' }),
      );
    },
  );

  it('has no binding where it is a bearer token', async () => {
    expect(await verifier.verify(await mint(), asked)).not.toHaveProperty('confirmation');
  });
});
