/** What an authorization server answers to an exchange (RFC 8693 §2.2, RFC 6749 §5). */
import { Secret, type UpstreamToken } from '@sallyport/core';
import { findJsonFault, type GuardedResponse } from '@sallyport/guarded-fetch';
import { TokenExchangeError, type TokenExchangeErrorCode } from './token-exchange-error.ts';

type Members = Readonly<Record<string, unknown>>;

/** What is relied on when the answer does not say. */
export interface Asked {
  readonly scopes: readonly string[];
  /** What `issued_token_type` must be; `undefined`: there is none in this form. */
  readonly issuedTokenType: string | undefined;
  /** Seconds since the epoch. */
  readonly nowSeconds: number;
}

const accessToken = 'urn:ietf:params:oauth:token-type:access_token';
const jwt = 'urn:ietf:params:oauth:token-type:jwt';
const b64token = /^[A-Za-z0-9\-._~+/]+=*$/;
const longestToken = 16_384;

/** @throws {TokenExchangeError} For everything but a bearer token. */
export function readAnswer(
  { status, json, text }: Pick<GuardedResponse, 'status' | 'json' | 'text'>,
  asked: Asked,
): UpstreamToken {
  const answer: Members = typeof json === 'object' && json !== null ? (json as Members) : {};
  if (status !== 200) throw readError(status, answer);
  const fault = text === undefined ? undefined : findJsonFault(text, json);
  if (fault !== undefined) throw protocolError(fault);
  const { access_token: token, token_type: type, issued_token_type: issued } = answer;
  if (typeof token !== 'string' || token.length > longestToken || !b64token.test(token)) {
    throw protocolError('no access_token');
  }
  // A token of another type cannot be sent as a bearer token (RFC 8693 §2.2.1, "N_A").
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer')
    throw protocolError('token_type');
  const isIssued = issued === accessToken || issued === jwt;
  if (asked.issuedTokenType !== undefined && !isIssued) throw protocolError('issued_token_type');
  return Object.freeze({
    token: new Secret(token),
    expiresAt: readExpiry(answer['expires_in'], asked.nowSeconds),
    scopes: readScopes(answer['scope'], asked.scopes),
  });
}

/** A number of seconds, which some servers write as text. */
function readExpiry(value: unknown, nowSeconds: number): number | undefined {
  const seconds = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  if (seconds === undefined) return undefined;
  if (typeof seconds !== 'number' || !(seconds > 0 && seconds < 1e9))
    throw protocolError('expires_in');
  return nowSeconds + seconds;
}

function readScopes(value: unknown, asked: readonly string[]): ReadonlySet<string> {
  if (value === undefined || value === null) return new Set(asked);
  if (typeof value !== 'string') throw protocolError('scope');
  return new Set(value.split(' ').filter((scope) => scope !== ''));
}

const codes: ReadonlyMap<unknown, TokenExchangeErrorCode> = new Map([
  ['invalid_grant', 'subject_token_refused'],
  // RFC 8693 §2.2.2: what is said of a subject token that is not valid.
  ['invalid_request', 'subject_token_refused'],
  ['invalid_token', 'subject_token_refused'],
  ['interaction_required', 'interaction_required'],
  ['consent_required', 'interaction_required'],
  ['login_required', 'interaction_required'],
  ['invalid_client', 'credentials_refused'],
  ['unauthorized_client', 'target_refused'],
  ['access_denied', 'target_refused'],
  ['invalid_target', 'target_refused'],
  ['invalid_scope', 'target_refused'],
  ['unsupported_grant_type', 'target_refused'],
]);

// Of Entra's `invalid_grant`: the token is good, and its person has to do something.
const interactions: ReadonlySet<unknown> = new Set([
  'additional_action',
  'basic_action',
  'consent_required',
  'message_only',
  'user_password_expired',
]);

function readError(status: number, { error, suberror, claims }: Members): TokenExchangeError {
  const known =
    error === 'invalid_grant' && interactions.has(suberror)
      ? 'interaction_required'
      : codes.get(error);
  const other = status === 401 ? 'credentials_refused' : 'upstream_unavailable';
  return new TokenExchangeError(known ?? other, {
    detail: describe(status, error, suberror),
    ...(typeof claims === 'string' && claims.length <= 4_096 && { claims }),
  });
}

// RFC 6749 §4.1.2.1 and RFC 8628 have these. They say nothing of caller or target.
const otherErrors: ReadonlySet<unknown> = new Set([
  'server_error',
  'temporarily_unavailable',
  'slow_down',
  'too_many_requests',
]);

/** Only words from the lists above: an answer may quote the token. */
function describe(status: number, error: unknown, suberror: unknown): string {
  if (codes.has(error)) return interactions.has(suberror) ? `${error}: ${suberror}` : `${error}`;
  return otherErrors.has(error) ? `HTTP ${status}: ${error}` : `HTTP ${status}`;
}

function protocolError(what: string): TokenExchangeError {
  return new TokenExchangeError('upstream_unavailable', { detail: `the answer is wrong: ${what}` });
}
