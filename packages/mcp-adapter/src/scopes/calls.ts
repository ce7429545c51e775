/** What a message asks for, as policies and quotas see it. */
import type { Call, Operation } from '@sallyport/core';
import { member } from '../body/json-member.ts';
import { writtenAs } from './uri-spellings.ts';

/** A request without a message: it opens a stream, or ends a session. */
export const streamOperation: Operation = { name: 'stream', scopes: [], calls: [plain('stream')] };
/** The answer of a client to a request of the server. */
export const responseOperation: Operation = {
  name: 'response',
  scopes: [],
  calls: [plain('response')],
};

function plain(method: string, params?: unknown): Call {
  return { kind: 'method', method, name: method, arguments: params };
}

/** Lists the calls of one message. The first stands for the message. */
export function readCalls(method: string, params: unknown): readonly Call[] {
  const of = (kind: 'tool' | 'prompt', name: unknown, given: unknown): readonly Call[] => [
    { kind, method, name: typeof name === 'string' ? name : '', arguments: given },
  ];
  const ofResource = (uri: unknown): readonly Call[] =>
    writtenAs(uri).map((form, index) => ({
      kind: 'resource',
      method,
      name: typeof form === 'string' ? form : '',
      arguments: params,
      ...(index > 0 && { isAlias: true }),
    }));

  switch (method) {
    case 'tools/call':
      return of('tool', member(params, 'name'), member(params, 'arguments'));
    case 'prompts/get':
      return of('prompt', member(params, 'name'), member(params, 'arguments'));
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
        : of('prompt', member(reference, 'name'), params);
    }
    default:
      return [plain(method, params)];
  }
}
