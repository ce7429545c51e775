/** Which revision of MCP a request speaks. From 2026-07-28 on there are no sessions. */
import type { IncomingMessage } from 'node:http';
import { isObject, type JsonObject, member, metaOf } from './messages.ts';

/** The revision without sessions that this proxy translates. */
export const statelessRevision = '2026-07-28';

export const metaNames = {
  protocolVersion: 'io.modelcontextprotocol/protocolVersion',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
} as const;

/** @returns The revision that the request names, in its header or in its body. */
export function revisionOf({ headers }: IncomingMessage, body: unknown): string | undefined {
  const inBody = isObject(body) ? metaOf(body)[metaNames.protocolVersion] : undefined;
  if (typeof inBody === 'string') return inBody;
  const field = headers['mcp-protocol-version'];
  return typeof field === 'string' && field !== '' ? field : undefined;
}

/**
 * What is wrong with the `_meta` of a request without a session. A server over stdio takes a request without it for
 * one of an older revision, and then speaks that revision with everybody.
 */
export function findMetaFault(
  { headers }: IncomingMessage,
  message: JsonObject,
): 'header_mismatch' | 'meta_invalid' | undefined {
  const meta = metaOf(message);
  const inBody = meta[metaNames.protocolVersion];
  const field = headers['mcp-protocol-version'] || inBody;
  if (typeof inBody !== 'string' || !isObject(meta[metaNames.clientCapabilities])) {
    return 'meta_invalid';
  }
  return field === inBody ? undefined : 'header_mismatch';
}

/** What `Mcp-Name` repeats, by method. */
const namedBy: ReadonlyMap<unknown, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
]);

/**
 * Whether the headers are present that repeat the body (MCP 2026-07-28, "Server Validation"). The gate has compared
 * the values of `Mcp-Method` and `Mcp-Name`.
 */
export function isRepeatedInHeaders({ headers }: IncomingMessage, message: JsonObject): boolean {
  const source = namedBy.get(message['method']);
  const hasName = source !== undefined && member(message['params'], source) !== undefined;
  return (
    headers['mcp-protocol-version'] !== undefined &&
    headers['mcp-method'] !== undefined &&
    (!hasName || headers['mcp-name'] !== undefined)
  );
}

/** Whether a revision has no sessions. Revisions are dates, so their order is that of their names. */
export function isStateless(revision: string | undefined): boolean {
  return revision !== undefined && revision >= statelessRevision;
}

/** Whether the message is `initialize`, which revisions with sessions begin with. */
export function isInitialize(message: unknown): boolean {
  return member(message, 'method') === 'initialize';
}
