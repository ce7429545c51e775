/** An issuer with a key of its own, that signs whatever a provider is documented to sign. */
import { contractNowSeconds } from '@sallyport/contract-tests';
import { detectEnvironment } from '@sallyport/core';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type AsymmetricAlgorithm, localJwks, type PublicKeySource } from '../../src/index.ts';

export type Claims = Readonly<Record<string, unknown>>;

export const production = detectEnvironment({});
export const development = detectEnvironment({ ENVIRONMENT: 'development' });

export interface FixtureIssuer {
  readonly keys: PublicKeySource;
  readonly jwk: Claims;
  /** Signs claims that live for five minutes; a member that is `undefined` is left out. */
  mint(claims: Claims, header?: Claims): Promise<string>;
}

/** @param members What the JWK has besides, such as Entra's `issuer`. All have one `kid`. */
export async function createFixtureIssuer(
  algorithm: AsymmetricAlgorithm = 'RS256',
  members: Claims = {},
): Promise<FixtureIssuer> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const published = await exportJWK(publicKey);
  const jwk = { ...published, kid: 'key-1', alg: algorithm, use: 'sig', ...members };
  const times = { iat: contractNowSeconds, exp: contractNowSeconds + 300 };
  return {
    jwk,
    keys: localJwks({ keys: [jwk] }),
    mint: (claims, header = {}) =>
      new SignJWT({ ...times, ...claims })
        .setProtectedHeader(JSON.parse(JSON.stringify({ alg: algorithm, kid: jwk.kid, ...header })))
        .sign(privateKey),
  };
}
