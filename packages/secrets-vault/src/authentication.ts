import type { FaultyReading } from '@sallyport/cached-secrets';
import type { Secret } from '@sallyport/core';
import type { VaultClient } from './vault-client.ts';

/** How a provider says who it is: {@link vaultToken} or {@link kubernetesLogin}. */
export interface VaultAuthentication {
  /** Begins without asking anybody. */
  open(surroundings: VaultSurroundings): VaultSession;
}

/** What a session may use. */
export interface VaultSurroundings {
  readonly client: VaultClient;
  /** Monotonic clock, in milliseconds from any start. */
  readonly monotonicNow: () => number;
  /** Aborts when the provider is closed. */
  readonly closed: AbortSignal;
}

/** Where the token for the next request comes from. */
export interface VaultSession {
  /** Never rejects. */
  findToken(signal: AbortSignal): Promise<Secret | FaultyReading>;
  /** This token was refused: the next may be another. */
  renounce(token: Secret): void;
  /** What helps when there is no token because Vault gives none. */
  readonly remedy?: () => string;
}
