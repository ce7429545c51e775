/** The faults of tokens, and the codes that may refuse each. */
import type { AuthErrorCode } from '@sallyport/core';

/** Faults that every verifier must refuse. Extend it only with what no token format can allow. */
export type TokenFault =
  | 'garbage'
  | 'tampered'
  | 'expired'
  | 'notYetValid'
  | 'otherIssuer'
  | 'otherAudience'
  | 'withoutAudience'
  | 'senderConstrained';

// `token_inactive` is always admissible: a verifier that asks a server or looks a token up learns no more.
export const verdicts: Readonly<Record<TokenFault, readonly AuthErrorCode[]>> = {
  garbage: ['token_malformed', 'token_inactive'],
  tampered: ['token_signature_invalid', 'token_malformed', 'token_inactive'],
  expired: ['token_expired', 'token_inactive'],
  notYetValid: ['token_not_yet_valid', 'token_inactive'],
  otherIssuer: ['token_issuer_untrusted', 'token_key_unknown', 'token_inactive'],
  otherAudience: ['token_audience_mismatch', 'token_inactive'],
  withoutAudience: ['token_audience_mismatch', 'token_inactive'],
  senderConstrained: ['token_sender_constrained', 'token_inactive'],
};
export const faults: readonly TokenFault[] = Object.keys(verdicts) as TokenFault[];

/** Outcomes that do not blame a good token. */
export const withoutBlame: readonly (AuthErrorCode | 'verified')[] = [
  'verified',
  'upstream_unavailable',
];
