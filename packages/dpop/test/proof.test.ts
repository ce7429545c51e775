import { describe, expect, it } from 'vitest';
import {
  createJudge,
  createKey,
  hashOf,
  header,
  key,
  now,
  otherKey,
  payload,
  prove,
  signTexts,
  token,
  url,
} from './fixture.ts';

const judge = createJudge();
const invalid = (detail: string) => `dpop_proof_invalid: ${detail}`;

describe('a proof', () => {
  it.each(['ES256', 'EdDSA', 'Ed25519'])('is good when signed with %s', async (algorithm) => {
    const by = await createKey(algorithm);

    expect(await judge(await prove({}, {}, by), { thumbprint: by.thumbprint })).toBe('ok');
  });

  it.each(['ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'] as const)(
    'may be signed with %s only where that is allowed (DPOP-02)',
    async (algorithm) => {
      const by = await createKey(algorithm);
      const { thumbprint } = by;
      const allowing = createJudge({ algorithms: [algorithm] });

      expect(await judge(await prove({}, {}, by), { thumbprint })).toBe(invalid('alg'));
      expect(await allowing(await prove({}, {}, by), { thumbprint })).toBe('ok');
      expect(await allowing(await prove())).toBe(invalid('alg'));
    },
  );

  it('may have other claims and header members (DPOP-04)', async () => {
    const claims = { exp: now - 1, nbf: now + 9, iss: 'x', aud: [7], nonce: 'of somebody', x: {} };

    expect(await judge(await prove(claims, { kid: 'k', jku: 'https://evil.example.com' }))).toBe(
      'ok',
    );
  });

  it('may name more of its public key than is needed', async () => {
    const jwk = { ...key.jwk, use: 'enc', key_ops: ['encrypt'], alg: 'RS256', ext: false, kid: 7 };

    expect(await judge(await prove({}, { jwk }))).toBe('ok');
  });
});

describe('the field', () => {
  it('is needed (DPOP-01)', async () => {
    expect(await judge([])).toBe(invalid('none'));
  });

  it('is there once (DPOP-01)', async () => {
    expect(await judge([await prove(), await prove()])).toBe(invalid('several'));
  });

  it('is one when joined by a comma (DPOP-01)', async () => {
    expect(await judge(`${await prove()}, ${await prove()}`)).toBe(invalid('several'));
    expect(await judge(`${await prove()},`)).toBe(invalid('several'));
  });

  it('has at most 8,192 characters', async () => {
    expect(await judge(await prove({ x: 'x'.repeat(8_192) }))).toBe(
      invalid('longer than 8192 characters'),
    );
  });

  it.each(['', 'x', 'a.b', '...', 'a.b.c.d', 'a.b.c.d.e', 'a.b.', '..x', ' . . '])(
    'holds a JWT: %j is none (DPOP-02)',
    async (text) => {
      expect(await judge(text)).toMatch(/^dpop_proof_invalid: /);
    },
  );

  it.each([
    ['white space', (proof: string) => ` ${proof}`],
    ['padding', (proof: string) => proof.replace('.', '=.')],
    ['another part', (proof: string) => `${proof}.x`],
    ['stray bits', (proof: string) => proof.slice(0, -1) + characterAfter(proof.slice(-1))],
    ['base64', (proof: string) => `${proof.slice(0, -3)}+/A`],
  ])('is refused with %s', async (_name, change) => {
    expect(await judge(change(await prove()))).toMatch(/^dpop_proof_invalid: /);
  });
});

describe('the header', () => {
  it.each([undefined, null, 7, 'jwt', 'at+jwt', 'DPOP+JWT', 'application/dpop+jwt', ['dpop+jwt']])(
    'has the type of a proof: %j is none (DPOP-02)',
    async (typ) => {
      expect(await judge(await signTexts(header({ typ }), payload()))).toBe(invalid('typ'));
    },
  );

  it.each([
    undefined,
    null,
    7,
    '',
    'none',
    'NONE',
    'HS256',
    'es256',
    'ES256K',
    'RSA-OAEP',
    ['ES256'],
  ])('has an algorithm for public keys: %j is none (DPOP-02)', async (alg) => {
    expect(await judge(await signTexts(header({ alg }), payload()))).toBe(invalid('alg'));
  });

  it('is refused without a signature (DPOP-02)', async () => {
    const [, claims] = (await prove()).split('.');
    const unsigned = Buffer.from(header({ alg: 'none' })).toString('base64url');

    expect(await judge(`${unsigned}.${claims}.`)).toBe(invalid('not a JWT'));
    expect(await judge(`${unsigned}.${claims}.AA`)).toBe(invalid('alg'));
  });

  it.each(['HS256', 'ES256'])(
    'has no shared secret for a key, whatever the algorithm: %s (DPOP-03)',
    async (alg) => {
      const jwk = {
        kty: 'oct',
        k: Buffer.from('a secret of 32 bytes that is one').toString('base64url'),
      };

      expect(await judge(await signTexts(header({ alg, jwk }), payload()))).toBe(
        invalid(alg === 'HS256' ? 'alg' : 'jwk: private key'),
      );
    },
  );

  it.each([
    [undefined, 'jwk'],
    [null, 'jwk'],
    ['{}', 'jwk'],
    [[], 'jwk'],
    [{}, 'jwk: kind'],
    [{ ...key.jwk, kty: 'RSA' }, 'jwk: kind'],
    [{ ...key.jwk, crv: 'P-384' }, 'jwk: kind'],
    [{ ...key.jwk, crv: 'secp256k1' }, 'jwk: kind'],
    [{ ...key.jwk, x: undefined }, 'jwk: x'],
    [{ ...key.jwk, y: '' }, 'jwk: y'],
    [{ ...key.jwk, y: [key.jwk.y] }, 'jwk: y'],
    [{ ...key.jwk, x: `${key.jwk.x}=` }, 'jwk: x: not canonical base64url'],
  ])('has a key of the kind of its algorithm: not %j (DPOP-03)', async (jwk, detail) => {
    expect(await judge(await signTexts(header({ jwk }), payload()))).toBe(invalid(detail));
  });

  it.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'])(
    'never has the private key: %s (DPOP-03)',
    async (name) => {
      const jwk = { ...key.jwk, [name]: 'AAAA' };

      expect(await judge(await signTexts(header({ jwk }), payload()))).toBe(
        invalid('jwk: private key'),
      );
    },
  );

  it.each([['exp'], 'exp', []])('has no critical extensions: %j', async (crit) => {
    expect(await judge(await signTexts(header({ crit }), payload()))).toBe(invalid('crit'));
  });

  it.each([
    ['text', 'header: not JSON'],
    ['[]', 'header: not an object'],
    ['7', 'header: not an object'],
    ['null', 'header: not an object'],
    ['\ufeff{}', 'header: not JSON'],
    [header().replace('{', '{"typ":"at+jwt",'), 'header: duplicate member'],
    [header().replace('{', '{"t\\u0079p":"at+jwt",'), 'header: duplicate member'],
    [header().replace('"kty"', '"kty":"RSA","kty"'), 'header: duplicate member'],
    ['['.repeat(5_000), 'header: not JSON'],
  ])('is one JSON object without doubt: %.40j', async (text, detail) => {
    expect(await judge(await signTexts(text, payload()))).toBe(invalid(detail));
  });

  it('is UTF-8', async () => {
    const [, claims, signature] = (await prove()).split('.');
    const latin1 = Buffer.from(header({ kid: 'é' }), 'latin1').toString('base64url');

    expect(await judge(`${latin1}.${claims}.${signature}`)).toBe(invalid('header: not UTF-8'));
  });
});

describe('the key', () => {
  it('is the one of the token (DPOP-09)', async () => {
    expect(await judge(await prove({}, {}, otherKey))).toBe(
      'token_sender_constrained: proof of another key',
    );
  });

  it('has made the signature (DPOP-02)', async () => {
    const claimed = await prove({}, { jwk: key.jwk }, otherKey);
    const [head, , signature] = (await prove()).split('.');
    const changed = Buffer.from(payload()).toString('base64url');

    expect(await judge(claimed)).toBe(invalid('signature'));
    expect(await judge(`${head}.${changed}.${signature}`)).toBe(invalid('signature'));
    expect(await judge(`${head}.${changed}.AAAA`)).toBe(invalid('signature'));
  });

  it('is a point of its curve', async () => {
    const jwk = { ...key.jwk, x: key.jwk.y as string };
    const { calculateJwkThumbprint } = await import('jose');
    const thumbprint = await calculateJwkThumbprint(jwk);

    expect(await judge(await signTexts(header({ jwk }), payload()), { thumbprint })).toBe(
      invalid('signature'),
    );
  });
});

describe('the claims', () => {
  it.each([
    ['jti', undefined],
    ['jti', ''],
    ['jti', 7],
    ['jti', 'x'.repeat(257)],
    ['htm', undefined],
    ['htm', 'GET'],
    ['htm', 'post'],
    ['htm', ['POST']],
    ['htu', undefined],
    ['htu', 7],
    ['htu', [url]],
    ['iat', undefined],
    ['iat', `${now}`],
    ['iat', null],
    ['ath', undefined],
    ['ath', hashOf('another token')],
    ['ath', `${hashOf(token)}=`],
    ['ath', token],
  ])(
    'are all there and right: %s is not %.40j (DPOP-04, DPOP-05, DPOP-09)',
    async (name, value) => {
      expect(await judge(await prove({ [name]: value }))).toBe(invalid(name));
    },
  );

  it('may have an identifier of 256 characters, in any language', async () => {
    expect(await judge(await prove({ jti: 'é'.repeat(256) }))).toBe('ok');
  });

  it.each([
    [0, 'ok'],
    [-300, 'ok'],
    [300, 'ok'],
    [-301, invalid('iat')],
    [301, invalid('iat')],
    [-3_600, invalid('iat')],
    [3_600, invalid('iat')],
  ])('were made about now: %i seconds from it (DPOP-07)', async (seconds, expected) => {
    expect(await judge(await prove({ iat: now + seconds }))).toBe(expected);
  });

  it('may be given another time to live', async () => {
    const short = createJudge({ proofLifetimeSeconds: 10 });

    expect(await short(await prove({ iat: now - 10 }))).toBe('ok');
    expect(await short(await prove({ iat: now - 11 }))).toBe(invalid('iat'));
  });

  it.each(['1e999', '-1e999', 'true', '[]'])('have a time that is one: not %s', async (iat) => {
    const text = payload({ iat: 0 }).replace('"iat":0', `"iat":${iat}`);

    expect(await judge(await signTexts(header(), text))).toBe(invalid('iat'));
  });

  it('are there once each', async () => {
    const text = payload().replace('{', '{"htm":"GET",');

    expect(await judge(await signTexts(header(), text))).toBe(invalid('payload: duplicate member'));
  });

  it('may hold colons, quotes and brackets in their text', async () => {
    const x = [{ ':': '":{"a":1,' }, '\\', '\\":', {}, [[]]];

    expect(await judge(await prove({ x, 'a:b': ':' }))).toBe('ok');
  });
});

it('repeats nothing of a proof or of the token', async () => {
  const proofs = [
    await prove({ htu: 'https://evil.example.com/secret-path' }),
    await prove({ jti: 7, ath: 'secret-hash' }),
    await signTexts(header({ alg: 'secret-algorithm' }), payload()),
    'secret-field',
  ];
  const told = await Promise.all(proofs.map((proof) => judge(proof)));

  expect(told.join()).not.toMatch(/secret|evil/);
  expect(told).toHaveLength(4);
});

/** The last character of 64 bytes has four bits that mean nothing, and are 0. */
function characterAfter(character: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet[alphabet.indexOf(character) + 1] ?? '';
}
