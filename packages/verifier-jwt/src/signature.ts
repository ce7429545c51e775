import { AuthError } from '@sallyport/core';
import { compactVerify } from 'jose';
import type { VerificationKey } from './key-source.ts';

/**
 * Verifies the signature of a token with a key that was found for it.
 *
 * @param algorithm The token's own, already among the allowed ones and the key's.
 * @throws {AuthError} `token_signature_invalid`. The key passed the import policy, so a failure of
 *   any kind is the token's.
 */
export async function verifySignature(
  token: string,
  algorithm: string,
  { key }: VerificationKey,
): Promise<void> {
  try {
    await compactVerify(token, key, { algorithms: [algorithm] });
  } catch (cause) {
    throw new AuthError('token_signature_invalid', { cause });
  }
}
