/** What browsers may do. Requests without `Origin` are not from a page, and pass. */

const methods = 'GET, POST, DELETE';
const requestHeaders =
  'Authorization, DPoP, Content-Type, Accept, Last-Event-ID, Mcp-Session-Id, Mcp-Protocol-Version, Mcp-Method, Mcp-Name';
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

/** The headers that answer a preflight. */
export function preflightHeaders(): Record<string, string> {
  return {
    'Access-Control-Allow-Methods': methods,
    'Access-Control-Allow-Headers': requestHeaders,
    'Access-Control-Max-Age': '600',
  };
}
