import { detectEnvironment } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { createStaticVerifier, type StaticVerifierOptions } from '../src/index.ts';

const longToken = '0123456789abcdef';
const documentedToken = 'dev-token-12345';

function create(changes: object, token: string = longToken, entry: object = {}) {
  const options = {
    tokens: { [token]: { clientId: 'client', scopes: ['notes:read'], ...entry } },
    audience: 'http://127.0.0.1:8000/mcp',
    environment: detectEnvironment({ ENVIRONMENT: 'development' }),
    listenHost: '0.0.0.0',
    ...changes,
  };
  return createStaticVerifier(options as StaticVerifierOptions);
}

describe('tokens of createStaticVerifier', () => {
  it.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.255.255.254', '::1', '[::1]'])(
    'may be short or documented on %s (CFG-11)',
    (listenHost) => {
      expect(create({ listenHost }, documentedToken).name).toBe('static');
    },
  );

  it.each([
    '0.0.0.0',
    '::',
    '192.0.2.1',
    '12.7.0.1',
    '127.0.0.1.example.com',
    'localhost.example.com',
    '127.1',
    '0',
  ])('must not be short or documented on %s (CFG-11)', (listenHost) => {
    for (const token of [documentedToken, '0123456789abcde', 'a']) {
      expect(() => create({ listenHost }, token)).toThrow('too easy to guess');
    }
    expect(create({ listenHost }, longToken).name).toBe('static');
  });

  it.each([
    ['nothing', ''],
    ['a space', '0123456789 abcdef'],
    ['a quote', '0123456789"abcdef'],
    ['a comma', '0123456789,abcdef'],
    ['a newline at the end', '0123456789abcdef\n'],
    ['= before the end', '0123456789=abcdef'],
    ['letters outside ASCII', '0123456789абвгде'],
    ['more than 8,192 characters', 'a'.repeat(8_193)],
  ])('must be possible to send: %s', (_name, token) => {
    expect(() => create({ listenHost: '127.0.0.1' }, token)).toThrow('could not be sent');
  });

  it('are not part of the error that refuses them', () => {
    for (const token of ['shorttoken', 'not a b64token at all']) {
      expect(() => create({}, token)).toThrow(
        expect.objectContaining({
          option: 'static.tokens',
          message: expect.not.stringContaining(token),
        }),
      );
    }
  });

  it.each([
    ['no clientId', { clientId: undefined }],
    ['an empty clientId', { clientId: ' ' }],
    ['an empty subject', { subject: '' }],
    ['a clientId that is no text', { clientId: 7 }],
    ['no scopes', { scopes: undefined }],
    ['scopes in one string', { scopes: 'notes:read notes:write' }],
    ['a scope with a space', { scopes: ['notes:read notes:write'] }],
    ['a scope with a quote', { scopes: ['"'] }],
    ['expiresAt in milliseconds', { expiresAt: 1_767_225_600_000 }],
    ['a fraction as expiresAt', { expiresAt: 1_767_225_600.5 }],
    ['expiresAt 0', { expiresAt: 0 }],
    ['NaN as expiresAt', { expiresAt: Number.NaN }],
    ['text as expiresAt', { expiresAt: '1767225600' }],
  ])('need a complete entry: %s is refused', (_name, entry) => {
    expect(() => create({}, longToken, entry)).toThrow(
      expect.objectContaining({ name: 'ConfigError', option: 'static.tokens' }),
    );
  });
});

it.each([
  ['static.tokens', { tokens: {} }],
  ['static.audience', { audience: '' }],
  ['static.audience', { audience: undefined }],
  ['static.audience', { audience: 'http://127.0.0.1:8000/mcp ' }],
  ['static.listenHost', { listenHost: '' }],
  ['static.listenHost', { listenHost: undefined }],
  ['static.issuer', { issuer: '' }],
])('createStaticVerifier refuses a bad %s', (option, changes) => {
  expect(() => create(changes)).toThrow(expect.objectContaining({ name: 'ConfigError', option }));
});
