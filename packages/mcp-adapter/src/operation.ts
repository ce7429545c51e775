import { assertScopes, type Operation } from '@sallyport/core';

/** Which scopes the operations of an MCP server need. Declared by the server, once. */
export interface OperationScopes {
  /** All the scopes that a call of each tool needs, by tool name. An empty list: any token. */
  readonly tools: Readonly<Record<string, readonly string[]>>;
  /**
   * Scopes for tools that {@link tools} does not list. Default: every scope it mentions, so that a
   * tool somebody forgot to list is out of reach rather than open.
   */
  readonly otherTools?: readonly string[];
}

// What may appear in the audit log besides tools: names of the protocol, never of the client.
const protocolMethods: ReadonlySet<string> = new Set([
  'completion/complete',
  'initialize',
  'logging/setLevel',
  'notifications/cancelled',
  'notifications/initialized',
  'notifications/progress',
  'notifications/roots/list_changed',
  'ping',
  'prompts/get',
  'prompts/list',
  'resources/list',
  'resources/read',
  'resources/subscribe',
  'resources/templates/list',
  'resources/unsubscribe',
  'server/discover',
  'subscriptions/listen',
  'tools/list',
]);

/** Says what a parsed request body asks for. */
export type OperationReader = (body: unknown) => Operation;

/**
 * Builds the reader for one server. It looks at the body alone: `Mcp-*` headers are written by the
 * client and decide nothing. Every element of a batch counts.
 *
 * @throws {ConfigError} When a declared scope is none.
 */
export function createOperationReader(scopes: OperationScopes): OperationReader {
  const tools = new Map(Object.entries(scopes.tools));
  for (const [tool, required] of tools) assertScopes(`gate.scopes.tools.${tool}`, required);
  const otherTools = scopes.otherTools ?? [...new Set([...tools.values()].flat())];
  assertScopes('gate.scopes.otherTools', otherTools);

  function readMessage(message: unknown): Operation {
    const method = member(message, 'method');
    if (typeof method !== 'string') return { name: 'response', scopes: [] };
    if (method !== 'tools/call') {
      return { name: protocolMethods.has(method) ? method : 'other method', scopes: [] };
    }
    const tool = member(member(message, 'params'), 'name');
    const required = typeof tool === 'string' ? tools.get(tool) : undefined;
    return required === undefined
      ? { name: 'tools/call of an undeclared tool', scopes: otherTools }
      : { name: `tools/call ${tool}`, scopes: required };
  }

  return (body) => {
    if (!Array.isArray(body)) return readMessage(body);
    const operations = body.map(readMessage);
    return {
      name: [...new Set(operations.map(({ name }) => name))].join(', '),
      scopes: [...new Set(operations.flatMap((operation) => operation.scopes))],
    };
  };
}

/** Own members only: the body is a stranger's. */
function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
