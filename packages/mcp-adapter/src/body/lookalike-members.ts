/**
 * Members whose names differ from those of the protocol in letter case alone. Parsers of Go and .NET take `NAME` for
 * `name`, and the last one wins: a server in such a language would read another message than the gate.
 */
import { member } from './json-member.ts';
import { foldCase, isLookalikeMethod } from './protocol-methods.ts';

interface Members {
  readonly names: ReadonlySet<string>;
  /** Every name that could be one of them, and a few others. It costs a fifth of changing the letter case. */
  readonly similar: RegExp;
  /** The same names without their letter case. */
  readonly folded: ReadonlySet<string>;
}

const messageMembers = members('jsonrpc', 'id', 'method', 'params', 'result', 'error');
// What the gate reads of parameters.
const parameterMembers = members('name', 'arguments', 'uri', 'ref', 'notifications', 'taskId');
const referenceMembers = members('type', 'name', 'uri');
const notificationMembers = members('resourceSubscriptions');
const judgedMethods =
  /^(?:tools\/call|prompts\/get|resources\/|completion\/complete|subscriptions\/listen|tasks\/)/;

/**
 * Whether a message has such a member, in the message itself or in the parameters that the gate reads, or a method
 * that is one of MCP in another spelling.
 */
export function hasLookalike(message: object): boolean {
  if (resembles(message, messageMembers)) return true;
  const method = member(message, 'method');
  if (typeof method !== 'string') return false;
  if (isLookalikeMethod(method)) return true;
  // The parameters of other methods decide nothing, and may have any names.
  if (!judgedMethods.test(method)) return false;
  const params = member(message, 'params');
  return (
    resembles(params, parameterMembers) ||
    resembles(member(params, 'ref'), referenceMembers) ||
    resembles(member(params, 'notifications'), notificationMembers)
  );
}

function members(...names: readonly string[]): Members {
  return {
    names: new Set(names),
    similar: new RegExp(`^(?:${names.join('|')})$|[^\\0-\\x7f]`, 'iu'),
    folded: new Set(names.map(foldCase)),
  };
}

function resembles(value: unknown, { names, similar, folded }: Members): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.keys(value).some(
    (name) => similar.test(name) && !names.has(name) && folded.has(foldCase(name)),
  );
}
