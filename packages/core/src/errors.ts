/**
 * The two classes of errors. A verifier chooses the code of an `AuthError`. `guard/answers.ts` decides the
 * status and the text of each code.
 */
import { authErrorAnswers } from './guard/answers.ts';

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
  | 'token_denied'
  | 'dpop_proof_invalid'
  | 'dpop_nonce_required'
  | 'scope_insufficient'
  | 'caller_denied'
  | 'policy_denied'
  | 'quota_exceeded'
  | 'rate_limited'
  | 'upstream_unavailable';

/** Details for the log. Of them only `retryAfterSeconds` and `nonce` reach the client, as headers. */
export interface AuthErrorOptions {
  /** One line for the operator. Must not contain token or secret bytes. */
  readonly detail?: string;
  /** The original error. For the log. */
  readonly cause?: unknown;
  /** Value for `Retry-After`, in seconds. Rounded up, at least 1. Default 5 for 429 and 503. */
  readonly retryAfterSeconds?: number;
  /** Value for `DPoP-Nonce`: visible ASCII (RFC 9449 §8.1). Default none. */
  readonly nonce?: string;
}

// Registry symbol: two installed copies of this package still recognise each other's errors.
const brand: symbol = Symbol.for('@sallyport/core/AuthError');

/**
 * A refusal with a known reason. Verifiers, rate limiters and secret providers throw only this class. `message` is
 * the fixed public text. `detail` is for the log.
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
 * The configuration is wrong. Factories throw it, so a bad deployment stops at start-up and not at the first
 * request.
 */
export class ConfigError extends Error {
  override readonly name: string = 'ConfigError';
  /** The offending option, for example `jwt.audience`, or the variable that holds it. */
  readonly option: string;
  /** What is wrong, and how to correct it. */
  readonly problem: string;

  /** @param problem Must not contain secret bytes. */
  constructor(option: string, problem: string) {
    super(`${option}: ${problem}`);
    this.option = option;
    this.problem = problem;
  }
}
