/** Cross-origin requests of browsers. A request without `Origin` is not from a page of another origin, and passes. */
import { ConfigError } from '@sallyport/core';

/** What an MCP endpoint answers (MCP 2025-11-25, "Streamable HTTP"). */
export const methods = 'GET, POST, DELETE';
// Every field that the gate or an SDK reads, and no other.
const requestHeaders = [
  'Authorization, DPoP, Content-Type, Accept, Last-Event-ID',
  'Mcp-Session-Id, Mcp-Protocol-Version, Mcp-Method, Mcp-Name',
  'traceparent, tracestate, baggage, X-Cloud-Trace-Context',
].join(', ');
const responseHeaders =
  'WWW-Authenticate, DPoP-Nonce, Mcp-Session-Id, Mcp-Protocol-Version, Retry-After, RateLimit, RateLimit-Policy';

/** The headers that let a page of an allowed origin read an answer, its challenge included. */
export function crossOriginHeaders(origin: string): Record<string, string> {
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Expose-Headers': responseHeaders,
    Vary: 'Origin',
  };
}

// Those that a tool takes arguments from (MCP 2026-07-28).
const parameterHeader = /^mcp-param-[\w!#$%&'*+.^`|~-]{1,100}$/i;
const mostParameterHeaders = 20;

/**
 * The headers that answer a preflight.
 *
 * @param wanted `Access-Control-Request-Headers`.
 * @param tokenField The field that carries the token where it is not `Authorization`.
 */
export function preflightHeaders(wanted = '', tokenField?: string): Record<string, string> {
  const parameters = wanted
    .split(',', 100)
    .map((name) => name.trim())
    .filter((name) => parameterHeader.test(name) || name.toLowerCase() === tokenField)
    .slice(0, mostParameterHeaders);
  return {
    'Access-Control-Allow-Methods': methods,
    'Access-Control-Allow-Headers': [requestHeaders, ...parameters].join(', '),
    'Access-Control-Max-Age': '600',
  };
}

/** @throws {ConfigError} When one is not an origin as browsers send it. */
export function readOrigins(own: string, allowed: readonly string[] = []): ReadonlySet<string> {
  for (const origin of allowed) {
    if (!isOrigin(origin)) {
      const problem =
        'is not an origin as browsers send it: write it such as https://app.example.com';
      throw new ConfigError('gate.allowedOrigins', `${JSON.stringify(origin)} ${problem}`);
    }
  }
  return new Set([own, ...allowed]);
}

/** Of the web, or of an extension, for which the URL standard knows no origin. */
function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { origin } = new URL(text);
  return origin === 'null' ? /^[a-z][a-z\d+.-]*:\/\/[\w.-]+$/.test(text) : origin === text;
}
