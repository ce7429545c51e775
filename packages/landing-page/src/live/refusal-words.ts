import type { AuthErrorCode } from '@sallyport/core';

/** What each refusal means, for the developer of the server. */
export const refusalWords: Readonly<Record<AuthErrorCode, string>> = {
  credentials_missing: 'The request had no token. Every client begins like this: it then signs in.',
  credentials_malformed:
    'The token was sent twice, in the query, or not in an Authorization field.',
  token_malformed: 'The token is not a JWT that this server can read.',
  token_key_unknown: 'The token is signed with a key that the issuer does not publish.',
  token_key_pending: 'The token is signed with a new key, and the keys are fetched again first.',
  token_signature_invalid: 'The signature does not fit the token.',
  token_algorithm_forbidden:
    'The token is signed with an algorithm that the settings do not allow.',
  token_type_forbidden: 'This is another kind of token, such as an ID token.',
  token_issuer_untrusted: 'The token comes from an issuer that the settings do not trust.',
  token_audience_mismatch: 'The token was issued for another server.',
  token_expired: 'The token has expired. The client must get a new one.',
  token_not_yet_valid: 'The token is not valid yet. Compare the clocks.',
  token_lifetime_excessive: 'The token lives longer than the settings allow.',
  token_claim_invalid: 'A claim of the token is missing or has a wrong form.',
  token_inactive: 'The issuer says that the token is revoked or expired.',
  token_denied: 'An operator of this server denied the token.',
  token_sender_constrained:
    'The token is bound to a key, and the request has no proof of that key.',
  token_not_sender_constrained:
    'The settings ask for tokens that are bound to a key. This one is not.',
  dpop_proof_invalid: 'The DPoP proof does not fit the request or the token.',
  dpop_nonce_required: 'The DPoP proof needs the nonce that this answer gives.',
  scope_insufficient: 'The token is valid, but the operation needs more scopes.',
  caller_denied: 'An operator of this server denied the caller or its client.',
  policy_denied: 'The policy of this server does not allow the operation.',
  quota_exceeded: 'The caller has used up its quota, and must wait.',
  rate_limited: 'The address of the client failed too often, and must wait.',
  upstream_unavailable: 'This server could not check the token. The token is not at fault.',
};
