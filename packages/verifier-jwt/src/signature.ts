import { AuthError } from '@sallyport/core';
import type { CompactJws } from './compact-jws.ts';
import { verifyWithJose } from './engine-jose.ts';
import { canVerifyWithNode, verifyWithNode } from './engine-node.ts';
import type { VerificationKey } from './key-source.ts';

/**
 * Verifies the signature of a token with a key that was found for it: with `node:crypto` where
 * there is one, at once and without a detour through Web Crypto; elsewhere with jose. Both give
 * the same verdict on every token, which a test holds them to.
 *
 * @param algorithm The token's own, already among the allowed ones and the key's.
 * @throws {AuthError} `token_signature_invalid`. The key passed the import policy, so a failure of
 *   any kind is the token's.
 */
export async function verifySignature(
  jws: CompactJws,
  algorithm: string,
  { key }: VerificationKey,
): Promise<void> {
  const holds = canVerifyWithNode(algorithm)
    ? verifyWithNode(jws, algorithm, key)
    : await verifyWithJose(jws, algorithm, key);
  if (!holds) throw new AuthError('token_signature_invalid');
}
