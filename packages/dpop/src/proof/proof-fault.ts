import { AuthError } from '@sallyport/core';

/** @param detail Which part of a proof is wrong: a constant, and nothing of what it says. */
export function refuseProof(detail: string): never {
  throw new AuthError('dpop_proof_invalid', { detail });
}
