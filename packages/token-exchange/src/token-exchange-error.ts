/** Why there is no token for an upstream API. Messages are fixed: nothing of a token is in them. */
const messages = {
  target_unknown: 'There is no upstream API of this name',
  subject_token_refused: 'The authorization server no longer takes the token of the caller',
  interaction_required: 'The caller must sign in, or consent, at the authorization server first',
  target_refused: 'The authorization server issues this server no token for the upstream API',
  credentials_refused: 'The authorization server did not take the credentials of this server',
  upstream_unavailable: 'The authorization server cannot be asked right now',
} as const;

/** The reason in one word, for code that goes on by it. */
export type TokenExchangeErrorCode = keyof typeof messages;

/**
 * An exchange that gave no token.
 *
 * @example
 * ```ts
 * if (error instanceof TokenExchangeError && error.code === 'interaction_required') askToConsent();
 * ```
 */
export class TokenExchangeError extends Error {
  override readonly name: string = 'TokenExchangeError';
  readonly code: TokenExchangeErrorCode;
  /** For the operator: `error` of the answer, or what failed. Never `error_description`. */
  readonly detail: string | undefined;
  /** Entra's `claims` challenge, which the client must sign in with; `undefined` without one. */
  readonly claims: string | undefined;

  constructor(
    code: TokenExchangeErrorCode,
    { detail, claims, cause }: { detail?: string; claims?: string; cause?: unknown } = {},
  ) {
    super(messages[code], cause === undefined ? undefined : { cause });
    this.code = code;
    this.detail = detail;
    this.claims = claims;
  }
}
