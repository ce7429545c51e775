/** Asks one introspection endpoint, and tells its faults from the token's. */

import { type ClientAuthentication, isClientRefused } from '@sallyport/client-authentication';
import { AuthError, type Claims } from '@sallyport/core';
import { findJsonFault, type GuardedFetch, type GuardedResponse } from '@sallyport/guarded-fetch';
import type { IntrospectionEvent } from './introspection-event.ts';
import { readIntrospectionResponse } from './responses/introspection-response.ts';

/** Options for {@link createIntrospectionClient}. */
export interface IntrospectionClientOptions {
  readonly endpoint: GuardedFetch;
  readonly protocol: IntrospectionProtocol;
  readonly clientAuthentication: ClientAuthentication;
  readonly report: (event: IntrospectionEvent) => void;
}

/** How a question about a token is put, and what an answer means. */
export interface IntrospectionProtocol {
  /** Media types of its answers besides JSON. Default none; with any, JSON is not taken. */
  readonly mediaTypes?: readonly string[];
  readonly question: (token: string) => {
    readonly headers: Readonly<Record<string, string>>;
    /** Sent as a form, with what the client authentication adds. */
    readonly parameters?: Readonly<Record<string, string>>;
    /** Sent as it is, in the place of a form. Neither: a GET. */
    readonly body?: string;
  };
  /**
   * @returns `undefined` for a token that is not active, and `'protocol error'` for everything that is
   *   no answer.
   * @throws {AuthError} When the answer cannot be relied on.
   */
  readonly read: (
    answer: Pick<GuardedResponse, 'json' | 'text'>,
  ) => IntrospectionReading | Promise<IntrospectionReading>;
  /**
   * Whether the body of a 400 answer speaks of the token; otherwise it speaks of our request. Default:
   * the `error` is `unsupported_token_type`, `invalid_token` or `invalid_grant`.
   */
  readonly isTokenRefused?: (body: unknown) => boolean;
}

/** What was read. */
export type IntrospectionReading = Claims | undefined | 'protocol error';

/** RFC 7662 §2. */
export const rfc7662: IntrospectionProtocol = {
  question: (token) => ({
    headers: {},
    parameters: { token, token_type_hint: 'access_token' },
  }),
  read: ({ json }) => readIntrospectionResponse(json),
};

/** Asks about tokens. */
export interface IntrospectionClient {
  /**
   * @returns The claims of an active token; `undefined` for one that is not.
   * @throws {AuthError} `upstream_unavailable` when that could not be found out.
   */
  ask(token: string, signal: AbortSignal): Promise<Claims | undefined>;
}

export function createIntrospectionClient(
  options: IntrospectionClientOptions,
): IntrospectionClient {
  const { endpoint, protocol, clientAuthentication, report } = options;

  async function send(token: string, isRefused: boolean, signal: AbortSignal) {
    const { headers, parameters } = await clientAuthentication.present(isRefused);
    const question = protocol.question(token);
    const form = new URLSearchParams({ ...question.parameters, ...parameters });
    const body = question.body ?? (form.size > 0 ? form : undefined);
    return endpoint.request({
      headers: { ...headers, ...question.headers },
      ...(body !== undefined && { body }),
      signal,
    });
  }

  async function exchange(token: string, signal: AbortSignal): Promise<GuardedResponse> {
    const response = await send(token, false, signal);
    if (!isRefused(response) || !clientAuthentication.canChange) return response;
    // Our secret may have been changed a moment ago: once more with the one in force.
    return send(token, true, signal);
  }

  /** What an error says (RFC 7662 §2.3, RFC 6749 §5.2): of the token, or of us. */
  function readError(response: GuardedResponse): undefined {
    const { status } = response;
    if (isRefused(response)) {
      report({ type: 'credentials_refused', status });
      throw unavailable('the server refused our credentials');
    }
    // Anybody can send such a token.
    if (status === 400 && (protocol.isTokenRefused ?? isTokenRefused)(response.json))
      return undefined;
    if (status === 400) report({ type: 'protocol_error', detail: 'the request was refused' });
    throw unavailable(`HTTP ${status}`, response.retryAfterSeconds);
  }

  return {
    async ask(token, signal) {
      const response = await exchange(token, signal);
      if (response.status !== 200) return readError(response);
      const { json, text } = response;
      const isJson = json !== undefined && text !== undefined;
      const fault = isJson ? findJsonFault(text, json) : undefined;
      const claims = fault === undefined ? await protocol.read(response) : 'protocol error';
      if (claims === 'protocol error') {
        const detail = fault ?? 'the answer is no introspection response';
        report({ type: 'protocol_error', detail });
        throw unavailable(detail);
      }
      if (claims === undefined && protocol === rfc7662 && hasOddActive(json)) {
        report({ type: 'protocol_error', detail: 'active is no boolean' });
      }
      return claims;
    },
  };
}

/** A 403 says that this resource server may not ask, which no token can bring about. */
function isRefused(response: GuardedResponse): boolean {
  return response.status === 403 || isClientRefused(response);
}

// The errors that speak of the token. Every other one speaks of our request, and so of us.
const tokenErrors: ReadonlySet<unknown> = new Set([
  'unsupported_token_type',
  'invalid_token',
  'invalid_grant',
]);

function isTokenRefused(answer: unknown): boolean {
  return tokenErrors.has((answer as { error?: unknown } | null | undefined)?.error);
}

function hasOddActive(answer: unknown): boolean {
  return typeof (answer as Claims)['active'] !== 'boolean';
}

function unavailable(detail: string, retryAfterSeconds?: number): AuthError {
  return new AuthError('upstream_unavailable', {
    detail: `introspection: ${detail}`,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}
