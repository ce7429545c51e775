/** Leaves out of lists what the caller may not use. */
import type { McpGate } from '@sallyport/mcp-adapter';
import type { Caller } from '../assertion/sign-assertions.ts';
import { parseExactly } from '../json/exact-json.ts';
import { member, messagesOf } from '../json/messages.ts';

/** Says whether a caller may use a tool, a prompt or a resource: `gate.permits`. */
export type Permits = McpGate['permits'];
type Subject = Parameters<Permits>[1];

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

/** Returns a message without the entries of its lists that the caller may not use. */
export type MessageFilter = <Message>(message: Message) => Message;

/** Creates the filter of the messages for one caller. */
export function createMessageFilter(
  permits: Permits,
  caller: Parameters<Permits>[0],
): MessageFilter {
  return (message) => {
    const result = member(message, 'result');
    if (typeof result !== 'object' || result === null) return message;
    const kept: Record<string, unknown> = {};
    for (const [list, name, subject] of lists) {
      const entries = member(result, list);
      if (!Array.isArray(entries)) continue;
      kept[list] = entries.filter((entry) => {
        const value = member(entry, name);
        return typeof value === 'string' && permits(caller, subject(value));
      });
      // MCP 2026-07-28, "Caching": what differs by caller is private.
      if (member(result, 'cacheScope') !== undefined) kept['cacheScope'] = 'private';
    }
    return Object.keys(kept).length === 0
      ? message
      : { ...message, result: { ...result, ...kept } };
  };
}

/** Filters the JSON of one answer. Returns `undefined` when it is no JSON. */
export function createListFilter(
  permits: Permits,
  caller: Caller,
): (text: string) => string | undefined {
  const filter = createMessageFilter(permits, caller);
  return (text) => {
    try {
      const value = parseExactly(text);
      return JSON.stringify(Array.isArray(value) ? value.map(filter) : filter(value));
    } catch {
      return undefined;
    }
  };
}
