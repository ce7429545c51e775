import { isAuthError, type VerifyContext } from '@sallyport/core';
import type { KeyQuery, KeyRing, VerificationKey } from '../keys/key-source.ts';
import type { SignedText } from '../token/compact-jws.ts';
import { verifyWithNode } from './engine-node.ts';

/**
 * Whether the signature of a token matches a key. `node:crypto` computes it at once, in Workers, Deno and Bun too. A
 * test compares its verdict with that of jose on every token. The key was checked when it was imported, so every
 * failure is the fault of the token.
 *
 * @param algorithm The token's own, already among the allowed ones and the key's.
 */
export function holdsSignature(
  jws: SignedText,
  algorithm: string,
  { key, signatureLength }: VerificationKey,
): boolean {
  if (signatureLength !== undefined && jws.signature.length !== signatureLength) return false;
  return verifyWithNode(jws, algorithm, key);
}

/** The first of the previous keys that matches the signature of a token. */
export function findPreviousKey(
  jws: SignedText,
  query: KeyQuery,
  ring: KeyRing,
): VerificationKey | undefined {
  for (const key of ring.previous?.(query) ?? []) {
    if (holdsSignature(jws, query.algorithm, key)) return key;
  }
  return undefined;
}

/**
 * The key that replaced a key without `kid`, if it matches the signature.
 *
 * @throws {AuthError} When newer keys cannot be fetched now.
 */
export async function findSuccessor(
  jws: SignedText,
  { query, ring, key }: { query: KeyQuery; ring: KeyRing; key: VerificationKey },
  context: VerifyContext,
): Promise<VerificationKey | undefined> {
  if (key.keyId !== undefined || ring.successor === undefined) return undefined;
  try {
    const next = await ring.successor(query, key, context);
    return holdsSignature(jws, query.algorithm, next) ? next : undefined;
  } catch (error) {
    if (isAuthError(error) && error.code === 'token_key_unknown') return undefined;
    throw error;
  }
}
