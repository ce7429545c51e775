/** What an operator should know of exchanges. No field holds a byte of a token, a secret or an answer. */
import type { TokenExchangeError, TokenExchangeErrorCode } from './token-exchange-error.ts';

/** An exchange that gave no token. */
export interface ExchangeEvent {
  /**
   * `exchange_refused`: the authorization server refused the caller. `exchange_failed`: the set-up or the
   * network failed. `credentials_refused`: no caller gets a token until the credentials are corrected.
   */
  readonly type: 'exchange_refused' | 'exchange_failed' | 'credentials_refused';
  /** The declared name of the upstream API. Absent where a tool asked for an undeclared one. */
  readonly target?: string;
  /** `TokenExchangeError.code`. */
  readonly reason: TokenExchangeErrorCode;
  /** `TokenExchangeError.detail`, from a closed list. */
  readonly detail?: string;
  readonly [more: string]: unknown;
}

const types: Readonly<Record<TokenExchangeErrorCode, ExchangeEvent['type']>> = {
  target_unknown: 'exchange_failed',
  subject_token_refused: 'exchange_refused',
  interaction_required: 'exchange_refused',
  target_refused: 'exchange_failed',
  credentials_refused: 'credentials_refused',
  upstream_unavailable: 'exchange_failed',
};

export function toExchangeEvent(
  { code, detail }: TokenExchangeError,
  target: string | undefined,
): ExchangeEvent {
  return {
    type: types[code],
    ...(target !== undefined && { target }),
    reason: code,
    ...(detail !== undefined && { detail }),
  };
}
