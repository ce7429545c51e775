import { asymmetricAlgorithms, ConfigError, detectEnvironment, Secret } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import {
  createJwtVerifier,
  discoverJwks,
  hmacSecret,
  type JwtVerifierOptions,
  localJwks,
  remoteJwks,
} from '../src/index.ts';
import { hmacKeyBytes } from '../src/signature/hmac-algorithms.ts';
import { goodOptions, jwks } from './fixture.ts';

const production = detectEnvironment({});
const development = detectEnvironment({ ENVIRONMENT: 'development' });

describe('createJwtVerifier', () => {
  it.each([
    ['jwt.issuer', { issuer: '' }],
    ['jwt.issuer', { issuer: undefined }],
    ['jwt.issuer', { issuer: ' https://auth.example.com' }],
    ['jwt.issuer', { issuer: 'https://auth.example.com\n' }],
    ['jwt.issuer', { issuer: '*' }],
    ['jwt.audience', { audience: '' }],
    ['jwt.audience', { audience: undefined }],
    ['jwt.audience', { audience: [] }],
    ['jwt.audience', { audience: ['*'] }],
    ['jwt.audience', { audience: ['ok', 'not ok'] }],
    ['jwt.algorithms', { algorithms: [] }],
    ['jwt.algorithms', { algorithms: undefined }],
    ['jwt.algorithms', { algorithms: ['none'] }],
    ['jwt.algorithms', { algorithms: ['es256'] }],
    ['jwt.algorithms', { algorithms: ['__proto__'] }],
    ['jwt.algorithms', { algorithms: ['ES256', 'HS256'] }],
    ['jwt.clockToleranceSeconds', { clockToleranceSeconds: Number.NaN }],
    ['jwt.clockToleranceSeconds', { clockToleranceSeconds: '60s' }],
    ['jwt.clockToleranceSeconds', { clockToleranceSeconds: -1 }],
    ['jwt.clockToleranceSeconds', { clockToleranceSeconds: 121 }],
    ['jwt.clockToleranceSeconds', { clockToleranceSeconds: 1e9 }],
    ['jwt.maximumLifetimeSeconds', { maximumLifetimeSeconds: 59 }],
    ['jwt.maximumLifetimeSeconds', { maximumLifetimeSeconds: Number.POSITIVE_INFINITY }],
    ['jwt.profile', { profile: 'any' }],
  ])('refuses a bad %s: %j (CLM-08, CFG-09)', (option, bad) => {
    const create = () => createJwtVerifier({ ...goodOptions, ...bad } as JwtVerifierOptions);

    expect(create).toThrow(ConfigError);
    expect(create).toThrow(expect.objectContaining({ option }));
  });

  it.each([0, 120])('takes a tolerance of %i seconds (CLM-08)', (clockToleranceSeconds) => {
    expect(() => createJwtVerifier({ ...goodOptions, clockToleranceSeconds })).not.toThrow();
  });

  it('says in the documented words that HMAC and key sets do not mix (CFG-06)', () => {
    const options = { ...goodOptions, algorithms: ['HS256'] } as unknown as JwtVerifierOptions;

    expect(() => createJwtVerifier(options)).toThrow(
      'HMAC algorithms cannot be used with JWKS endpoints',
    );
  });

  it('refuses a public-key algorithm for a shared secret (TOK-03)', () => {
    const keys = hmacSecret(new Secret('k'.repeat(32)));
    const options = { ...goodOptions, keys } as unknown as JwtVerifierOptions;

    expect(() => createJwtVerifier(options)).toThrow('must be among HS256, HS384, HS512');
  });

  it.each([
    { keys: [] },
    { keys: [null] },
    { keys: [{ ...jwks.keys[0], crv: 'P-384' }] },
    null,
    {},
  ])('refuses a local key set without a key to use: %j', (bad) => {
    const create = () => localJwks(bad as unknown as { keys: [] });

    expect(() => createJwtVerifier({ ...goodOptions, keys: create() })).toThrow(
      expect.objectContaining({ name: 'ConfigError', option: 'jwt.keys' }),
    );
  });
});

describe('remoteJwks and discoverJwks', () => {
  it('do not take a name that starts like localhost for it (CFG-07)', () => {
    for (const host of ['localhost.example.com', '127.example.com']) {
      expect(() => remoteJwks({ url: `http://${host}/jwks`, environment: production })).toThrow(
        'must be an https URL',
      );
    }
  });

  it.each([
    'http://localhost:8080/jwks',
    'http://127.0.0.1/jwks',
    'http://[::1]/jwks',
    'HTTP://LOCALHOST./jwks',
    'http://auth.localhost/jwks',
    'http://0x7f.1/jwks',
    'http://2130706433/jwks',
  ])('say in the documented words that %s is not for production (CFG-07)', (url) => {
    expect(() => remoteJwks({ url, environment: production })).toThrow(
      'Cannot use HTTP localhost JWKS URI in production',
    );
    expect(() => remoteJwks({ url, environment: development })).not.toThrow();
  });

  it.each([
    'http://auth.example.com/jwks',
    'file:///etc/keys',
    'https://a:b@auth.example.com/',
    'https://auth.example.com/#x',
    '',
  ])('refuse %j (JWK-01)', (url) => {
    for (const environment of [production, development]) {
      expect(() => remoteJwks({ url, environment })).toThrow(
        expect.objectContaining({ name: 'ConfigError', option: 'jwt.keys.url' }),
      );
      expect(() => discoverJwks({ issuer: url, environment })).toThrow(
        expect.objectContaining({ name: 'ConfigError', option: 'jwt.keys.issuer' }),
      );
    }
  });

  it.each([
    ['jwt.keys.cacheTtlSeconds', { cacheTtlSeconds: 0 }],
    ['jwt.keys.cacheTtlSeconds', { cacheTtlSeconds: Number.NaN }],
    ['jwt.keys.cacheTtlSeconds', { cacheTtlSeconds: 86_401 }],
    ['jwt.keys.maximumStaleSeconds', { maximumStaleSeconds: -1 }],
    ['jwt.keys.timeoutSeconds', { timeoutSeconds: 0 }],
  ])('refuse a bad %s', (option, bad) => {
    const url = 'https://auth.example.com/jwks';

    expect(() => remoteJwks({ url, environment: production, ...bad })).toThrow(
      expect.objectContaining({ name: 'ConfigError', option }),
    );
  });
});

it.each([
  ['RS256', true, false],
  ['Ed25519', true, false],
  ['HS512', false, true],
  ['none', false, false],
  ['rs256', false, false],
  ['constructor', false, false],
])('knows what kind of algorithm %s is (TOK-01)', (name, asymmetric, hmac) => {
  expect(asymmetricAlgorithms.has(name)).toBe(asymmetric);
  expect(hmacKeyBytes.has(name)).toBe(hmac);
});
