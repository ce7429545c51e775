/** Rows TOK: what a token may look like, whatever it says. */
import { testContext } from '@sallyport/contract-tests';
import { describe, expect, it } from 'vitest';
import { createJwtVerifier } from '../../src/index.ts';
import {
  goodClaims,
  goodHeader,
  goodOptions,
  judge,
  mint,
  segment,
  signSegments,
} from '../fixture.ts';

const good = await mint();
const [header = '', payload = '', signature = ''] = good.split('.');

it('takes the token that all others here are made from', async () => {
  expect(await judge(good)).toEqual({ code: 'verified' });
  expect(await judge(await signSegments(goodHeader, goodClaims))).toEqual({ code: 'verified' });
});

describe('the form of a token', () => {
  it.each([
    ['padding', `${header}.${payload}.${signature}=`],
    ['a line feed', `${good}\n`],
    ['a space', `${header} .${payload}.${signature}`],
    ['base64 instead of base64url', `${header}.${payload}.${signature.slice(0, -4)}+/aa`],
    ['a segment of impossible length', `${header}.${payload}.${signature}a`],
  ])('refuses %s (TOK-08)', async (_name, token) => {
    expect(await judge(token)).toMatchObject({ code: 'token_malformed' });
  });

  it('refuses every set of stray bits at a segment’s end (TOK-08)', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const [index, part] of [header, payload, signature].entries()) {
      const last = part.at(-1) ?? '';
      const bytes = Buffer.from(part, 'base64url');
      for (const letter of alphabet) {
        const changed = part.slice(0, -1) + letter;
        if (letter === last || !Buffer.from(changed, 'base64url').equals(bytes)) continue;
        const token = [header, payload, signature].with(index, changed).join('.');
        expect(await judge(token)).toMatchObject({ code: 'token_malformed' });
      }
    }
  });

  it.each([
    '',
    'a',
    '.',
    '..',
    '...',
    `${header}.${payload}`,
    `${header}.${payload}.`,
    `.${payload}.${signature}`,
    `${header}..${signature}`,
    `${good}.`,
    `.${good}`,
    `${good}.${signature}`,
    `${good}.a.b`,
    JSON.stringify({ payload, signatures: [{ protected: header, signature }] }),
  ])('refuses other numbers of segments: %s (TOK-09)', async (token) => {
    expect(await judge(token)).toMatchObject({ code: 'token_malformed' });
  });

  it.each([
    ['a JWE', `${segment({ alg: 'dir', enc: 'A256GCM' })}..aaaa.bbbb.cccc`],
    ['a JWE with PBES2', `${segment({ alg: 'PBES2-HS256+A128KW', p2c: 2 ** 31 })}.a.b.c.d`],
  ])('refuses %s without looking into it (TOK-10)', async (_name, token) => {
    expect(await judge(token)).toEqual({
      code: 'token_malformed',
      detail: expect.stringContaining('segments'),
    });
  });

  it.each([
    ['alg', '{"alg":"ES256","typ":"at+jwt","kid":"es","alg":"ES256"}', goodClaims],
    ['an escaped alg', '{"alg":"ES256","typ":"at+jwt","kid":"es","\\u0061lg":"ES256"}', goodClaims],
    ['exp', goodHeader, `{"exp":1,${JSON.stringify(goodClaims).slice(1)}`],
    ['aud', goodHeader, `${JSON.stringify(goodClaims).slice(0, -1)},"aud":"x"}`],
    ['scope', goodHeader, `{"scope":"admin",${JSON.stringify(goodClaims).slice(1)}`],
    [
      'a member of a member',
      goodHeader,
      `${JSON.stringify(goodClaims).slice(0, -1)},"a":{"b":1,"b":1}}`,
    ],
  ])('refuses a duplicate of %s (TOK-18)', async (_name, head, body) => {
    expect(await judge(await signSegments(head, body))).toMatchObject({
      code: 'token_malformed',
      detail: expect.stringContaining('duplicate member'),
    });
  });

  it('takes the same name in different objects', async () => {
    const claims = { ...goodClaims, a: { b: 1 }, c: { b: 1, d: [{ b: 1 }, { b: 1 }] } };

    expect(await judge(await signSegments(goodHeader, claims))).toEqual({ code: 'verified' });
  });

  it.each(['{"__proto__":{"scope":"admin"}', '{"a":{"__proto__":1}', '{"\\u005f_proto__":1'])(
    'refuses %s… and leaves Object alone (TOK-19)',
    async (start) => {
      const body = `${start},${JSON.stringify(goodClaims).slice(1)}`;

      expect(await judge(await signSegments(goodHeader, body))).toMatchObject({
        code: 'token_malformed',
      });
      expect(({} as Record<string, unknown>)['scope']).toBeUndefined();
    },
  );

  it.each([
    '"quoted":"\\":{\\\\"',
    '"a\\":b":1',
    '"brackets":"[[[[{{{{"',
    '"same":{"same":[{"same":1},{"same":2}]}',
    '"unicode":"\\u0022:\\u007b é 中 😀"',
    '"empty":"","":0',
  ])('is not confused by what strings hold: %s (TOK-18, TOK-20)', async (member) => {
    const body = `${JSON.stringify(goodClaims).slice(0, -1)},${member}}`;
    JSON.parse(body);

    expect(await judge(await signSegments(goodHeader, body))).toEqual({ code: 'verified' });
  });

  it.each([
    [31, 'verified'],
    [32, 'token_malformed'],
    [1_000, 'token_malformed'],
  ])('counts depth: %i levels in a claim are %s (TOK-20)', async (depth, code) => {
    const deep = '['.repeat(depth) + ']'.repeat(depth);
    const body = `${JSON.stringify(goodClaims).slice(0, -1)},"deep":${deep}}`;

    expect(await judge(await signSegments(goodHeader, body))).toMatchObject({ code });
  });

  it.each([
    [8_192, 'verified'],
    [8_193, 'token_malformed'],
    [1_000_000, 'token_malformed'],
  ])('counts length: %i characters are %s (TOK-21)', async (length, code) => {
    const sized = async (padding: number) => mint({ padding: 'x'.repeat(padding) });
    const guess = length - (await sized(0)).length;
    const enough = Math.floor((guess * 3) / 4) - 20;
    let token = '';
    for (let padding = Math.max(0, enough); token.length < length; padding += 1) {
      token = await sized(padding);
    }
    // Base64url has no strings of some lengths; the next longer one then stands for it.
    if (code === 'verified') while (token.length > length) token = await sized(enough);

    expect(await judge(token)).toMatchObject({ code });
  });

  it.each([
    [9_000, undefined, 'token_malformed', 8_192],
    [9_000, 12_000, 'verified', undefined],
    [12_500, 12_000, 'token_malformed', 12_000],
    [60_000, 65_536, 'verified', undefined],
    [2_000, 1_024, 'token_malformed', 1_024],
  ])(
    'CASE-34: %i bytes under the limit %s of the caller are %s (TOK-21)',
    async (size, maximumTokenBytes, code, limit) => {
      const groups = Array.from({ length: Math.ceil(size / 52) }, () => crypto.randomUUID());
      const token = await mint({ groups });
      const verifier = createJwtVerifier(goodOptions);
      const context = testContext(maximumTokenBytes === undefined ? {} : { maximumTokenBytes });
      const verdict = await verifier.verify(token, context).then(
        () => ({ code: 'verified' }),
        (error: { code: string; detail: string }) => error,
      );

      expect(verdict.code).toBe(code);
      if (limit !== undefined) {
        const detail = `the token has ${token.length} bytes; the limit is ${limit} bytes (maximumTokenBytes)`;
        expect(verdict).toMatchObject({ detail });
      }
      // A remembered token has no way around the limit of another caller.
      if (code === 'verified') {
        await expect(verifier.verify(token, testContext())).rejects.toMatchObject({
          code: 'token_malformed',
        });
      }
    },
  );

  it.each([
    [
      'a byte order mark',
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(JSON.stringify(goodClaims))]),
    ],
    [
      'invalid UTF-8',
      Buffer.concat([
        Buffer.from('{"a":"'),
        Buffer.from([0xff]),
        Buffer.from(`",${JSON.stringify(goodClaims).slice(1)}`),
      ]),
    ],
    [
      'overlong UTF-8',
      Buffer.concat([
        Buffer.from('{"a":"'),
        Buffer.from([0xc0, 0xaf]),
        Buffer.from(`",${JSON.stringify(goodClaims).slice(1)}`),
      ]),
    ],
    ['UTF-16', Buffer.from(JSON.stringify(goodClaims), 'utf16le')],
  ])('refuses %s (TOK-22)', async (_name, bytes) => {
    expect(await judge(await signSegments(goodHeader, bytes))).toMatchObject({
      code: 'token_malformed',
    });
  });

  it('refuses half a surrogate pair in a claim it uses (TOK-22)', async () => {
    const body = `${JSON.stringify({ ...goodClaims, sub: undefined }).slice(0, -1)},"sub":"\\ud800"}`;

    expect(await judge(await signSegments(goodHeader, body))).toMatchObject({
      code: 'token_claim_invalid',
      detail: 'sub: not a string',
    });
  });

  it.each(['[]', '[{"exp":1}]', 'null', '"text"', '7', 'true', '', '{', '{"a":1}x'])(
    'refuses the payload %s (TOK-23)',
    async (body) => {
      expect(await judge(await signSegments(goodHeader, body))).toMatchObject({
        code: 'token_malformed',
      });
    },
  );

  it('recognises a token whose signature Cloud Run has removed (TOK-24)', async () => {
    expect(await judge(`${header}.${payload}.SIGNATURE_REMOVED_BY_GOOGLE`)).toEqual({
      code: 'token_malformed',
      detail: 'cloud_run_iam_stripped_signature',
    });
  });
});
