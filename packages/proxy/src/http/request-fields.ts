/** The header fields of a request to the upstream. */
import type { IncomingHttpHeaders } from 'node:http';

/**
 * The fields of the client that pass. It is a list of what may pass, since no list of identity fields is ever
 * complete: `Authorization`, `Cookie`, `X-Forwarded-*`, `X-Goog-*`, `Cf-Access-*`, `Remote-User`, and hop-by-hop
 * fields stay out, and so does the one that somebody invents tomorrow.
 */
const passing: ReadonlySet<string> = new Set([
  'accept',
  'accept-language',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
  'traceparent',
  'tracestate',
]);

/** Arguments that a tool asks for as fields (MCP 2026-07-28, `x-mcp-header`). */
const parameterPrefix = 'mcp-param-';

/** What the proxy itself says in a request. */
export interface OwnFields {
  /** `undefined`: the caller is anonymous. The upstream then gets no `Authorization`. */
  readonly assertion: string | undefined;
  readonly hasBody: boolean;
}

/** Makes the fields of the upstream's request, as names and values in turn. undici adds `Host` and the framing. */
export function writeRequestFields(
  headers: IncomingHttpHeaders,
  { assertion, hasBody }: OwnFields,
): string[] {
  const fields = ['accept-encoding', 'identity'];
  if (assertion !== undefined) fields.push('authorization', `Bearer ${assertion}`);
  if (hasBody) fields.push('content-type', 'application/json');
  for (const name in headers) {
    if (!passing.has(name) && !name.startsWith(parameterPrefix)) continue;
    const value = headers[name];
    if (typeof value === 'string') fields.push(name, value);
  }
  return fields;
}
