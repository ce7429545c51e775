/** What a proxy needs to know of JSON-RPC messages. The gate has checked those of clients. */

/** The messages of a body: one, or those of a batch. */
export function messagesOf(body: unknown): readonly unknown[] {
  return Array.isArray(body) ? body : [body];
}

/** The ids of the requests among these messages: each of them needs an answer. */
export function requestIds(body: unknown): readonly unknown[] {
  return messagesOf(body)
    .filter((message) => member(message, 'method') !== undefined)
    .map((message) => member(message, 'id'))
    .filter((id) => id !== undefined);
}

/** Whether a parsed answer is JSON-RPC at all. */
export function isMessage(value: unknown): boolean {
  const messages = messagesOf(value);
  return messages.length > 0 && messages.every((each) => member(each, 'jsonrpc') === '2.0');
}

/** An own member: values come from strangers. */
export function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
