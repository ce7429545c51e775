import type { AuthErrorCode } from '@sallyport/core';

/** The checks of a JWT, in the order in which the gate does them. */
export const jwtSteps = [
  'form',
  'issuer',
  'algorithm',
  'type',
  'key',
  'signature',
  'audience',
  'binding',
  'kind',
  'claims',
  'times',
  'scopes',
] as const;

/** One check of a JWT. */
export type JwtStep = (typeof jwtSteps)[number];

const byCode: Readonly<Record<AuthErrorCode, JwtStep>> = {
  credentials_missing: 'form',
  credentials_malformed: 'form',
  token_malformed: 'form',
  token_issuer_untrusted: 'issuer',
  token_algorithm_forbidden: 'algorithm',
  token_type_forbidden: 'type',
  token_key_unknown: 'key',
  token_key_pending: 'key',
  upstream_unavailable: 'key',
  token_signature_invalid: 'signature',
  token_audience_mismatch: 'audience',
  token_sender_constrained: 'binding',
  token_not_sender_constrained: 'binding',
  dpop_proof_invalid: 'binding',
  dpop_nonce_required: 'binding',
  token_claim_invalid: 'claims',
  token_lifetime_excessive: 'times',
  token_expired: 'times',
  token_not_yet_valid: 'times',
  token_inactive: 'claims',
  token_denied: 'scopes',
  scope_insufficient: 'scopes',
  caller_denied: 'scopes',
  policy_denied: 'scopes',
  quota_exceeded: 'scopes',
  rate_limited: 'claims',
};

/** The check that a refusal belongs to. */
export function stepOfRefusal(code: AuthErrorCode, detail: string): JwtStep {
  if (code === 'token_malformed' && /^header: kid/.test(detail)) return 'key';
  if (code === 'token_malformed' && /^header:/.test(detail)) return 'algorithm';
  if (code === 'token_issuer_untrusted' && detail.startsWith('the key belongs')) return 'key';
  if (code === 'token_issuer_untrusted' && detail.startsWith('tid:')) return 'claims';
  if (detail.startsWith('the denial list')) return 'scopes';
  // The type in the header is looked at before the signature, the marks of ID tokens after it.
  if (code === 'token_type_forbidden' && !detail.startsWith('header:')) return 'kind';
  if (code === 'token_claim_invalid' && /^(?:exp|nbf|iat)\b/.test(detail)) return 'times';
  return byCode[code];
}
