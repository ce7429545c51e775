import { AuthError, type TokenVerifier, type VerifierReadings } from '@sallyport/core';
import { describe } from 'vitest';
import { contractNowSeconds, describeTokenVerifier } from '../../src/index.ts';

const valid = 'a-token-that-is-good-for-5-minutes';
const end = contractNowSeconds + 300;

type Count = (hits: number, misses: number, tokens: number) => VerifierReadings;

const right: Count = (cacheHits, cacheMisses, cachedTokens) => ({
  cacheHits,
  cacheMisses,
  cachedTokens,
});
let hitsOfAll = 0;

const mutants: Readonly<Record<string, Count>> = {
  none: right,
  'calls hits misses': (hits, misses, tokens) => right(misses, hits, tokens),
  'counts misses only once': (hits, misses, tokens) => right(hits, Math.min(0, misses), tokens),
  'counts what is not there': (hits, misses, tokens) => right(hits, misses, tokens + 1),
  'remembers more with each look-up': (hits, misses) => right(hits, misses, hits + misses),
  'counts for all verifiers together': (hits, misses, tokens) => {
    hitsOfAll += 1;
    return right(hits + hitsOfAll, misses, tokens);
  },
};

function createVerifier(count: Count): TokenVerifier {
  const known = new Set<string>();
  let hits = 0;
  let misses = 0;
  return {
    name: 'mutant',
    async verify(token, { nowSeconds }) {
      if (known.has(token)) hits += 1;
      else misses += 1;
      if (token !== valid || nowSeconds >= end) throw new AuthError('token_inactive');
      known.add(token);
      return Object.freeze({
        issuer: 'urn:example:issuer',
        subject: 'user',
        clientId: 'client',
        audience: Object.freeze(['https://mcp.example.com']),
        scopes: new Set(['read']),
        expiresAt: end,
        claims: Object.freeze({}),
      });
    },
    readings: () => count(hits, misses, known.size),
  };
}

const unknown = async () => 'a-token-that-nobody-knows';

for (const [name, count] of Object.entries(mutants)) {
  describe(name, () =>
    describeTokenVerifier({
      create: () => createVerifier(count),
      upstream: 'none',
      tokens: {
        valid: async () => valid,
        expired: unknown,
        garbage: unknown,
        tampered: unknown,
        notYetValid: unknown,
        otherIssuer: unknown,
        otherAudience: unknown,
        withoutAudience: unknown,
        senderConstrained: unknown,
      },
      validUntilSeconds: end,
    }),
  );
}
