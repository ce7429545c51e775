/** What the messages of a request ask for, as policies and quotas see it. */
import { member } from '../body/json-member.ts';
import { isResponse } from '../body/json-rpc-message.ts';
import { writtenAs } from './uri-spellings.ts';

/** One thing that a message asks for, as its sender wrote it. */
export interface Call {
  /** What {@link name} names. `method` stands for everything without a tool, prompt or resource. */
  readonly kind: 'tool' | 'prompt' | 'resource' | 'method';
  /** The method of the message, such as `tools/call`. */
  readonly method: string;
  /** The name of the tool or prompt, the URI of the resource, or {@link method}. Empty if it is not a string. */
  readonly name: string;
  /** The arguments of a tool or prompt, and otherwise the parameters. A client wrote them: any JSON value. */
  readonly arguments: unknown;
  /**
   * True for another spelling of the resource in the call before, such as `file:///secret` after
   * `file:///public/../secret`. Servers may take one for the other: judge both, and count one.
   */
  readonly isAlias?: boolean;
}

/**
 * Lists what a request asks for: at least one call for each message of a batch. `stream` stands for a request
 * without a message, and `response` for the answer of a client.
 *
 * @param message `Operation.message`, which the gate has checked.
 */
export function readCalls(message: unknown): readonly Call[] {
  if (message === undefined) return [plain('stream')];
  return Array.isArray(message) ? message.flatMap(readMessage) : readMessage(message);
}

function plain(method: string, params?: unknown): Call {
  return { kind: 'method', method, name: method, arguments: params };
}

function readMessage(message: unknown): readonly Call[] {
  if (isResponse(message)) return [plain('response')];
  const method = String(member(message, 'method'));
  const params = member(message, 'params');
  const named = (kind: 'tool' | 'prompt', name: unknown, given: unknown): readonly Call[] => [
    { kind, method, name: textOf(name), arguments: given },
  ];
  const ofResource = (uri: unknown): readonly Call[] =>
    writtenAs(uri).map((form, index) => ({
      kind: 'resource',
      method,
      name: textOf(form),
      arguments: params,
      ...(index > 0 && { isAlias: true }),
    }));

  switch (method) {
    case 'tools/call':
      return named('tool', member(params, 'name'), member(params, 'arguments'));
    case 'prompts/get':
      return named('prompt', member(params, 'name'), member(params, 'arguments'));
    case 'resources/read':
    case 'resources/subscribe':
    case 'resources/unsubscribe':
      return ofResource(member(params, 'uri'));
    case 'subscriptions/listen': {
      const uris = member(member(params, 'notifications'), 'resourceSubscriptions');
      return [plain(method, params), ...(Array.isArray(uris) ? uris.flatMap(ofResource) : [])];
    }
    case 'completion/complete': {
      const reference = member(params, 'ref');
      return member(reference, 'type') === 'ref/resource'
        ? ofResource(member(reference, 'uri'))
        : named('prompt', member(reference, 'name'), params);
    }
    default:
      return [plain(method, params)];
  }
}

function textOf(name: unknown): string {
  return typeof name === 'string' ? name : '';
}
