/** Leaves out of lists what the caller may not use, and says which tools need a token. */
import type { McpGate } from '@sallyport/mcp-adapter';
import type { Caller } from '../assertion/sign-assertions.ts';
import { parseExactly } from '../json/exact-json.ts';
import { member, messagesOf } from '../json/messages.ts';

/** Says whether a caller may use a tool, a prompt or a resource: `gate.permits`. */
export type Permits = McpGate['permits'];
type Subject = Parameters<Permits>[1];

/** Returns the `securitySchemes` of a tool, or `undefined` for a tool that stays as it is. */
export type ReadSecuritySchemes = (tool: string) => readonly object[] | undefined;

/** How lists are changed. */
export interface ListChanges {
  /** `undefined`: every entry stays. */
  readonly permits: Permits | undefined;
  /** `undefined`: every tool stays as it is. */
  readonly securitySchemes: ReadSecuritySchemes | undefined;
}

/** Where a list has its entries, and how an entry is named. */
const lists: readonly (readonly [
  member: string,
  name: string,
  subject: (name: string) => Subject,
])[] = [
  ['tools', 'name', (tool) => ({ tool })],
  ['prompts', 'name', (prompt) => ({ prompt })],
  ['resources', 'uri', (resource) => ({ resource })],
];
const listMethods: ReadonlySet<unknown> = new Set(['tools/list', 'prompts/list', 'resources/list']);

/** Whether the answer to a request may hold a list. A stream of the server's own may repeat such an answer. */
export function mayAnswerWithList(method: string, body: unknown): boolean {
  if (method === 'GET') return true;
  return messagesOf(body).some((message) => listMethods.has(member(message, 'method')));
}

/** Returns a message with its lists changed. */
export type MessageFilter = <Message>(message: Message) => Message;

/** Creates the filter of the messages for one caller. */
export function createMessageFilter(
  { permits, securitySchemes }: ListChanges,
  caller: Caller | undefined,
): MessageFilter {
  function keep(entry: unknown, name: string, subject: (name: string) => Subject): boolean {
    if (permits === undefined) return true;
    const value = member(entry, name);
    return typeof value === 'string' && permits(caller, subject(value));
  }

  /** Clients read one of two places, so both say the same. */
  function describeTool(tool: unknown): unknown {
    const name = member(tool, 'name');
    const schemes = typeof name === 'string' ? securitySchemes?.(name) : undefined;
    if (schemes === undefined) return tool;
    const meta = member(tool, '_meta');
    return {
      ...(tool as object),
      securitySchemes: schemes,
      _meta: { ...(typeof meta === 'object' ? meta : {}), securitySchemes: schemes },
    };
  }

  return (message) => {
    const result = member(message, 'result');
    if (typeof result !== 'object' || result === null) return message;
    const changed: Record<string, unknown> = {};
    for (const [list, name, subject] of lists) {
      const entries = member(result, list);
      if (!Array.isArray(entries)) continue;
      const kept = entries.filter((entry) => keep(entry, name, subject));
      changed[list] = list === 'tools' ? kept.map(describeTool) : kept;
      // MCP 2026-07-28, "Caching": what differs by caller is private.
      if (permits !== undefined && member(result, 'cacheScope') !== undefined) {
        changed['cacheScope'] = 'private';
      }
    }
    return Object.keys(changed).length === 0
      ? message
      : { ...message, result: { ...result, ...changed } };
  };
}

/** Filters the JSON of one answer. Returns `undefined` when it is no JSON. */
export function createListFilter(
  changes: ListChanges,
  caller: Caller | undefined,
): (text: string) => string | undefined {
  const filter = createMessageFilter(changes, caller);
  return (text) => {
    try {
      const value = parseExactly(text);
      return JSON.stringify(Array.isArray(value) ? value.map(filter) : filter(value));
    } catch {
      return undefined;
    }
  };
}
