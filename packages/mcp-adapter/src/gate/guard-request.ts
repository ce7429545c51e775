/** What of a request the guard looks at. */
import { type GuardRequest, readTraceContext } from '@sallyport/core';
import { type CredentialField, readAuthorization } from './credential-field.ts';
import type { GateRequest } from './gate-request.ts';

/** @param publicUrl Builds the URL that a proof of possession must name, from the path that arrived. */
export function toGuardRequest(
  request: GateRequest,
  publicUrl: (path: string) => string,
  credentialField?: CredentialField,
): GuardRequest {
  const { target, method, clientAddress: clientKey, signal, field } = request;
  const query = target.indexOf('?');
  const path = query === -1 ? target : target.slice(0, query);
  return {
    authorization: readAuthorization(field, credentialField),
    tokenInQuery: query !== -1 && new URLSearchParams(target.slice(query)).has('access_token'),
    clientKey,
    signal,
    trace: readTraceContext({
      traceparent: onlyOne(field('traceparent')),
      cloudTraceContext: onlyOne(field('x-cloud-trace-context')),
    }),
    proof: { method, url: publicUrl(path), field },
  };
}

function onlyOne(values: readonly string[]): string | undefined {
  return values.length === 1 ? values[0] : undefined;
}
