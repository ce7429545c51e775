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
  /** Verifies tokens that look like a JWT. */
  readonly jwt: TokenVerifier;
  /** Verifies all other tokens. */
  readonly introspection: TokenVerifier;
  /**
   * Introspects JWTs as well, so that a revoked JWT is refused. The `cache` of {@link introspection} decides
   * how often. The endpoint must accept JWTs. Default false.
   */
  readonly checkRevocation?: boolean;
}

const optionChecks: Checks<HybridVerifierOptions> = {
  jwt: check.verifier,
  introspection: check.verifier,
  checkRevocation: check.optional(check.flag),
};

/**
 * Chooses a verifier by the shape of the token. A token that one verifier refuses is not passed to the other.
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
      // After the signature is verified, so that forged JWTs are never introspected.
      if (checkRevocation) {
        // A stranger cannot forge an authentic JWT, so introspecting it needs no limit of failures.
        const { failuresLeft: _unlimited, ...rest } = context;
        const { confirmation } = await introspection.verify(token, { ...rest, allowRemote: true });
        // An answer without `cnf` does not remove the binding of the JWT.
        if (confirmation && !isSameConfirmation(confirmation, principal.confirmation)) {
          throw new AuthError('token_sender_constrained', {
            detail: 'introspection: cnf differs from the JWT',
          });
        }
      }
      return principal;
    },

    async prepare() {
      // Callers do not await `prepare` at the start, and an unhandled rejection would end the process.
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
