/** A proof that was found good. */
export interface UsedProof {
  /** A digest of the key and of the proof's `jti`: 43 characters of base64url. */
  readonly id: string;
  /** The thumbprint of the key that made it. */
  readonly thumbprint: string;
  /** When the proof expires, in seconds since the epoch. Until then it must be remembered. */
  readonly expiresAt: number;
}

/**
 * Remembers which proofs were used (RFC 9449 §11.1). It is only ever told of good proofs that came with
 * a good token, so that nobody without one can fill it.
 */
export interface ReplayStore {
  /**
   * Remembers a proof. Of many calls with the same `id` at the same time, one resolves to `true`.
   *
   * @param nowSeconds The current time, in seconds since the epoch.
   * @returns Whether it is used for the first time. A store that cannot tell has to decide.
   */
  remember(proof: UsedProof, nowSeconds: number): Promise<boolean>;
}
