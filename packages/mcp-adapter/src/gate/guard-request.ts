/** What of a request the guard looks at. */
import { type CredentialField, type GuardRequest, readTraceContext } from '@sallyport/core';
import { readAuthorization } from './credential-field.ts';
import type { GateRequest } from './gate-request.ts';

/** @param publicUrl Builds the URL that a proof of possession must name, from the path that arrived. */
export function toGuardRequest(
  request: GateRequest,
  publicUrl: (path: string) => string,
  credentialField?: CredentialField,
): GuardRequest {
  const { target, method, clientAddress: clientKey, signal, field } = request;
  const [path = ''] = target.split('?', 1);
  return {
    authorization: readAuthorization(field, credentialField),
    tokenInQuery: path !== target && hasToken(target.slice(path.length)),
    clientKey,
    signal,
    trace: readTraceContext({
      traceparent: onlyOne(field('traceparent')),
      cloudTraceContext: onlyOne(field('x-cloud-trace-context')),
    }),
    proof: { method, url: publicUrl(path), field },
  };
}

/** The token of a request. Empty if the guard accepted a request without one. */
export function tokenIn({ authorization }: GuardRequest): string {
  const [value = ''] = authorization;
  return value.slice(value.indexOf(' ') + 1).trimStart();
}

function hasToken(query: string): boolean {
  return new URLSearchParams(query).has('access_token');
}

function onlyOne(values: readonly string[]): string | undefined {
  return values.length === 1 ? values[0] : undefined;
}
