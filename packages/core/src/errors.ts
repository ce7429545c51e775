/**
 * The two ways this project fails, and the one table that says what each failure looks like on the
 * wire. A verifier decides *which* code applies; only this file decides status and text.
 */

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

/**
 * Why a request was refused. The code goes to the audit log; the client only sees
 * {@link authErrorAnswers}. Codes are stable: renaming one is a breaking change.
 */
export type AuthErrorCode =
  | 'credentials_missing'
  | 'credentials_malformed'
  | 'token_malformed'
  | 'token_key_unknown'
  | 'token_key_pending'
  | 'token_signature_invalid'
  | 'token_algorithm_forbidden'
  | 'token_type_forbidden'
  | 'token_sender_constrained'
  | 'token_not_sender_constrained'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'token_issuer_untrusted'
  | 'token_audience_mismatch'
  | 'token_claim_invalid'
  | 'token_lifetime_excessive'
  | 'token_inactive'
  | 'dpop_proof_invalid'
  | 'dpop_nonce_required'
  | 'scope_insufficient'
  | 'rate_limited'
  | 'upstream_unavailable';

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

/** Details for the log. Of them only `retryAfterSeconds` and `nonce` reach the client, as headers. */
export interface AuthErrorOptions {
  /** One line for the operator. Must not contain token or secret bytes. */
  readonly detail?: string;
  /** What failed underneath. */
  readonly cause?: unknown;
  /** Value for `Retry-After`, in seconds. Rounded up, at least 1. Default 5 for 429 and 503. */
  readonly retryAfterSeconds?: number;
  /** Value for `DPoP-Nonce`: visible ASCII (RFC 9449 §8.1). Default none. */
  readonly nonce?: string;
}

// Registry symbol: two installed copies of this package still recognise each other's errors.
const brand: symbol = Symbol.for('@sallyport/core/AuthError');

/**
 * A request was refused, and we know why. Verifiers, limiters and providers throw this and nothing
 * else. Its `message` is the fixed public text; what went wrong in detail is in `detail`.
 *
 * @example
 * ```ts
 * if (isAuthError(error) && error.code === 'token_expired') metrics.expired.add(1);
 * ```
 */
export class AuthError extends Error {
  override readonly name: string = 'AuthError';
  readonly code: AuthErrorCode;
  readonly detail: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly nonce: string | undefined;

  constructor(code: AuthErrorCode, options: AuthErrorOptions = {}) {
    const { detail, cause, retryAfterSeconds, nonce } = options;
    super(authErrorAnswers[code].description, cause === undefined ? undefined : { cause });
    this.code = code;
    this.detail = detail;
    this.retryAfterSeconds = retryAfterSeconds;
    this.nonce = nonce;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Whether `error` is an {@link AuthError}, from this copy of the package or another. */
export function isAuthError(error: unknown): error is AuthError {
  return error instanceof Error && Object.hasOwn(error, brand);
}

/**
 * The program was put together wrongly. Thrown while a verifier, provider or guard is built, so a
 * bad deployment stops at start-up and never at the first request.
 */
export class ConfigError extends Error {
  override readonly name: string = 'ConfigError';
  /** The offending option, for example `jwt.audience`, or the variable that holds it. */
  readonly option: string;
  /** What is wrong, and what to do. */
  readonly problem: string;

  /** @param problem Must not contain secret bytes. */
  constructor(option: string, problem: string) {
    super(`${option}: ${problem}`);
    this.option = option;
    this.problem = problem;
  }
}
