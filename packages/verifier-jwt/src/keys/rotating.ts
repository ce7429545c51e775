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
   * How long a replaced key still verifies tokens, in seconds: 0 to 86,400. Use 0 for a stolen key.
   * Default 600.
   */
  readonly graceSeconds?: number;
  /**
   * A key that the first key replaced before this process started. It verifies tokens for `validSeconds` from now: more than 0, at
   * most 604,800. Never use it for a leaked key. Default: none.
   */
  readonly previous?: { readonly keys: Source; readonly validSeconds: number };
  /** Monotonic clock, in milliseconds from any start. Default `performance.now`. */
  readonly monotonicNow?: () => number;
}

// Functions, so that bundles leave them out where nothing calls the factory.
const keyCheck = () =>
  check.shape('a local key: hmacSecret or publicKey', { kind: 'string', open: 'function' });
const optionChecks = (): Checks<RotatingOptions<KeyAtHand>> => ({
  keys: keyCheck(),
  graceSeconds: check.optional(check.number),
  previous: check.optional(
    check.options<NonNullable<RotatingOptions<KeyAtHand>['previous']>>({
      keys: keyCheck(),
      validSeconds: check.number,
    }),
  ),
  monotonicNow: check.optional(check.callback),
});

/** A key source whose key can be replaced at run time. */
export interface Replaceable<Source extends KeyAtHand> {
  /**
   * Replaces the key at once. The previous key stays valid for `graceSeconds`. At most four previous
   * keys are kept. The same key again changes nothing.
   *
   * Before a verifier uses the source, only the kind of the key is checked. A bad key then stops the
   * start of the verifier.
   *
   * @throws {ConfigError} When the key is of another kind or cannot be used. The current key stays.
   */
  replace(next: Source): void;
}

/**
 * Creates a key source whose key can be replaced without a restart, in every verifier that uses it.
 *
 * A process that starts after a replacement knows the previous key only from `previous`.
 * Do not use it for fetched keys: they rotate by themselves.
 *
 * @example
 * ```ts
 * const keys = rotating({ keys: hmacSecret(first) });
 * const verifier = createJwtVerifier({ issuer, audience, algorithms: ['HS256'], keys });
 *
 * keys.replace(hmacSecret(next));
 * ```
 * @throws {ConfigError} When the key is not from `hmacSecret` or `publicKey`, or a number is out of range.
 */
export function rotating<Source extends KeyAtHand>(
  given: RotatingOptions<Source>,
): Source & Replaceable<Source> {
  const options = checkOptions('jwt.keys', given, optionChecks());
  const { keys: first, graceSeconds = 600, monotonicNow = () => performance.now() } = options;
  if (!(graceSeconds >= 0 && graceSeconds <= 86_400)) {
    throw new ConfigError('jwt.keys.graceSeconds', 'must be a number from 0 to 86400');
  }
  if (first?.kind !== 'hmac' && first?.kind !== 'public key') throw notAtHand();
  const { previous } = options;
  if (previous !== undefined) {
    if (previous.keys.kind !== first.kind) throw otherKind(first);
    if (!(previous.validSeconds > 0 && previous.validSeconds <= 604_800)) {
      const problem = 'must be a number of more than 0, and at most 604800';
      throw new ConfigError('jwt.keys.previous.validSeconds', problem);
    }
  }
  const previousEnd = monotonicNow() + (previous?.validSeconds ?? 0) * 1_000;
  const inUse = new Map<KeySuccession, readonly string[]>();
  let current = first;
  const rotation: Pick<Source, 'open'> & Replaceable<Source> = {
    open(algorithms: readonly string[]): KeyRing {
      const key = readKey(current, algorithms);
      const succession = createKeySuccession(
        previous === undefined ? key : readPrevious(previous.keys, algorithms),
        monotonicNow,
      );
      succession.replace(key, previousEnd);
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
        throw otherKind(first);
      }
      // Check the key for all verifiers before any of them uses it.
      const keys = [...inUse].map(
        ([succession, algorithms]) => [succession, readKey(next, algorithms)] as const,
      );
      const until = monotonicNow() + graceSeconds * 1_000;
      for (const [succession, key] of keys) succession.replace(key, until);
      current = next;
    },
  };
  return { ...first, ...rotation };
}

// A source without requests needs no context. Made for each call: Workers refuse to make signals while a module
// loads.
const nothing = (): VerifyContext => ({
  nowSeconds: 0,
  signal: AbortSignal.abort(),
  allowRemote: false,
});

function readKey(source: KeyAtHand, algorithms: readonly string[]): VerificationKey {
  const [algorithm = ''] = algorithms;
  const ring = source.open(algorithms);
  const key = ring.find({ keyId: undefined, algorithm }, nothing());
  if (key instanceof Promise || ring.previous !== undefined) throw notAtHand();
  return key;
}

/** @throws {ConfigError} The same problem, said of the previous key. */
function readPrevious(source: KeyAtHand, algorithms: readonly string[]): VerificationKey {
  try {
    return readKey(source, algorithms);
  } catch (error) {
    const { problem } = error as Partial<ConfigError>;
    throw problem === undefined ? error : new ConfigError('jwt.keys.previous', problem);
  }
}

function otherKind({ kind }: KeyAtHand): ConfigError {
  return new ConfigError('jwt.keys', `must be of the same kind as the first: ${kind}`);
}

function notAtHand(): ConfigError {
  return new ConfigError('jwt.keys', 'must be a local key: hmacSecret or publicKey');
}
