/** Rows TOK: what the header of a token may say. */
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createJwtVerifier } from '../../src/index.ts';
import { goodClaims, goodOptions, judge, jwks, mint, segment, signSegments } from '../fixture.ts';

const base = { typ: 'at+jwt', kid: 'es' };
const withHeader = (changes: object) =>
  signSegments({ alg: 'ES256', ...base, ...changes }, goodClaims);

describe('alg', () => {
  it.each([
    'none',
    'None',
    'nOnE',
    'NONE',
    '',
    ' ES256',
    'es256',
    'ES256\0',
    ['ES256'],
    null,
    7,
    {},
    '__proto__',
    'constructor',
    'toString',
    'HS256',
    'PS256',
    'ES384',
    'RSA-OAEP',
  ])('refuses %j (TOK-01, TOK-26)', async (alg) => {
    expect(await judge(await withHeader({ alg }))).toMatchObject({
      code: 'token_algorithm_forbidden',
    });
  });

  it('refuses none without a signature (TOK-01)', async () => {
    const unsigned = `${segment({ alg: 'none', ...base })}.${segment(goodClaims)}.`;

    expect((await judge(unsigned)).code).toBe('token_malformed');
  });

  it('refuses a missing one', async () => {
    expect(await judge(await signSegments(base, goodClaims))).toMatchObject({
      code: 'token_algorithm_forbidden',
    });
  });

  it('does not use a key for another algorithm than its own (TOK-27)', async () => {
    expect(await judge(await withHeader({ alg: 'RS256', kid: 'es' }))).toMatchObject({
      code: 'token_key_unknown',
    });
  });
});

describe('parameters that change how the rest is read', () => {
  it.each([
    ['crit', ['exp']],
    ['crit', []],
    ['crit', ['b64']],
    ['crit', null],
    ['b64', false],
    ['b64', true],
    ['zip', 'DEF'],
    ['jwk', jwks.keys[0]],
  ])('refuses %s: %j (TOK-11, TOK-12, TOK-13)', async (name, value) => {
    expect(await judge(await withHeader({ [name]: value }))).toEqual({
      code: 'token_malformed',
      detail: `header: ${name}: not supported`,
    });
  });

  it('CASE-33: ignores a jku or x5u and never asks its address (TOK-13)', async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    const { port } = await new Promise<{ port: number }>((resolve) =>
      server.once('listening', () => resolve(server.address() as { port: number })),
    );
    for (const name of ['jku', 'x5u']) {
      const token = await withHeader({ [name]: `http://127.0.0.1:${port}/jwks` });
      expect((await judge(token)).code).toBe('verified');
    }
    expect(connections).toBe(0);
    server.close();
  });

  it('ignores x5c and x5t, which providers send (TOK-13)', async () => {
    const token = await withHeader({ x5c: ['evil'], x5t: 'evil', 'x5t#S256': 'evil' });

    expect(await judge(token)).toEqual({ code: 'verified' });
  });
});

describe('kid', () => {
  it.each([
    '../../etc/passwd',
    "' OR 1=1 --",
    'es\0',
    '*)(uid=*',
    'ES',
    'es ',
    'a'.repeat(256),
    '__proto__',
    'constructor',
    'toString',
  ])('only ever compares %j (TOK-14)', async (kid) => {
    expect(await judge(await withHeader({ kid }))).toMatchObject({ code: 'token_key_unknown' });
  });

  it.each([7, {}, ['es'], null, true, 'a'.repeat(257), 'é'.repeat(129)])(
    'refuses %j (TOK-14)',
    async (kid) => {
      expect(await judge(await withHeader({ kid }))).toEqual({
        code: 'token_malformed',
        detail: expect.stringMatching(/^header: kid: (not a string of at most 256 bytes|absent)/),
      });
    },
  );

  it('is required with a key set (TOK-15)', async () => {
    const token = await signSegments({ alg: 'ES256', typ: 'at+jwt' }, goodClaims);

    expect(await judge(token)).toEqual({
      code: 'token_malformed',
      detail: 'header: kid: absent; the issuer has several keys, and kid selects one',
    });
  });
});

describe('typ', () => {
  const legacy = createJwtVerifier({ ...goodOptions, profile: 'legacy' });

  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/AT+JWT'])(
    'takes %s in both profiles (TOK-16)',
    async (typ) => {
      expect(await judge(await mint({}, { typ }))).toEqual({ code: 'verified' });
      expect(await judge(await mint({}, { typ }), legacy)).toEqual({ code: 'verified' });
    },
  );

  it.each(['JWT', 'jwt', undefined])(
    'takes %s in the legacy profile alone (TOK-16)',
    async (typ) => {
      expect(await judge(await mint({}, { typ }))).toMatchObject({ code: 'token_type_forbidden' });
      expect(await judge(await mint({}, { typ }), legacy)).toEqual({ code: 'verified' });
    },
  );

  it.each([
    'dpop+jwt',
    'logout+jwt',
    'secevent+jwt',
    'token-introspection+jwt',
    'entity-statement+jwt',
    'oauth-id-jag+jwt',
    'JOSE',
    '',
    7,
    null,
    ['at+jwt'],
  ])('refuses %j in both profiles (TOK-16)', async (typ) => {
    const token = await withHeader({ typ });

    expect(await judge(token)).toMatchObject({ code: 'token_type_forbidden' });
    expect(await judge(token, legacy)).toMatchObject({ code: 'token_type_forbidden' });
  });

  it.each(['nonce', 'at_hash', 'c_hash'])(
    'takes a token with %s for an ID token in the legacy profile (TOK-16, CLM-19)',
    async (name) => {
      expect(await judge(await mint({ [name]: 'x' }, { typ: 'JWT' }), legacy)).toEqual({
        code: 'token_type_forbidden',
        detail: expect.stringContaining(`${name}; this is an ID token`),
      });
    },
  );

  it.each(['JWT', 'jwt', 'application/jwt'])(
    'refuses a JWT in a JWT: cty %s (TOK-17)',
    async (cty) => {
      expect(await judge(await withHeader({ cty }))).toMatchObject({
        code: 'token_type_forbidden',
      });
    },
  );
});
