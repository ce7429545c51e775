import { type Checks, ConfigError, check, type Secret } from '@sallyport/core';
import { base64url } from 'jose';

/** Options for nonces of the server (RFC 9449 §9). */
export interface NonceOptions {
  /** At least 32 bytes, the same in all instances: their nonces are good for each other. */
  readonly secret: Secret;
  /**
   * How often there is a new one, in seconds: 10 to 3,600. The one before it is good for as long
   * again. Default 300.
   */
  readonly rotationSeconds?: number;
}

type NonceStanding = 'current' | 'previous' | 'unknown';

/** Nonces that need no memory. */
export interface Nonces {
  issue(nowSeconds: number): Promise<string>;
  judge(nonce: unknown, nowSeconds: number): Promise<NonceStanding>;
}

const shortestSecret = 32;

/** The run-time check of {@link NonceOptions}. */
export const nonceChecks: Checks<NonceOptions> = {
  secret: check.shape('a Secret', { reveal: 'function' }),
  rotationSeconds: check.optional(check.number),
};

/**
 * A nonce is the HMAC of a slot of time: it is the same for all clients, since what it shows is when a
 * proof was made, and not for whom.
 *
 * @throws {ConfigError} `dpop.nonce` when the secret is too short, or a number out of range.
 */
export function createNonces({ secret, rotationSeconds = 300 }: NonceOptions): Nonces {
  const bytes = new TextEncoder().encode(secret.reveal());
  if (bytes.length < shortestSecret) {
    throw new ConfigError('dpop.nonce.secret', 'must have at least 32 bytes');
  }
  if (!(Number.isInteger(rotationSeconds) && rotationSeconds >= 10 && rotationSeconds <= 3_600)) {
    throw new ConfigError('dpop.nonce.rotationSeconds', 'must be a whole number from 10 to 3600');
  }
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign']);
  const slotAt = (nowSeconds: number): number => Math.floor(nowSeconds / rotationSeconds);

  async function nonceOf(slot: number): Promise<string> {
    const text = new TextEncoder().encode(`dpop-nonce ${rotationSeconds} ${slot}`);
    const signature = await crypto.subtle.sign('HMAC', await imported, text);
    return base64url.encode(new Uint8Array(signature));
  }

  return {
    issue: (nowSeconds) => nonceOf(slotAt(nowSeconds)),

    async judge(nonce, nowSeconds) {
      if (typeof nonce !== 'string') return 'unknown';
      const slot = slotAt(nowSeconds);
      if (nonce === (await nonceOf(slot))) return 'current';
      // From an instance whose clock is ahead: no other can have made it yet.
      if (nonce === (await nonceOf(slot + 1))) return 'current';
      return nonce === (await nonceOf(slot - 1)) ? 'previous' : 'unknown';
    },
  };
}
