/** Asks one introspection endpoint, and tells its faults from the token's. */

import type { ClientAuthentication } from '@sallyport/client-authentication';
import { AuthError, type Claims } from '@sallyport/core';
import type { GuardedFetch, GuardedResponse } from '@sallyport/guarded-fetch';
import { type Bulkhead, createBulkhead } from './bulkhead.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import type { IntrospectionEvent } from './introspection-event.ts';

/** Options for {@link createIntrospectionClient}. */
export interface IntrospectionClientOptions {
  readonly endpoint: GuardedFetch;
  readonly protocol: IntrospectionProtocol;
  readonly clientAuthentication: ClientAuthentication;
  readonly now: () => number;
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
   * @returns `undefined` for a token that is not active, and `'protocol error'` for no answer.
   * @throws {AuthError} When the answer cannot be relied on.
   */
  readonly read: (
    answer: Pick<GuardedResponse, 'json' | 'text'>,
  ) => IntrospectionReading | Promise<IntrospectionReading>;
}

/** What was read. */
export type IntrospectionReading = Claims | undefined | 'protocol error';

/** RFC 7662 §2. */
export const rfc7662: IntrospectionProtocol = {
  question: (token) => ({
    headers: {},
    parameters: { token, token_type_hint: 'access_token' },
  }),
  read({ json }) {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return 'protocol error';
    // Nothing but the boolean: a server that says "true" in letters says nothing.
    return (json as Claims)['active'] === true ? (json as Claims) : undefined;
  },
};

const limits = { running: 50, waiting: 200 };

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
  const breaker = createCircuitBreaker(options);
  const bulkhead: Bulkhead = createBulkhead(limits);

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
    if (!isRefusal(response) || !clientAuthentication.canChange) return response;
    // Our secret may have been changed a moment ago: once more with the one in force.
    return send(token, true, signal);
  }

  async function askServer(token: string, signal: AbortSignal): Promise<GuardedResponse> {
    const wasOpen = breaker.isOpen;
    const failed = (error: unknown): never => {
      // Clients that come and go must not be able to open it.
      breaker.record(signal.aborted ? 'given up' : 'failed');
      if (breaker.isOpen && !wasOpen) report({ type: 'breaker_opened' });
      throw error;
    };
    const response = await exchange(token, signal).catch(failed);
    if (response.status >= 500 || response.status === 429) {
      return failed(unavailable(`HTTP ${response.status}`, response.retryAfterSeconds));
    }
    breaker.record('answered');
    if (wasOpen) report({ type: 'breaker_closed' });
    return response;
  }

  return {
    async ask(token, signal) {
      const response = await bulkhead.run(async () => {
        if (!breaker.admit()) throw unavailable('the server is away');
        return askServer(token, signal);
      });
      if (isRefusal(response)) {
        report({ type: 'credentials_refused', status: response.status });
        throw unavailable('the server refused our credentials');
      }
      // What it says of this very token, and no fault of its own: anybody can send such a token.
      if (response.status === 400) return undefined;
      if (response.status !== 200) throw unavailable(`HTTP ${response.status}`);
      const claims = await protocol.read(response);
      if (claims === 'protocol error') {
        report({ type: 'protocol_error', detail: 'the answer is no JSON object' });
        throw unavailable('the answer is no introspection response');
      }
      if (claims === undefined && protocol === rfc7662 && hasOddActive(response.json)) {
        report({ type: 'protocol_error', detail: 'active is no boolean' });
      }
      return claims;
    },
  };
}

function isRefusal({ status }: GuardedResponse): boolean {
  return status === 401 || status === 403;
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
