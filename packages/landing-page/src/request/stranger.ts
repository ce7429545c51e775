import type { GateRequest } from '@sallyport/mcp-adapter';

// With one of these a request is more than the look of a browser: the gate decides it.
const fieldsOfClients = ['authorization', 'dpop', 'mcp-session-id', 'last-event-id'] as const;

/** Whether a request has neither credentials nor anything else that only an MCP client sends. */
export function isStranger({ method, target, host, field, hasBody }: GateRequest): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  // A malformed address is refused by the gate.
  if (host === undefined || hasBody === true) return false;
  if (fieldsOfClients.some((name) => field(name).length > 0)) return false;
  const query = target.indexOf('?');
  return query === -1 || !new URLSearchParams(target.slice(query)).has('access_token');
}
