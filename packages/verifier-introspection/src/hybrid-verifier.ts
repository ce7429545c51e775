import {
  AuthError,
  type Checks,
  ConfigError,
  check,
  checkOptions,
  isSameConfirmation,
  type TokenVerifier,
  type VerifierReadings,
} from '@sallyport/core';

/** Options for {@link createHybridVerifier}. */
export interface HybridVerifierOptions {
  /** For tokens of three parts, as JWTs have them. */
  readonly jwt: TokenVerifier;
  /** For all others. */
  readonly introspection: TokenVerifier;
  /**
   * Has JWTs introspected as well, so that a revoked one is refused: how often is the matter of the
   * `cache` of {@link introspection}. Its endpoint must take JWTs. Default false.
   */
  readonly checkRevocation?: boolean;
}

const optionChecks: Checks<HybridVerifierOptions> = {
  jwt: check.verifier,
  introspection: check.verifier,
  checkRevocation: check.optional(check.flag),
};

/**
 * Chooses a verifier by the shape of the token, and never tries one after the other: what the one
 * refuses the other is not asked about.
 *
 * @throws {ConfigError} When one of the two is missing.
 */
export function createHybridVerifier(given: HybridVerifierOptions): TokenVerifier {
  const options = checkOptions('hybrid', given, optionChecks);
  const { jwt, introspection, checkRevocation = false } = options;
  for (const [name, verifier] of Object.entries({ jwt, introspection })) {
    if (typeof verifier?.verify !== 'function') {
      throw new ConfigError(`hybrid.${name}`, 'must be a verifier');
    }
  }
  return {
    name: 'hybrid',

    async verify(token, context) {
      if (!isJwt(token)) return introspection.verify(token, context);
      const principal = await jwt.verify(token, context);
      // Only now, so that nobody can have made-up JWTs asked about.
      if (checkRevocation) {
        // A stranger cannot make up an authentic JWT, so asking about one needs no limit of failures.
        const { failuresLeft: _unlimited, ...rest } = context;
        const { confirmation } = await introspection.verify(token, { ...rest, allowRemote: true });
        // Who says nothing of a binding has not lifted it.
        if (confirmation && !isSameConfirmation(confirmation, principal.confirmation)) {
          throw new AuthError('token_sender_constrained', {
            detail: 'introspection: cnf differs from the JWT',
          });
        }
      }
      return principal;
    },

    async prepare() {
      // Settled, because nobody awaits it at the start: a rejection would end the process.
      await Promise.allSettled([jwt, introspection].map(async (verifier) => verifier.prepare?.()));
    },

    readings() {
      const all = [jwt, introspection].flatMap((verifier) => verifier.readings?.() ?? []);
      const sum = (member: keyof VerifierReadings) =>
        all.reduce((total, readings) => total + readings[member], 0);
      return {
        cacheHits: sum('cacheHits'),
        cacheMisses: sum('cacheMisses'),
        cachedTokens: sum('cachedTokens'),
      };
    },

    async close() {
      await Promise.all([jwt.close?.(), introspection.close?.()]);
    },
  };
}

/** A JWT begins with `{"`, in base64url, and has two dots. Opaque tokens may have dots, too. */
function isJwt(token: string): boolean {
  return token.startsWith('eyJ') && token.split('.').length === 3;
}
