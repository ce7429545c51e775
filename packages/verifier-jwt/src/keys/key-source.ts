/** The contract between a verifier and the source of its keys. */
import type { KeyObject } from 'node:crypto';
import type { VerifyContext } from '@sallyport/core';
import type { OtherReading } from './hmac/other-encodings.ts';

/** A key that was imported once, bound to one algorithm (RFC 8725 §3.1). */
export interface VerificationKey {
  readonly keyId: string | undefined;
  readonly algorithm: string;
  readonly key: KeyObject;
  /** Required length of signatures, in bytes. `undefined`: the algorithm decides. */
  readonly signatureLength: number | undefined;
  /** The `issuer` of the JWK, as in Entra's key set. The key is valid for tokens of this issuer only. */
  readonly issuer?: string;
  /** For the log: other keys that the text of a shared secret could encode. */
  readonly otherReadings?: readonly OtherReading[];
}

/** Selects a key, by the header of a token. */
export interface KeyQuery {
  readonly keyId: string | undefined;
  /** One of the algorithms that the keys were opened for. */
  readonly algorithm: string;
}

/** Keys for one verifier. */
export interface KeyRing {
  /**
   * Finds the key for a token. Returns it at once if no request is needed. It must return the same
   * object as long as the key is valid: the cache of verified tokens compares it.
   *
   * @throws {AuthError} Or rejects with one: `token_key_unknown` when no key fits; `token_key_pending`
   *   when newer keys cannot be fetched yet; `upstream_unavailable` when the keys could not be fetched.
   */
  find(query: KeyQuery, context: VerifyContext): VerificationKey | Promise<VerificationKey>;
  /**
   * Previous keys in their grace period. The verifier tries each of them if the signature does not
   * match the key from {@link find}.
   */
  previous?(query: KeyQuery): readonly VerificationKey[];
  /**
   * Finds the key that replaced a key without `kid`. Called when the signature does not match,
   * because such a token cannot name a newer key.
   *
   * @throws {AuthError} Rejects as {@link find} does: `token_key_unknown` when there is no other key.
   */
  successor?(
    query: KeyQuery,
    key: VerificationKey,
    context: VerifyContext,
  ): Promise<VerificationKey>;
  /** Fetches the keys, if they must be fetched. Never rejects. */
  prepare?(): Promise<void>;
  /** Releases sockets and timers. */
  close?(): Promise<void>;
}

/** Public keys: `remoteJwks`, `discoverJwks`, `localJwks` or `publicKey`. */
export interface PublicKeySource {
  readonly kind: 'jwks' | 'public key';
  /** The address of the keys or of the metadata. `undefined`: nothing is fetched. */
  readonly url?: string;
  /**
   * Called once by each verifier that uses the source.
   *
   * @throws {ConfigError} When a key does not fit the algorithms.
   */
  open(algorithms: readonly string[]): KeyRing;
}

/** A single public key: `publicKey`. */
export interface SinglePublicKeySource extends PublicKeySource {
  readonly kind: 'public key';
}

/** A shared secret: `hmacSecret`. Its type differs from public keys, so the two cannot be confused. */
export interface HmacKeySource {
  readonly kind: 'hmac';
  /** @throws {ConfigError} When the secret is too short for an algorithm. */
  open(algorithms: readonly string[]): KeyRing;
}
