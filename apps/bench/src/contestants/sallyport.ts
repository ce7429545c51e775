import { createJwtVerifier, hmacSecret, localJwks } from '@sallyport/verifier-jwt';
import { algorithms } from '../tokens/issuer.ts';
import { audience, issuerName } from '../tokens/tokens.ts';
import type { Contestant } from './contestant.ts';

/** With the clock read for each token, as the guard reads it for each request. */
export const sallyport: Contestant = {
  name: '@sallyport/verifier-jwt',
  algorithms,

  async open({ algorithm, keyText, jwk }, { cachedTokens }) {
    const common = { issuer: issuerName, audience, cache: { maximumTokens: cachedTokens } };
    const verifier = createJwtVerifier(
      algorithm === 'HS256'
        ? { ...common, algorithms: [algorithm], keys: hmacSecret(keyText) }
        : { ...common, algorithms: [algorithm], keys: localJwks({ keys: [jwk] }) },
    );
    const { signal } = new AbortController();
    return (token) =>
      verifier.verify(token, {
        nowSeconds: Math.floor(Date.now() / 1_000),
        signal,
        allowRemote: true,
      });
  },
};
