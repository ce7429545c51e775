import { type Answer, fieldOf } from '../wire/answer.ts';

/** Whether the server did what was asked: an answer of success whose JSON-RPC message is not an error. */
export function isServed(answer: Pick<Answer, 'status' | 'body' | 'fields'>): boolean {
  return answer.status >= 200 && answer.status < 300 && !isRpcError(answer);
}

/** Whether the answer is a JSON-RPC error, as JSON or as an event. */
export function isRpcError(answer: Pick<Answer, 'body' | 'fields'>): boolean {
  const isStream = fieldOf(answer, 'content-type')?.includes('event-stream') === true;
  const text = isStream ? (/^data: *(\S.*)$/m.exec(answer.body)?.[1] ?? '') : answer.body;
  try {
    const value: unknown = JSON.parse(text);
    const messages: readonly unknown[] = Array.isArray(value) ? value : [value];
    return messages.length > 0 && messages.every(hasError);
  } catch {
    return false;
  }
}

/** A tool says that it failed with `isError`. */
function hasError(message: unknown): boolean {
  if (typeof message !== 'object' || message === null) return false;
  const { error, result } = message as { readonly error?: unknown; readonly result?: unknown };
  return error !== undefined || (result as { isError?: unknown } | undefined)?.isError === true;
}
