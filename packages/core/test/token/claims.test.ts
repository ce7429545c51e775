import { describe, expect, it } from 'vitest';
import {
  authErrorAnswers,
  type ClaimPath,
  type Claims,
  judgeTimes,
  readAudience,
  readIdentifier,
  readScopes,
  takeOtherClaims,
} from '../../src/index.ts';

const now = 1_767_225_600;
const rules = { clockToleranceSeconds: 60, maximumLifetimeSeconds: 86_400 };

/** How reading ended: what was read, or the code and detail of the refusal. */
function outcome<T>(read: () => T): T | { code: string; detail: string | undefined } {
  try {
    return read();
  } catch (error) {
    const { name, code, detail } = error as { name: string; code: string; detail?: string };
    expect(name).toBe('AuthError');
    return { code, detail };
  }
}

describe('judgeTimes', () => {
  const judge = (claims: Claims, nowSeconds = now) =>
    outcome(() => judgeTimes({ exp: now + 300, ...claims }, rules, nowSeconds));

  it('says from when to when claims hold', () => {
    expect(judge({})).toEqual({ startsAt: 0, expiresAt: now + 300 });
    expect(judge({ iat: now - 10, nbf: now - 5 })).toEqual({
      startsAt: now - 5,
      expiresAt: now + 300,
    });
    expect(judge({ iat: now, nbf: 0 })).toEqual({ startsAt: now, expiresAt: now + 300 });
  });

  it.each([
    [undefined, 'exp: absent'],
    [null, 'exp: empty'],
    ['', 'exp: empty'],
    ['1767225900', 'exp: not a number'],
    [true, 'exp: not a number'],
    [[now], 'exp: not a number'],
    [{}, 'exp: not a number'],
    [0, 'exp: not above zero'],
    [-0, 'exp: not above zero'],
    [-1, 'exp: not above zero'],
    [Number.NaN, 'exp: not above zero'],
  ])('CASE-37: takes no exp of %j and says what it is (CLM-01, CLM-03)', (exp, detail) => {
    expect(judge({ exp })).toEqual({ code: 'token_claim_invalid', detail });
  });

  it.each([Number.POSITIVE_INFINITY, 1e308, (now + 300) * 1_000, 100_000_000_000])(
    'takes an exp of %d for no number of seconds (CLM-02, CLM-04)',
    (exp) => {
      expect(judge({ exp })).toEqual({
        code: 'token_claim_invalid',
        detail: 'exp: not in seconds',
      });
    },
  );

  it.each([
    [{ nbf: now + 60 }, undefined],
    [{ nbf: now + 61 }, expect.stringContaining('nbf: not valid for another 61 seconds')],
    [{ iat: now + 60 }, undefined],
    [{ iat: now + 61 }, expect.stringContaining('iat: not valid for another 61 seconds')],
  ])('forgives the tolerance and no more: %j (CLM-06)', (claims, detail) => {
    const expected = { code: 'token_not_yet_valid', detail };
    expect(judge(claims)).toEqual(detail === undefined ? expect.any(Object) : expected);
    expect(judge(claims)).toHaveProperty(detail === undefined ? 'startsAt' : 'code');
  });

  it.each(['nbf', 'iat'])('takes no %s that is no time (CLM-06)', (name) => {
    expect(judge({ [name]: '1' })).toEqual({
      code: 'token_claim_invalid',
      detail: `${name}: not a number`,
    });
  });

  it.each([
    [86_460, 'startsAt'],
    [86_461, 'code'],
  ])('allows %i seconds from iat to exp: %s (CLM-05)', (lifetime, property) => {
    expect(judge({ iat: now, exp: now + lifetime })).toHaveProperty(property);
  });

  it('CASE-30: names the lifetime and the maximum in a refusal that does not count', () => {
    expect(judge({ iat: now, exp: now + 90_000 })).toEqual({
      code: 'token_lifetime_excessive',
      detail: 'the token lives 90000 seconds; the maximum lifetime is 86400',
    });
    expect(authErrorAnswers.token_lifetime_excessive).toMatchObject({ status: 401, counts: false });
  });

  it.each([null, 0, ''])(
    'CASE-36: takes an nbf or iat of %j for absent, but never an exp',
    (empty) => {
      const expected = { startsAt: 0, expiresAt: now + 300 };
      expect(judge({ nbf: empty, iat: empty })).toEqual(expected);
      expect(judge({ exp: empty })).toMatchObject({ code: 'token_claim_invalid' });
    },
  );

  it.each([
    [{}, 600, 'exp: expired 300 seconds ago; tolerance 60; the client must get a new token. If'],
    [{ iat: now }, 600, 'exp: expired 300 seconds ago, issued 600 seconds ago; tolerance 60; the'],
    [{ iat: now }, 3_901, 'tolerance 60; the client must get a new token'],
  ])('CASE-37: says by how many seconds %j is too late', (claims, later, detail) => {
    expect(judge(claims, now + later)).toEqual({
      code: 'token_expired',
      detail: expect.stringContaining(detail),
    });
  });

  it('CASE-37: mentions clocks only where a clock can be off by so much', () => {
    expect(judge({}, now + 3_900)).toMatchObject({ detail: expect.stringContaining('clocks') });
    expect(judge({}, now + 3_901)).toMatchObject({ detail: expect.not.stringContaining('clocks') });
  });

  it.each([
    [359.9, 'startsAt'],
    [360, 'code'],
    [Number.NaN, 'code'],
  ])('ends with exp and the tolerance: %d seconds later, %s (CLM-07)', (later, property) => {
    expect(judge({}, now + later)).toHaveProperty(property);
  });
});

describe('readAudience', () => {
  it.each([
    [undefined, []],
    ['a', ['a']],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [[], []],
  ])('reads %j (CLM-10)', (aud, expected) => {
    const audience = readAudience({ aud });

    expect(audience).toEqual(expected);
    expect(Object.isFrozen(audience)).toBe(true);
  });

  it.each([null, 7, '', [null], ['a', 7], [['a']], { 0: 'a' }, ['\ud800']])(
    'refuses %j (CLM-09, TOK-22)',
    (aud) => {
      expect(outcome(() => readAudience({ aud }))).toEqual({
        code: 'token_audience_mismatch',
        detail: 'aud: not a string or a list of strings',
      });
    },
  );

  it('leaves the claim as it was', () => {
    const aud = ['a'];
    readAudience({ aud });
    expect(Object.isFrozen(aud)).toBe(false);
  });
});

describe('readIdentifier', () => {
  it.each(['u', 'x'.repeat(1_024), 'Zoë 中'])('reads %s', (sub) => {
    expect(readIdentifier({ sub }, 'sub')).toBe(sub);
  });

  it.each([
    [undefined, 'sub: absent'],
    [null, 'sub: empty'],
    ['', 'sub: empty'],
    [7, 'sub: not a string'],
    [['u'], 'sub: not a string'],
    ['x'.repeat(1_025), 'sub: longer than 1024 characters'],
    ['\udc00', 'sub: not a string'],
  ])('refuses %j (CLM-18, TOK-22)', (sub, detail) => {
    expect(outcome(() => readIdentifier({ sub }, 'sub'))).toEqual({
      code: 'token_claim_invalid',
      detail,
    });
  });
});

describe('readScopes', () => {
  const roles: ClaimPath = ['resource_access', 'mcp', 'roles'];

  it.each<[Claims, readonly ClaimPath[], readonly string[]]>([
    [{ scope: 'a b' }, ['scope'], ['a', 'b']],
    [{ scope: ' a  b ' }, ['scope'], ['a', 'b']],
    [{ scope: 'a\tb' }, ['scope'], ['a\tb']],
    [{ scope: '' }, ['scope', 'scp'], []],
    [{ scope: ['a', 'b c'] }, ['scope'], ['a', 'b c']],
    [{ scp: ['a'] }, ['scope', 'scp'], ['a']],
    [{ scope: 'a', scp: 'b' }, ['scope', 'scp'], ['a']],
    [{ scope: 'a' }, ['permissions'], []],
    [{ scope: 'a' }, [], []],
    [{ resource_access: { mcp: { roles: ['a'] } } }, [roles], ['a']],
    [{ resource_access: { mcp: {} } }, [roles], []],
    [{ resource_access: 'mcp' }, [roles], []],
    [{ resource_access: null }, [roles], []],
    [{}, [['constructor', 'name']], []],
  ])('reads %j at %j as %j (CLM-14)', (claims, paths, expected) => {
    expect(readScopes(claims, paths)).toEqual(expected);
  });

  it('reads 256 scopes and no more (CLM-14)', () => {
    expect(readScopes({ scope: 'a '.repeat(256) }, ['scope'])).toHaveLength(256);
  });

  it.each([null, '', []])('CASE-36: takes a scope of %j for absent (CLM-14)', (scope) => {
    expect(readScopes({ scope, scp: 'a' }, ['scope', 'scp'])).toEqual(['a']);
  });

  it.each<[unknown]>([
    [7],
    [{}],
    [['a', 7]],
    [['']],
    [[['a']]],
    ['\ud800'],
    [Array.from({ length: 257 }, () => 'a')],
    ['a '.repeat(257)],
  ])('refuses %j (CLM-14)', (scope) => {
    expect(outcome(() => readScopes({ scope }, ['scope']))).toEqual({
      code: 'token_claim_invalid',
      detail: expect.stringMatching(
        /^scope: (not a string or a list of strings|more than 256 scopes)$/,
      ),
    });
  });

  it('names the path that it could not read', () => {
    const claims = { resource_access: { mcp: { roles: 7 } } };
    expect(outcome(() => readScopes(claims, [roles]))).toMatchObject({
      detail: 'resource_access.mcp.roles: not a string or a list of strings',
    });
  });
});

describe('takeOtherClaims', () => {
  it('leaves out what has a field of its own, and freezes the rest all the way down (TOK-19)', () => {
    const others = takeOtherClaims({ sub: 'u', org: { teams: ['a'] }, n: null }, new Set(['sub']));

    expect(others).toEqual({ org: { teams: ['a'] }, n: null });
    for (const name of ['constructor', 'toString', 'hasOwnProperty', '__proto__']) {
      expect(name in others).toBe(false);
    }
    expect(Object.isFrozen(others)).toBe(true);
    expect(Object.isFrozen(Object.getPrototypeOf(others))).toBe(true);
    expect(Object.isFrozen(others['org'])).toBe(true);
    expect(Object.isFrozen((others['org'] as Claims)['teams'])).toBe(true);
  });
});
