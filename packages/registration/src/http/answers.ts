/** Every answer that is not a page. */
import type { GateAnswer } from '@sallyport/mcp-adapter';

/** Error codes of RFC 6749 §4.1.2.1 and §5.2, RFC 7591 §3.2.2 and RFC 8707 §2. */
export type OAuthErrorCode =
  | 'access_denied'
  | 'interaction_required'
  | 'invalid_client'
  | 'invalid_client_metadata'
  | 'invalid_grant'
  | 'invalid_redirect_uri'
  | 'invalid_request'
  | 'invalid_scope'
  | 'invalid_target'
  | 'login_required'
  | 'request_not_supported'
  | 'request_uri_not_supported'
  | 'server_error'
  | 'temporarily_unavailable'
  | 'unsupported_grant_type'
  | 'unsupported_response_type';

// Pages of every origin may use the endpoints that read no cookie: a client may be a page.
const readableByAll = { 'Access-Control-Allow-Origin': '*' } as const;
const sealed = {
  'Cache-Control': 'no-store',
  Pragma: 'no-cache',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** A JSON answer that no cache may keep. */
export function jsonAnswer(
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): GateAnswer {
  return {
    status,
    headers: { ...readableByAll, ...sealed, 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

/** @param description A constant. Nothing from a request or from the provider. */
export function errorAnswer(
  status: number,
  error: OAuthErrorCode,
  description: string,
  headers: Readonly<Record<string, string>> = {},
): GateAnswer {
  return jsonAnswer(status, { error, error_description: description }, headers);
}

/** For a provider that does not answer, or a server that is busy. */
export function unavailableAnswer(retryAfterSeconds = 5): GateAnswer {
  const headers = { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterSeconds))) };
  return errorAnswer(503, 'temporarily_unavailable', 'Try again later', headers);
}

/** For an address with too many failures. RFC 6749 has no code of its own for it. */
export function limitedAnswer(retryAfterSeconds: number): GateAnswer {
  const headers = { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterSeconds))) };
  return errorAnswer(429, 'temporarily_unavailable', 'Too many failed requests', headers);
}

/** Sends the browser on. The next request is a GET, without a `Referer`. */
export function redirectAnswer(
  location: string,
  headers: Readonly<Record<string, string>> = {},
): GateAnswer {
  return {
    status: 303,
    headers: { ...sealed, 'Referrer-Policy': 'no-referrer', Location: location, ...headers },
    body: undefined,
  };
}

/** @param methods What the endpoint answers, such as `GET, HEAD`. */
export function methodAnswer(methods: string): GateAnswer {
  return { status: 405, headers: { ...sealed, Allow: methods }, body: undefined };
}

/** Answers the preflight of a page that wants to register or to get a token. */
export function preflightAnswer(methods: string): GateAnswer {
  return {
    status: 204,
    headers: {
      ...readableByAll,
      'Access-Control-Allow-Methods': methods,
      'Access-Control-Allow-Headers': 'Content-Type, Accept, MCP-Protocol-Version',
      'Access-Control-Max-Age': '600',
    },
    body: undefined,
  };
}
