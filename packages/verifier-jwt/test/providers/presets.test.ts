/** What holds for every preset: its provider's tokens are accepted, and their neighbours are not. */
import { testContext } from '@sallyport/contract-tests';
import { describe, expect, it } from 'vitest';
import {
  type AsymmetricAlgorithm,
  createJwtVerifier,
  providers,
  type TrustedIssuer,
} from '../../src/index.ts';
import { judge, now } from '../fixture.ts';
import { createFixtureIssuer, type FixtureIssuer, production } from './fixture-issuer.ts';
import { providerShapes } from './provider-shapes.ts';

const issuers = new Map<string, Promise<FixtureIssuer>>();

/** One key for each algorithm and owner: making RSA keys takes time. */
function issuerOf(algorithm: AsymmetricAlgorithm, owner: 'the provider' | 'a stranger') {
  const name = `${algorithm} ${owner}`;
  const issuer = issuers.get(name) ?? createFixtureIssuer(algorithm);
  issuers.set(name, issuer);
  return issuer;
}

it('has a shape for every preset', () => {
  expect(Object.keys(providerShapes).sort()).toEqual(Object.keys(providers).sort());
});

describe.each(Object.entries(providerShapes))('providers.%s', (name, shape) => {
  const { algorithm, claims, header, neighbours, principal } = shape;
  const arrange = async () => {
    const { keys, mint } = await issuerOf(algorithm, 'the provider');
    const trusted = shape.preset({ environment: production, keys });
    return { mint, trusted, verifier: createJwtVerifier(trusted) };
  };

  it('says whose its token is', async () => {
    const { mint, verifier } = await arrange();

    await expect(verifier.verify(await mint(claims, header), testContext())).resolves.toMatchObject(
      { issuer: claims.iss, expiresAt: now + 300, ...principal },
    );
  });

  it('asks for keys at the published address, and nowhere else', () => {
    const { keys, algorithms } = shape.preset({ environment: production });

    expect(keys).toMatchObject({ kind: 'jwks', url: shape.keysUrl });
    expect(algorithms).toContain(algorithm);
  });

  it.each(Object.entries(neighbours))(
    'refuses a token that is %s (CLM-12, CLM-13, CLM-19, TOK-16)',
    async (_neighbour, { claims: changes, header: changedHeader, code }) => {
      const { mint, verifier } = await arrange();
      const token = await mint({ ...claims, ...changes }, { ...header, ...changedHeader });

      expect(await judge(token, verifier)).toMatchObject({ code });
    },
  );

  it('refuses a token that names no client, unless ID tokens are wanted (CLM-19)', async () => {
    const { mint, trusted, verifier } = await arrange();
    const names = ['client_id', 'azp', 'cid', 'appid'];
    const nameless = { ...claims, ...Object.fromEntries(names.map((name) => [name, undefined])) };
    const code = trusted.profile === 'id-token' ? 'verified' : 'token_claim_invalid';

    expect(await judge(await mint(nameless, header), verifier)).toMatchObject({ code });
  });

  it('refuses issuers that look alike (CLM-12)', async () => {
    const { mint, verifier } = await arrange();
    const { iss } = claims;
    const lookAlikes = [
      `${iss}/`,
      iss.replace(/\/$/, '').slice(0, -1),
      iss.toUpperCase(),
      `${iss}.evil.com`,
      iss.replace('.', '。'),
      iss.replace('https:', 'http:').replace(/^(?!http)/, 'https://'),
      [iss],
      undefined,
    ];

    for (const lookAlike of lookAlikes) {
      const token = await mint({ ...claims, iss: lookAlike }, header);
      expect(await judge(token, verifier)).toMatchObject({ code: 'token_issuer_untrusted' });
    }
  });

  it('refuses a token that another issuer of the same verifier signed (CLM-12)', async () => {
    const { mint, trusted } = await arrange();
    const stranger = await issuerOf(algorithm, 'a stranger');
    const other: TrustedIssuer = {
      issuer: 'https://other.acme.com',
      audience: 'other',
      keys: stranger.keys,
      algorithms: [algorithm],
    };
    const verifier = createJwtVerifier({ issuers: [other, trusted] });

    expect(await judge(await mint(claims, header), verifier)).toEqual({ code: 'verified' });
    expect(await judge(await stranger.mint(claims, header), verifier)).toMatchObject({
      code: 'token_signature_invalid',
    });
  });

  it.each(['dpop+jwt', 'logout+jwt', 'secevent+jwt', 'token-introspection+jwt'])(
    'refuses the type %s (TOK-16)',
    async (typ) => {
      const { mint, verifier } = await arrange();

      expect(await judge(await mint(claims, { ...header, typ }), verifier)).toMatchObject({
        code: 'token_type_forbidden',
      });
    },
  );

  it('takes algorithms and clock tolerance from its options', async () => {
    const { mint } = await arrange();
    const { keys } = await issuerOf(algorithm, 'the provider');
    const expired = await mint({ ...claims, iat: now - 60, exp: now - 5 }, header);
    const verdict = (options: object) =>
      judge(
        expired,
        createJwtVerifier(shape.preset({ environment: production, keys, ...options })),
      );

    expect(await verdict({ clockToleranceSeconds: 6 })).toEqual({ code: 'verified' });
    expect(await verdict({ clockToleranceSeconds: 5 })).toMatchObject({ code: 'token_expired' });
    expect(() =>
      createJwtVerifier(shape.preset({ environment: production, algorithms: ['PS512'], keys })),
    ).toThrow(name === 'googleIap' ? 'must be ES256 alone' : 'no key fits PS512');
  });
});
