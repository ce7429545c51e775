/** Checks that a body is one JSON-RPC message or a bounded batch of them. */
import { member } from './json-member.ts';
import { hasLookalike } from './lookalike-members.ts';

/** Why a parsed body is not an acceptable message. */
export type MessageFault = 'body_not_message' | 'batch_too_long' | 'too_many_uris';

/** MCP 2025-03-26 has batches, and says nothing of their length. */
export const maximumBatch = 100;
const maximumUris = 100;
// Of all URIs of a body together: to serialise a URL costs ten times as much as to parse its JSON.
const maximumUriCharacters = 65_536;

/**
 * Checks that a body is one message, or a batch of them: a request, a notification, or a response.
 * A form that is neither could be an operation to the server behind the gate, and none to the gate.
 *
 * It does not check that the server knows the method, or takes the parameters.
 */
export function findMessageFault(body: unknown): MessageFault | undefined {
  if (!Array.isArray(body)) {
    return isMessage(body) ? findUriFault([body]) : 'body_not_message';
  }
  if (body.length > maximumBatch) return 'batch_too_long';
  if (body.length === 0 || !body.every(isMessage)) return 'body_not_message';
  return findUriFault(body);
}

/** Whether a message is the answer to a request of the server. It needs no scope. */
export function isResponse(message: unknown): boolean {
  if (has(message, 'method')) return false;
  return isId(member(message, 'id')) && hasOneOutcome(message);
}

function isMessage(message: unknown): boolean {
  if (!isObject(message) || member(message, 'jsonrpc') !== '2.0') return false;
  // `Object.assign` and the like would make its members those of the message.
  if (has(message, '__proto__') || hasLookalike(message)) return false;
  return has(message, 'method') ? isCall(message) : isResponse(message);
}

/** A request, or a notification where there is no `id`. */
function isCall(message: object): boolean {
  if (typeof member(message, 'method') !== 'string') return false;
  if (has(message, 'result') || has(message, 'error')) return false;
  if (has(message, 'id') && !isId(member(message, 'id'))) return false;
  const params = member(message, 'params') ?? {};
  return isObject(params) && !has(params, '__proto__');
}

/** Exactly one of `result` and `error`, which MCP makes objects. */
function hasOneOutcome(message: unknown): boolean {
  const outcomes = ['result', 'error'].filter((name) => has(message, name));
  return outcomes.length === 1 && isObject(member(message, outcomes[0] ?? ''));
}

function findUriFault(messages: readonly unknown[]): MessageFault | undefined {
  let count = 0;
  let characters = 0;
  for (const message of messages) {
    for (const uri of urisOf(member(message, 'params'))) {
      count += 1;
      if (typeof uri === 'string') characters += uri.length;
      if (count > maximumUris || characters > maximumUriCharacters) return 'too_many_uris';
    }
  }
  return undefined;
}

/** Wherever the parameters of any method of MCP name resources. */
function urisOf(params: unknown): readonly unknown[] {
  const subscribed = member(member(params, 'notifications'), 'resourceSubscriptions');
  const named = [member(params, 'uri'), member(member(params, 'ref'), 'uri')];
  return [
    ...named.filter((uri) => uri !== undefined),
    // One more than the bound is enough to see that there are too many.
    ...(Array.isArray(subscribed) ? subscribed.slice(0, maximumUris + 1) : []),
  ];
}

// MCP, "Messages": a string or an integer, never null.
function isId(id: unknown): boolean {
  return typeof id === 'string' || Number.isInteger(id);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function has(value: unknown, name: string): boolean {
  return member(value, name) !== undefined;
}
