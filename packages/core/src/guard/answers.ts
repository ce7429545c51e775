/**
 * How every refusal of the guard looks on the wire: status, `error` and text. No other file of this project
 * decides them for a token. The transport's own answers, such as 404 and 413, are in `transport-answers.ts` of
 * `@sallyport/mcp-adapter`.
 */
import type { AuthErrorCode } from '../errors.ts';

/** How one {@link AuthErrorCode} is answered. */
export interface AuthErrorAnswer {
  readonly status: 400 | 401 | 403 | 429 | 503;
  /** `error` of the JSON body, and of the challenge where the status has one (RFC 6750 §3.1, RFC 9449 §12.2). */
  readonly error:
    | 'invalid_request'
    | 'invalid_token'
    | 'invalid_dpop_proof'
    | 'use_dpop_nonce'
    | 'insufficient_scope'
    | 'too_many_requests'
    | 'temporarily_unavailable'
    | undefined;
  /** Fixed text sent to the client. Never interpolated: nothing from a token is echoed. */
  readonly description: string;
  /** Whether the failure counts against the client's limit. */
  readonly counts: boolean;
}

const badToken: AuthErrorAnswer = {
  status: 401,
  error: 'invalid_token',
  description: 'The access token is invalid',
  counts: true,
};

// Without `error`, and so without a challenge: other scopes would not help.
const denied: AuthErrorAnswer = {
  status: 403,
  error: undefined,
  description: 'Access denied',
  counts: false,
};

/** The answer for every code. `Record` makes a code without an answer a compile error. */
export const authErrorAnswers: Readonly<Record<AuthErrorCode, AuthErrorAnswer>> = Object.freeze({
  // How every MCP client starts, so it carries no error code and counts nothing.
  credentials_missing: {
    status: 401,
    error: undefined,
    description: 'Authentication required',
    counts: false,
  },
  credentials_malformed: {
    status: 400,
    error: 'invalid_request',
    description: 'Send the access token in exactly one Authorization header',
    counts: true,
  },
  token_malformed: badToken,
  token_key_unknown: badToken,
  // The key may be newer than our key set, so 401 would make a client discard a good token. It
  // counts, because a stranger can invent key ids.
  token_key_pending: {
    status: 503,
    error: 'temporarily_unavailable',
    description: 'The access token cannot be checked right now',
    counts: true,
  },
  token_signature_invalid: badToken,
  token_algorithm_forbidden: badToken,
  token_type_forbidden: badToken,
  token_sender_constrained: badToken,
  token_not_sender_constrained: badToken,
  // Verifiers report expiry only of authentic tokens, so its own text tells a stranger nothing,
  // and the client that holds one is a client and not an attacker.
  token_expired: { ...badToken, description: 'The access token expired', counts: false },
  token_not_yet_valid: badToken,
  token_issuer_untrusted: badToken,
  token_audience_mismatch: badToken,
  token_claim_invalid: badToken,
  // Verifiers report it only for authentic tokens: the issuer's setting is wrong, not the client.
  token_lifetime_excessive: { ...badToken, counts: false },
  token_inactive: badToken,
  // Rules see only authentic tokens.
  token_denied: { ...badToken, counts: false },
  dpop_proof_invalid: {
    status: 401,
    error: 'invalid_dpop_proof',
    description: 'The DPoP proof is invalid',
    counts: true,
  },
  // How every client starts that has not seen a nonce yet, with a good token and a good proof.
  dpop_nonce_required: {
    status: 401,
    error: 'use_dpop_nonce',
    description: 'Use the nonce of this answer in the DPoP proof',
    counts: false,
  },
  scope_insufficient: {
    status: 403,
    error: 'insufficient_scope',
    description: 'The access token lacks a required scope',
    counts: false,
  },
  caller_denied: denied,
  policy_denied: denied,
  quota_exceeded: {
    status: 429,
    error: 'too_many_requests',
    description: 'Too many calls of this caller',
    counts: false,
  },
  rate_limited: {
    status: 429,
    error: 'too_many_requests',
    description: 'Too many failed requests',
    counts: false,
  },
  // Never `invalid_token`: a client that reads it would throw away a token that may be good.
  upstream_unavailable: {
    status: 503,
    error: 'temporarily_unavailable',
    description: 'The access token cannot be checked right now',
    counts: false,
  },
});

/**
 * The status and text for a client that closed its connection before the answer. The answer is not sent.
 * Proxies log such a request as 499, so hosts that log the status do not count an outage.
 */
export const abandonedAnswer: { readonly status: number; readonly description: string } =
  Object.freeze({ status: 499, description: 'The client closed its connection' });

/** The `Retry-After` of 429 and 503, in seconds, if the error has no time. */
export const defaultRetryAfterSeconds = 5;
