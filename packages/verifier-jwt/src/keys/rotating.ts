import {
  AuthError,
  type Checks,
  ConfigError,
  check,
  checkOptions,
  type VerifyContext,
} from '@sallyport/core';
import type {
  HmacKeySource,
  KeyRing,
  SinglePublicKeySource,
  VerificationKey,
} from './key-source.ts';
import { createKeySuccession, type KeySuccession } from './key-succession.ts';

/** A source of one key: `hmacSecret` or `publicKey`. */
export type KeyAtHand = HmacKeySource | SinglePublicKeySource;

/** Options for {@link rotating}. */
export interface RotatingOptions<Source extends KeyAtHand> {
  /** The first key. */
  readonly keys: Source;
  /**
   * For how long a key that was replaced still verifies, so that tokens which were signed with it
   * live on: 0 to 86,400 seconds. With 0 it ends at once, as it must when it was stolen. Default 600.
   */
  readonly graceSeconds?: number;
  /** Monotonic clock, in milliseconds from any start. Default `performance.now`. */
  readonly now?: () => number;
}

const optionChecks: Checks<RotatingOptions<KeyAtHand>> = {
  keys: check.shape('a key at hand, which is hmacSecret or publicKey', {
    kind: 'string',
    open: 'function',
  }),
  graceSeconds: check.optional(check.number),
  now: check.optional(check.callback),
};

/** What a source has of a key that can be replaced while it is in use. */
export interface Replaceable<Source extends KeyAtHand> {
  /**
   * Puts another key in force at once, and keeps the one before for its time. The same key again
   * changes nothing. Of keys whose time is not over, the last four are kept.
   *
   * Before a verifier uses the source there is no key in force: then only the kind is judged, and
   * the verifier does not start with a bad one.
   *
   * @throws {ConfigError} When the key is of another kind, or such as would have stopped the start.
   *   The one in force stays so.
   */
  replace(next: Source): void;
}

/**
 * A key at hand that can be replaced without a restart, and whoever uses it follows.
 *
 * It knows no key from before its own start: a process that starts after a replacement refuses what
 * was signed with the key before. Keys that are fetched are not for this; they rotate by themselves.
 *
 * @example
 * ```ts
 * const keys = rotating({ keys: hmacSecret(first) });
 * const verifier = createJwtVerifier({ issuer, audience, algorithms: ['HS256'], keys });
 *
 * keys.replace(hmacSecret(next));
 * ```
 * @throws {ConfigError} When it is no key at hand, or a number is out of range.
 */
export function rotating<Source extends KeyAtHand>(
  given: RotatingOptions<Source>,
): Source & Replaceable<Source> {
  const options = checkOptions('jwt.keys', given, optionChecks);
  const { keys: first, graceSeconds = 600, now = () => performance.now() } = options;
  if (!(graceSeconds >= 0 && graceSeconds <= 86_400)) {
    throw new ConfigError('jwt.keys.graceSeconds', 'must be a number from 0 to 86400');
  }
  if (first?.kind !== 'hmac' && first?.kind !== 'public key') throw notAtHand();
  const inUse = new Map<KeySuccession, readonly string[]>();
  let current = first;
  const rotation: Pick<Source, 'open'> & Replaceable<Source> = {
    open(algorithms: readonly string[]): KeyRing {
      const key = readKey(current, algorithms);
      const succession = createKeySuccession(key, now);
      inUse.set(succession, algorithms);
      return {
        find(query) {
          if (query.algorithm !== key.algorithm) throw new AuthError('token_key_unknown');
          return succession.current();
        },
        previous: () => succession.previous(),
        async close() {
          inUse.delete(succession);
        },
      };
    },

    replace(next: Source) {
      if (next?.kind !== first.kind) {
        throw new ConfigError('jwt.keys', `must be of the same kind as the first: ${first.kind}`);
      }
      // All before any: what is not good for one verifier is in force for none.
      const keys = [...inUse].map(
        ([succession, algorithms]) => [succession, readKey(next, algorithms)] as const,
      );
      const until = now() + graceSeconds * 1_000;
      for (const [succession, key] of keys) succession.replace(key, until);
      current = next;
    },
  };
  return { ...first, ...rotation };
}

// A key at hand is found without waiting. Made for each call: Workers refuse to make signals while a module
// loads.
const nothing = (): VerifyContext => ({
  nowSeconds: 0,
  signal: AbortSignal.abort(),
  allowRemote: false,
});

/** @throws {ConfigError} When the source has no key for these algorithms, or none that stays. */
function readKey(source: KeyAtHand, algorithms: readonly string[]): VerificationKey {
  const [algorithm = ''] = algorithms;
  const ring = source.open(algorithms);
  const key = ring.find({ keyId: undefined, algorithm }, nothing());
  if (key instanceof Promise || ring.previous !== undefined) throw notAtHand();
  return key;
}

function notAtHand(): ConfigError {
  return new ConfigError('jwt.keys', 'must be a key at hand: hmacSecret or publicKey');
}
