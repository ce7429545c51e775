/** Asks one introspection endpoint, and separates faults of the endpoint from faults of the token. */

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

/** How a request about a token is written, and what an answer means. */
export interface IntrospectionProtocol {
  /** Media types of the answers. Default: JSON. */
  readonly mediaTypes?: readonly string[];
  readonly question: (token: string) => {
    readonly headers: Readonly<Record<string, string>>;
    /** Sent as a form, with what the client authentication adds. */
    readonly parameters?: Readonly<Record<string, string>>;
    /** Sent as the body in place of a form. Without a form and a body the request is a GET. */
    readonly body?: string;
  };
  /**
   * @returns `undefined` for an inactive token, and `'protocol error'` for a body that is not an answer.
   * @throws {AuthError} When the answer cannot be trusted.
   */
  readonly read: (
    answer: Pick<GuardedResponse, 'json' | 'text'>,
  ) => IntrospectionReading | Promise<IntrospectionReading>;
  /**
   * Whether the body of a 400 answer is about the token. Otherwise it is about the request. Default: the
   * `error` is `unsupported_token_type`, `invalid_token` or `invalid_grant`.
   */
  readonly isTokenRefused?: (body: unknown) => boolean;
}

/** The result of one request. */
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
   * @returns The claims of an active token; `undefined` for an inactive token.
   * @throws {AuthError} `upstream_unavailable` when the server gave no usable answer.
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
    // The client secret may have rotated a moment ago, so one retry uses the current secret.
    return send(token, true, signal);
  }

  /** Decides whether an error is about the token or about this server (RFC 7662 §2.3, RFC 6749 §5.2). */
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
        report({ type: 'protocol_error', detail: 'active is not a boolean' });
      }
      return claims;
    },
  };
}

/** A 403 means that this resource server may not introspect. No token can cause it. */
function isRefused(response: GuardedResponse): boolean {
  return response.status === 403 || isClientRefused(response);
}

// The errors that are about the token. Every other error is about the request of this server.
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
