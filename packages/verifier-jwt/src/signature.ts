import type { SignedText } from './compact-jws.ts';
import { verifyWithJose } from './engine-jose.ts';
import { canVerifyWithNode, verifyWithNode } from './engine-node.ts';
import type { KeyQuery, KeyRing, VerificationKey } from './key-source.ts';

/**
 * Whether the signature of a token holds under a key that was found for it: by `node:crypto` where
 * there is one, at once and without a detour through Web Crypto; elsewhere by jose. Both give the
 * same verdict on every token, which a test holds them to. The key passed the import policy, so a
 * failure of any kind is the token's.
 *
 * @param algorithm The token's own, already among the allowed ones and the key's.
 */
export function holdsSignature(
  jws: SignedText,
  algorithm: string,
  { key, signatureLength }: VerificationKey,
): boolean | Promise<boolean> {
  if (signatureLength !== undefined && jws.signature.length !== signatureLength) return false;
  return canVerifyWithNode(algorithm)
    ? verifyWithNode(jws, algorithm, key)
    : verifyWithJose(jws, algorithm, key);
}

/** The first of the previous keys under which the signature of a token holds. */
export async function findPreviousKey(
  jws: SignedText,
  query: KeyQuery,
  ring: KeyRing,
): Promise<VerificationKey | undefined> {
  for (const key of ring.previous?.(query) ?? []) {
    if (await holdsSignature(jws, query.algorithm, key)) return key;
  }
  return undefined;
}
