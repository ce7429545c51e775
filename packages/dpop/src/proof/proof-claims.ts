/** What a proof must say of the request that it came with: RFC 9449 §4.3. Pure. */
import type { ProofRequest } from '@sallyport/core';
import { refuseProof } from './proof-fault.ts';
import { isSameUrl } from './request-url.ts';
import type { JsonObject } from './strict-json.ts';

/** What claims are held against. */
export interface ProofExpectations {
  readonly request: Pick<ProofRequest, 'method' | 'url'>;
  /** The hash of the access token, as `ath` has it. */
  readonly tokenHash: string;
  readonly nowSeconds: number;
  readonly lifetimeSeconds: number;
}

/** What is left to ask others about. */
export interface ProofClaims {
  readonly identifier: string;
  readonly issuedAt: number;
  /** Unchecked. */
  readonly nonce: unknown;
}

const longestIdentifier = 256;

/**
 * Other claims than those of RFC 9449 are not looked at.
 *
 * @throws {AuthError} `dpop_proof_invalid`.
 */
export function judgeProofClaims(
  { jti, htm, htu, iat, ath, nonce }: JsonObject,
  { request, tokenHash, nowSeconds, lifetimeSeconds }: ProofExpectations,
): ProofClaims {
  if (typeof jti !== 'string' || jti === '' || jti.length > longestIdentifier) refuseProof('jti');
  // Methods are case-sensitive (RFC 9110 §9.1).
  if (htm !== request.method) refuseProof('htm');
  if (typeof htu !== 'string' || !isSameUrl(htu, request.url)) refuseProof('htu');
  // Negated, so that what is no number is refused; `Infinity` is what JSON's 1e999 becomes.
  if (typeof iat !== 'number' || !(Math.abs(nowSeconds - iat) <= lifetimeSeconds)) {
    refuseProof('iat');
  }
  if (ath !== tokenHash) refuseProof('ath');
  return { identifier: jti, issuedAt: iat, nonce };
}
