/** Every kind of caller that a provider knows gets in by its preset, and as the one that it is. */
import { testContext } from '@sallyport/contract-tests';
import type { ConfirmationMethod } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { createJwtVerifier, providers } from '../../src/index.ts';
import { judge, now } from '../fixture.ts';
import { callers } from './callers.ts';
import { createFixtureIssuer, production } from './fixture-issuer.ts';
import { providerShapes } from './provider-shapes.ts';

const issuers = {
  RS256: await createFixtureIssuer('RS256'),
  ES256: await createFixtureIssuer('ES256'),
  ES384: await createFixtureIssuer('ES384'),
};

function arrange(provider: keyof typeof providers) {
  const shape = providerShapes[provider];
  const { keys, mint } = issuers[shape.algorithm as keyof typeof issuers];
  const verifier = createJwtVerifier(shape.preset({ environment: production, keys }));
  return { shape, mint, verifier };
}

const table = Object.entries(callers).flatMap(([provider, own]) =>
  Object.entries(own).map(
    ([kind, caller]) => [provider as keyof typeof providers, kind, caller] as const,
  ),
);

it.each(table)('CASE-30, CASE-36: %s: %s', async (provider, _kind, caller) => {
  const { shape, mint, verifier } = arrange(provider);
  const { claims, header, lifetime = 300, principal } = caller;
  // Issuers set `iat` back, and clocks differ by a second.
  const iat = now - 1;
  const token = await mint(
    { ...shape.claims, iat, exp: iat + lifetime, ...claims },
    { ...shape.header, x5t: 'not looked at', ...header },
  );
  const confirmationMethods = new Set<ConfirmationMethod>(['jkt']);

  await expect(verifier.verify(token, testContext({ confirmationMethods }))).resolves.toMatchObject(
    { issuer: shape.claims.iss, ...shape.principal, ...principal },
  );
});

describe('who looks like a caller and is none', () => {
  it.each([
    ['stytch', { sub: 'user-test-1', client_id: undefined }, 'token_claim_invalid'],
    ['stytch', { sub: 'xm2m-client-test-1', client_id: undefined }, 'token_claim_invalid'],
    ['stytch', { sub: 'M2M-client-test-1', client_id: undefined }, 'token_claim_invalid'],
    ['workos', { sub: 'user_1', client_id: undefined }, 'token_claim_invalid'],
    [
      'workos',
      { sub: 'client_1', client_id: undefined, aud: undefined },
      'token_audience_mismatch',
    ],
    ['keycloak', { typ: 'dpop' }, 'token_claim_invalid'],
    ['keycloak', { typ: ['Bearer'] }, 'token_claim_invalid'],
    ['keycloak', { typ: 'Bearer or DPoP' }, 'token_claim_invalid'],
  ] as const)('%s: %j', async (provider, claims, code) => {
    const { shape, mint, verifier } = arrange(provider);

    expect(
      await judge(await mint({ ...shape.claims, ...claims }, shape.header), verifier),
    ).toMatchObject({ code });
  });

  it('has no proof of its sender', async () => {
    const { shape, mint, verifier } = arrange('keycloak');
    const cnf = { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I', 'kc-jkt-type': 'access' };
    const token = await mint({ ...shape.claims, typ: 'DPoP', cnf }, shape.header);

    expect((await judge(token, verifier)).code).toBe('token_sender_constrained');
  });

  it('is a client that is not among those named', async () => {
    const { keys, mint } = issuers.RS256;
    const { claims } = providerShapes.stytch;
    const trusted = providers.stytch({
      environment: production,
      keys,
      projectId: `${claims.iss}`.slice('stytch.com/'.length),
      audience: `${claims['aud']}`,
      clientIds: ['m2m-client-test-1'],
    });
    const verdict = async (sub: string) => {
      const token = await mint({ ...claims, client_id: undefined, sub });
      return (await judge(token, createJwtVerifier(trusted))).code;
    };

    expect(await verdict('m2m-client-test-1')).toBe('verified');
    expect(await verdict('m2m-client-test-2')).toBe('token_audience_mismatch');
  });
});

it('CASE-30: one second more than the provider’s longest lifetime and the tolerance is too long', async () => {
  const { shape, mint, verifier } = arrange('workos');
  const verdict = async (seconds: number) =>
    (await judge(await mint({ ...shape.claims, iat: now, exp: now + seconds }), verifier)).code;

  expect(await verdict(608_460)).toBe('verified');
  expect(await verdict(608_461)).toBe('token_lifetime_excessive');
});
