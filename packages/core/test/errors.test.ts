import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  AuthError,
  type AuthErrorCode,
  authErrorAnswers,
  ConfigError,
  isAuthError,
} from '../src/index.ts';

/** The answer classes: what a client may be told, and what counts against it. */
const classes: Readonly<Record<AuthErrorCode, [number, string | undefined, boolean]>> = {
  credentials_missing: [401, undefined, false],
  credentials_malformed: [400, 'invalid_request', true],
  token_malformed: [401, 'invalid_token', true],
  token_key_unknown: [401, 'invalid_token', true],
  token_key_pending: [503, 'temporarily_unavailable', true],
  token_signature_invalid: [401, 'invalid_token', true],
  token_algorithm_forbidden: [401, 'invalid_token', true],
  token_type_forbidden: [401, 'invalid_token', true],
  token_sender_constrained: [401, 'invalid_token', true],
  token_not_sender_constrained: [401, 'invalid_token', true],
  token_expired: [401, 'invalid_token', false],
  token_not_yet_valid: [401, 'invalid_token', true],
  token_issuer_untrusted: [401, 'invalid_token', true],
  token_audience_mismatch: [401, 'invalid_token', true],
  token_claim_invalid: [401, 'invalid_token', true],
  token_lifetime_excessive: [401, 'invalid_token', false],
  token_inactive: [401, 'invalid_token', true],
  token_denied: [401, 'invalid_token', false],
  dpop_proof_invalid: [401, 'invalid_dpop_proof', true],
  dpop_nonce_required: [401, 'use_dpop_nonce', false],
  scope_insufficient: [403, 'insufficient_scope', false],
  caller_denied: [403, undefined, false],
  policy_denied: [403, undefined, false],
  quota_exceeded: [429, 'too_many_requests', false],
  rate_limited: [429, 'too_many_requests', false],
  upstream_unavailable: [503, 'temporarily_unavailable', false],
};

describe('authErrorAnswers', () => {
  it.each(Object.entries(classes))(
    'answers %s as its class says',
    (code, [status, error, counts]) => {
      expect(authErrorAnswers[code as AuthErrorCode]).toMatchObject({ status, error, counts });
    },
  );

  it('has these codes and no others, and cannot be changed', () => {
    expect(Object.keys(authErrorAnswers)).toEqual(Object.keys(classes));
    expect(Object.isFrozen(authErrorAnswers)).toBe(true);
  });

  it('describes only with characters that a challenge can hold (OAuth 2.1 §5.3.1)', () => {
    for (const { description } of Object.values(authErrorAnswers)) {
      expect(description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
    }
  });

  it('tells bad tokens apart only where the token is authentic (OPS-02)', () => {
    const descriptions = Object.entries(authErrorAnswers)
      .filter(([code, { status }]) => code.startsWith('token_') && status === 401)
      .filter(([code]) => code !== 'token_expired')
      .map(([, { description }]) => description);

    expect(new Set(descriptions).size).toBe(1);
  });

  it('is the table of the README', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const rows = [...readme.matchAll(/^\| `(\w+)` +\| (\d+) +\| (\S+) +\| (yes|no) +\|$/gm)];

    expect(rows.map(([, ...row]) => row)).toEqual(
      Object.entries(authErrorAnswers).map(([code, { status, error, counts }]) => [
        code,
        String(status),
        error === undefined ? 'none' : `\`${error}\``,
        counts ? 'yes' : 'no',
      ]),
    );
  });
});

describe('AuthError', () => {
  it('says the public text, and keeps the rest for the operator', () => {
    const cause = new Error('underneath');
    const error = new AuthError('token_inactive', { detail: 'd', cause, retryAfterSeconds: 3 });

    expect(error).toMatchObject({
      name: 'AuthError',
      code: 'token_inactive',
      message: 'The access token is invalid',
      detail: 'd',
      cause,
      retryAfterSeconds: 3,
    });
    expect(Object.hasOwn(new AuthError('token_inactive'), 'cause')).toBe(false);
  });

  it('is recognised from another copy of the package', async () => {
    const copyPath: string = '../src/errors.ts?copy';
    const copy = (await import(copyPath)) as typeof import('../src/errors.ts');
    const foreign = new copy.AuthError('token_expired');

    expect(foreign).not.toBeInstanceOf(AuthError);
    expect(isAuthError(foreign)).toBe(true);
  });

  it.each([
    new Error('x'),
    new TypeError('x'),
    undefined,
    null,
    'AuthError',
    { name: 'AuthError', code: 'token_expired' },
  ])('is not taken for what it is not: %s', (value) => {
    expect(isAuthError(value)).toBe(false);
  });
});

describe('ConfigError', () => {
  it('names the option and the problem', () => {
    expect(new ConfigError('jwt.issuer', 'must not be empty')).toMatchObject({
      name: 'ConfigError',
      option: 'jwt.issuer',
      problem: 'must not be empty',
      message: 'jwt.issuer: must not be empty',
    });
  });
});
