/** CASE-37: no detail, message or event holds anything that the token holds. */

import { testContext } from '@sallyport/contract-tests';
import { createGuard, createScopePolicy } from '@sallyport/core';
import { mintToken } from '@sallyport/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJwtVerifier, hmacSecret } from '../../src/index.ts';
import {
  audience,
  goodClaims,
  goodHeader,
  goodOptions,
  issuer,
  judge,
  signSegments,
} from '../fixture.ts';

const secret = 'q0c3Zf8x1BvM7yKpWmT5sNdRhJ2uLgE9aXoYiCkQwPs=';
const legacy = createJwtVerifier({ ...goodOptions, profile: 'legacy' });
const claimNames = [
  ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'client_id', 'azp', 'scope', 'scp', 'roles', 'typ'],
  ...['cnf', 'nonce', 'events', 'token_use', 'permissions', 'resource_access', 'email', 'tid'],
];
const headerNames = ['alg', 'typ', 'kid', 'cty', 'crit', 'jwk', 'b64', 'x5c'];

/** Letters that are in no word of ours. */
const marker = fc.stringMatching(/^[Q-Z]{4}[0-9]{2}[Q-Z]{4}$/);

/** The marker as it is, and in the forms that the explanations take apart. */
const planted = marker.chain((text) =>
  fc.record({
    text: fc.constant(text),
    value: fc.constantFrom<unknown>(
      text,
      [text],
      { [text]: text },
      [{ jkt: text }],
      { jkt: text },
      `https://${text}.example.com/mcp`,
      `${audience}/${text}`,
      `${audience}#${text}`,
      `${text}://mcp.example.com/mcp`,
      `${issuer}/${text}/userinfo`,
      `notes:read,${text}`,
      `${text}/notes:read`,
      `["${text}","${audience}"]`,
      { roles: [text, 'notes:delete'] },
      { [text]: { roles: ['notes:delete'] } },
    ),
  }),
);

describe('the log of a refusal', () => {
  it('CASE-37, OPS-05: holds no byte of any claim or header', async () => {
    const events: unknown[] = [];
    const guard = createGuard({
      verifier: legacy,
      rateLimiter: {
        peek: async () => ({ allowed: true, retryAfterSeconds: 0 }),
        countFailure: async () => ({ allowed: true, retryAfterSeconds: 0 }),
      },
      audit: {
        // Who somebody is stands in fields of its own, once the token is verified.
        emit: ({ subject: _subject, clientId: _client, ...event }) => void events.push(event),
      },
      scopePolicy: createScopePolicy(),
      resourceMetadataUrl: 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp',
      requiredScopes: ['notes:read'],
      now: () => Number(goodClaims.iat) * 1_000,
      onEvent: (event) => void events.push(event),
    });
    const plant = fc.record({
      planted,
      claims: fc.subarray(claimNames, { minLength: 0, maxLength: 4 }),
      headers: fc.subarray(headerNames, { minLength: 0, maxLength: 1 }),
    });
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(plant, async ({ planted: { text, value }, claims, headers }) => {
        events.length = 0;
        const changes = (names: readonly string[]) =>
          Object.fromEntries(names.map((name) => [name, value]));
        const token = await signSegments(
          { ...goodHeader, ...changes(headers) },
          { ...goodClaims, ...changes(claims) },
        );
        const result = await guard.authenticate({
          authorization: [`Bearer ${token}`],
          tokenInQuery: false,
          clientKey: '192.0.2.1',
          signal: new AbortController().signal,
        });
        if (result.ok) {
          await guard.authorize(result.principal, { name: 'x', scopes: ['notes:delete'] });
        } else {
          refused += 1;
          expect(JSON.stringify(result.refusal)).not.toContain(text);
        }
        expect(JSON.stringify(events).toLowerCase()).not.toContain(text.toLowerCase());
      }),
      { numRuns: 300 },
    );
    expect(refused).toBeGreaterThan(50);
  });

  it('CASE-37, OPS-05: holds no byte of what is sent in place of a JWT', async () => {
    const forms = [
      '',
      'ya29.',
      'gho_',
      'eyJ',
      'v4.public.',
      'sk-',
      'a.b.c.d.',
      'eyJhbGciOiJkaXIifQ..',
    ];
    await fc.assert(
      fc.asyncProperty(marker, fc.constantFrom(...forms), async (text, form) => {
        const { code, detail } = await judge(`${form}${text}`, legacy);

        expect(code).toBe('token_malformed');
        expect(detail).not.toContain(text);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a signature of another reading of the secret', () => {
  const verifier = createJwtVerifier({
    issuer,
    audience,
    algorithms: ['HS256'],
    keys: hmacSecret(` ${secret}`),
  });

  it.each([
    [` ${secret}`, 'with the white space around it'],
    [`${secret}\n`, 'with a trailing newline'],
    [`${secret}\r\n`, 'with a trailing newline of Windows'],
    [`"${secret}"`, 'in quotation marks'],
    [secret.replace('=', ''), 'without its padding'],
    [Buffer.from(secret, 'base64'), 'decoded from base64'],
    [Buffer.from(secret).toString('base64'), 'encoded as base64'],
    [Buffer.from(secret).toString('hex'), 'encoded as hex'],
  ])('CASE-37: is refused, and its detail says so (%#)', async (key, reading) => {
    const token = await mintToken({
      key: typeof key === 'string' ? Buffer.from(key) : key,
      claims: goodClaims,
      header: { alg: 'HS256', typ: 'at+jwt' },
    });
    const { code, detail } = await judge(token, verifier);

    expect(code).toBe('token_signature_invalid');
    expect(detail).toContain(`valid for the secret ${reading}:`);
    expect(detail).not.toContain(secret.slice(0, 6));
    await expect(verifier.verify(token, testContext())).rejects.toThrow();
  });
});
