/** Asks the provider for tokens, in this server's name. */
import { type ClientAuthentication, isClientRefused } from '@sallyport/client-authentication';
import { isAuthError } from '@sallyport/core';
import { findJsonFault, type GuardedFetch, type GuardedResponse } from '@sallyport/guarded-fetch';
import { createPlaces } from '../http/places.ts';
import type { SignInReporter } from '../sign-in-event.ts';

/** What the provider issued. Nothing else of its answer is used, such as an ID token. */
export interface IssuedToken {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number | undefined;
  readonly refreshToken: string | undefined;
  /** `scope` as the provider wrote it. */
  readonly scope: string | undefined;
}

/** The provider's answer, as far as a client may act on it. */
type TokenResult =
  | { readonly kind: 'issued'; readonly token: IssuedToken }
  /** The code or the refresh token does not hold any more. */
  | { readonly kind: 'invalid_grant' }
  | { readonly kind: 'invalid_scope' }
  | { readonly kind: 'unavailable'; readonly retryAfterSeconds?: number };

/**
 * Sends one request for tokens. It never rejects.
 *
 * @param clientAddress Who caused it.
 */
export type AskForToken = (
  clientAddress: string,
  parameters: Readonly<Record<string, string>>,
) => Promise<TokenResult>;

/** What the requests are sent with. */
export interface AskForTokenParts {
  readonly endpoint: Pick<GuardedFetch, 'request'>;
  readonly clientAuthentication: ClientAuthentication;
  readonly report: SignInReporter;
}

// A provider that is slow must not collect requests here, and one address must leave room for the others.
const limits = { most: 64, mostOfAddress: 32 };
const longestToken = 16_384;
// The person must sign in again: with a second factor, or because a policy changed.
const endsSignIn: ReadonlySet<unknown> = new Set([
  ...['invalid_grant', 'interaction_required', 'login_required', 'consent_required'],
]);

export function createAskForToken(parts: AskForTokenParts): AskForToken {
  const { endpoint, clientAuthentication, report } = parts;
  const places = createPlaces(limits);

  async function send(
    parameters: Readonly<Record<string, string>>,
    isRefused: boolean,
  ): Promise<GuardedResponse> {
    const credentials = await clientAuthentication.present(isRefused);
    const body = new URLSearchParams({ ...parameters, ...credentials.parameters });
    // The endpoint has its own deadline. A client that leaves does not stop a token that is being issued.
    const { signal } = new AbortController();
    return endpoint.request({ headers: credentials.headers, body, signal });
  }

  async function ask(parameters: Readonly<Record<string, string>>): Promise<TokenResult> {
    let response = await send(parameters, false);
    if (isClientRefused(response) && clientAuthentication.canChange) {
      // The secret may have been replaced a moment ago.
      response = await send(parameters, true);
    }
    return judge(response, report);
  }

  return async (clientAddress, parameters) => {
    if (places.isFull(clientAddress)) return { kind: 'unavailable', retryAfterSeconds: 1 };
    try {
      return await places.run(clientAddress, () => ask(parameters));
    } catch (error) {
      const { detail = 'unexpected failure' } = isAuthError(error) ? error : {};
      report.failed('token', detail);
      return { kind: 'unavailable' };
    }
  };
}

function judge(response: GuardedResponse, report: SignInReporter): TokenResult {
  const { status, json, text, retryAfterSeconds } = response;
  const retry = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  if (isClientRefused(response)) {
    report.credentialsRefused(`HTTP ${status}`);
    return { kind: 'unavailable', ...retry };
  }
  const members = (typeof json === 'object' && json !== null ? json : {}) as Members;
  if (status === 200 && text !== undefined && findJsonFault(text, json) === undefined) {
    const token = readToken(members);
    if (token !== undefined) return { kind: 'issued', token };
    report.failed('token', 'the provider issued no bearer token');
    return { kind: 'unavailable' };
  }
  if (status === 400 && endsSignIn.has(members['error'])) return { kind: 'invalid_grant' };
  if (status === 400 && members['error'] === 'invalid_scope') return { kind: 'invalid_scope' };
  report.failed('token', `HTTP ${status}${describe(members['error'])}`);
  return { kind: 'unavailable', ...retry };
}

type Members = Readonly<Record<string, unknown>>;

function readToken(members: Members): IssuedToken | undefined {
  const { access_token: accessToken, token_type: type, expires_in: expiresIn } = members;
  const { refresh_token: refreshToken, scope } = members;
  if (!isToken(accessToken) || typeof type !== 'string' || type.toLowerCase() !== 'bearer') {
    return undefined;
  }
  const isDuration = typeof expiresIn === 'number' && expiresIn >= 0 && expiresIn < 1e10;
  return {
    accessToken,
    expiresIn: isDuration ? Math.floor(expiresIn) : undefined,
    refreshToken: isToken(refreshToken) ? refreshToken : undefined,
    scope: typeof scope === 'string' ? scope : undefined,
  };
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestToken && /^[\x21-\x7e]+$/.test(value);
}

function describe(error: unknown): string {
  return typeof error === 'string' && /^[a-z_]{1,60}$/.test(error) ? `: ${error}` : '';
}
