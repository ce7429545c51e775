import { describe, expect, it } from 'vitest';
import { writeChallenge } from '../../src/guard/challenge.ts';
import { abandonedRefusal, toRefusal } from '../../src/guard/refusal.ts';
import { AuthError, type AuthErrorCode, authErrorAnswers } from '../../src/index.ts';

const resourceMetadataUrl = 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp';
const parameters = { resourceMetadataUrl, scopes: ['notes:read', 'notes:write'] };
const codes = Object.keys(authErrorAnswers) as AuthErrorCode[];

describe('writeChallenge', () => {
  it('has error, description, scope and metadata in this order', () => {
    expect(writeChallenge(authErrorAnswers.scope_insufficient, parameters)).toBe(
      `Bearer error="insufficient_scope", error_description="The access token lacks a required scope", scope="notes:read notes:write", resource_metadata="${resourceMetadataUrl}"`,
    );
  });

  it('has no error where there were no credentials (RFC 6750 §3.1)', () => {
    expect(writeChallenge(authErrorAnswers.credentials_missing, parameters)).toBe(
      `Bearer scope="notes:read notes:write", resource_metadata="${resourceMetadataUrl}"`,
    );
  });

  it('leaves an empty scope out', () => {
    expect(
      writeChallenge(authErrorAnswers.credentials_missing, { resourceMetadataUrl, scopes: [] }),
    ).toBe(`Bearer resource_metadata="${resourceMetadataUrl}"`);
  });

  it('has the error beside Bearer where DPoP is not offered, whatever scheme was used', () => {
    const challenge = writeChallenge(authErrorAnswers.token_inactive, {
      ...parameters,
      scheme: 'DPoP',
    });

    expect(challenge).toMatch(/^Bearer error="invalid_token", /);
  });
});

describe('toRefusal', () => {
  it.each(codes)('answers %s from the table, never stored, as JSON', (code) => {
    const error = new AuthError(code, { detail: 'secret detail', cause: 'secret cause' });
    const { status, headers, body } = toRefusal(error, parameters);
    const answer = authErrorAnswers[code];

    expect(status).toBe(answer.status);
    expect(headers).toMatchObject({
      'Cache-Control': 'no-store',
      'Content-Type': 'application/json',
    });
    expect(body).toStrictEqual({
      ...(answer.error !== undefined && { error: answer.error }),
      error_description: answer.description,
    });
    expect(JSON.stringify({ headers, body })).not.toContain('secret');
  });

  it.each(codes)('challenges or says when to come back: %s', (code) => {
    const { status, headers } = toRefusal(new AuthError(code), parameters);
    const waits = status === 429 || status === 503;

    expect('Retry-After' in headers).toBe(waits);
    const isDenied = code === 'caller_denied' || code === 'policy_denied';
    expect('WWW-Authenticate' in headers).toBe(!waits && !isDenied);
  });

  it('has the nonce of the error, and no nonce without one', () => {
    const fieldsOf = (nonce?: string) =>
      toRefusal(new AuthError('dpop_nonce_required', nonce ? { nonce } : {}), parameters).headers;

    expect(fieldsOf('n-1')).toMatchObject({ 'DPoP-Nonce': 'n-1' });
    expect(fieldsOf()).not.toHaveProperty('DPoP-Nonce');
  });

  it('says 499 for a client that closed its connection', () => {
    expect(abandonedRefusal).toStrictEqual({
      status: 499,
      headers: { 'Cache-Control': 'no-store', 'Content-Type': 'application/json' },
      body: { error_description: 'The client closed its connection' },
    });
  });

  it('has no error in the body where there were no credentials (ANS-01)', () => {
    expect(toRefusal(new AuthError('credentials_missing'), parameters).body).toEqual({
      error_description: 'Authentication required',
    });
  });

  it.each([
    [undefined, '5'],
    [0, '1'],
    [0.2, '1'],
    [7.2, '8'],
    [60, '60'],
  ])('rounds Retry-After up, from %s to %s', (retryAfterSeconds, expected) => {
    const error = new AuthError('rate_limited', {
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    });
    expect(toRefusal(error, parameters).headers['Retry-After']).toBe(expected);
  });

  it('tells of the limit on 429, and when it ends, as Retry-After does', () => {
    const error = new AuthError('rate_limited', { retryAfterSeconds: 29.2 });
    const quota = { limit: 10, remaining: 0, windowSeconds: 60 };

    expect(toRefusal(error, parameters, quota).headers).toMatchObject({
      'Retry-After': '30',
      'RateLimit-Policy': '"failures";q=10;w=60',
      RateLimit: '"failures";r=0;t=30',
    });
  });

  it.each([
    ['token_inactive', 3],
    ['token_inactive', 0],
    ['rate_limited', 3],
  ] as const)('tells of the limit on %s with %i left, and of no end', (code, remaining) => {
    const quota = { limit: 10, remaining, windowSeconds: 1.5 };

    expect(toRefusal(new AuthError(code), parameters, quota).headers).toMatchObject({
      'RateLimit-Policy': '"failures";q=10;w=2',
      RateLimit: `"failures";r=${remaining}`,
    });
  });

  it.each(codes)('says nothing of a limit where none is known: %s', (code) => {
    const { headers } = toRefusal(new AuthError(code), parameters);

    expect(Object.keys(headers).filter((name) => name.startsWith('RateLimit'))).toEqual([]);
  });
});
