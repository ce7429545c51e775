/** The contract between the verifier and whatever holds its keys. */
import type { KeyObject } from 'node:crypto';
import type { VerifyContext } from '@sallyport/core';
import type { OtherReading } from './hmac/other-encodings.ts';

/** A key that was imported once, bound to one algorithm (RFC 8725 §3.1). */
export interface VerificationKey {
  readonly keyId: string | undefined;
  readonly algorithm: string;
  readonly key: KeyObject;
  /** How long signatures must be, in bytes; `undefined` where the algorithm itself says. */
  readonly signatureLength: number | undefined;
  /** The JWK's own `issuer`, as Entra gives one: only tokens of this issuer are signed with it. */
  readonly issuer?: string;
  /** For the log: other keys that the text of a shared secret could stand for. */
  readonly otherReadings?: readonly OtherReading[];
}

/** What a token says about its key. */
export interface KeyQuery {
  readonly keyId: string | undefined;
  /** One of the algorithms that the keys were opened for. */
  readonly algorithm: string;
}

/** Keys for one verifier. */
export interface KeyRing {
  /**
   * Finds the key for a token: at once where it is at hand, and the very same object for as long as
   * the key is in use. What was verified with it is remembered for as long.
   *
   * @throws {AuthError} Or rejects with one: `token_key_unknown` when the keys are at hand and none
   *   of them fits; `token_key_pending` when newer keys cannot be fetched yet; `upstream_unavailable`
   *   when the keys could not be fetched.
   */
  find(query: KeyQuery, context: VerifyContext): VerificationKey | Promise<VerificationKey>;
  /**
   * Keys that were in force until a short while ago, and are kept for tokens that were signed before:
   * those under which the signature did not hold with {@link find}'s are tried with each in turn. What
   * was verified with one is remembered for as long as it is among them.
   */
  previous?(query: KeyQuery): readonly VerificationKey[];
  /**
   * The key that replaced one without a name: tokens cannot say that they were signed with a newer one.
   * Asked when the signature does not hold.
   *
   * @throws {AuthError} Rejects as {@link find} does: `token_key_unknown` when there is no other key.
   */
  successor?(
    query: KeyQuery,
    key: VerificationKey,
    context: VerifyContext,
  ): Promise<VerificationKey>;
  /** Fetches the keys, where they are not at hand. Never rejects. */
  prepare?(): Promise<void>;
  /** Releases sockets and timers. */
  close?(): Promise<void>;
}

/** Public keys: `remoteJwks`, `discoverJwks`, `localJwks` or `publicKey`. */
export interface PublicKeySource {
  readonly kind: 'jwks' | 'public key';
  /** Where the keys, or what leads to them, are fetched; `undefined` when they are at hand. */
  readonly url?: string;
  /**
   * Called once, by the verifier that uses the source.
   *
   * @throws {ConfigError} When a key does not fit the algorithms.
   */
  open(algorithms: readonly string[]): KeyRing;
}

/** One public key at hand: `publicKey`. */
export interface SinglePublicKeySource extends PublicKeySource {
  readonly kind: 'public key';
}

/** A shared secret: `hmacSecret`. Another type than public keys, so that neither can be the other. */
export interface HmacKeySource {
  readonly kind: 'hmac';
  /** @throws {ConfigError} When the secret is too short for an algorithm. */
  open(algorithms: readonly string[]): KeyRing;
}
