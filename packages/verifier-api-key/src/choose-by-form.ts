import { check, checkArgument, type TokenVerifier, type VerifierReadings } from '@sallyport/core';
import { looksLikeKey } from './key/key-format.ts';

/**
 * One verifier for keys and for other tokens. The prefix alone decides, so that no token is tried at both.
 *
 * @throws {ConfigError} When `others` is not a verifier.
 */
export function chooseByForm(keys: TokenVerifier, others: TokenVerifier): TokenVerifier {
  checkArgument('apiKey.others', others, check.verifier);
  const both = [keys, others];
  return {
    // The label of a verifier is a constant, and so is this one.
    name: `${others.name}-or-${keys.name}`,

    verify: (token, context) => (looksLikeKey(token) ? keys : others).verify(token, context),

    async prepare() {
      // Callers do not await `prepare` at the start, and an unhandled rejection would end the process.
      await Promise.allSettled(both.map(async (verifier) => verifier.prepare?.()));
    },

    readings() {
      const all = both.flatMap((verifier) => verifier.readings?.() ?? []);
      const sum = (member: keyof VerifierReadings) =>
        all.reduce((total, readings) => total + readings[member], 0);
      return {
        cacheHits: sum('cacheHits'),
        cacheMisses: sum('cacheMisses'),
        cachedTokens: sum('cachedTokens'),
      };
    },

    async close() {
      await Promise.all(both.map((verifier) => verifier.close?.()));
    },
  };
}
