import { describe, expect, it } from 'vitest';
import { findMessageFault, maximumBatch } from '../../src/body/json-rpc-message.ts';
import { toolCall } from '../fixture.ts';

const request = { jsonrpc: '2.0', id: 1, method: 'ping' };
const response = { jsonrpc: '2.0', id: 1, result: {} };
const withProto = (text: string) => JSON.parse(text) as unknown;

describe('findMessageFault', () => {
  it.each<[string, unknown]>([
    ['a request', request],
    ['a request with a string as id', { ...request, id: 'a' }],
    ['a request with an id of nought', { ...request, id: 0 }],
    ['a notification', { jsonrpc: '2.0', method: 'notifications/initialized' }],
    ['a request with parameters', toolCall('list')],
    ['a request whose parameters are null', { ...request, params: null }],
    ['a request with members of other protocols', { ...request, meta: [1] }],
    ['a result', response],
    ['an error', { jsonrpc: '2.0', id: 'a', error: { code: -1, message: 'no' } }],
    ['a batch', [request, response, toolCall('list')]],
    ['the longest batch', Array.from({ length: maximumBatch }, () => request)],
  ])('takes %s', (_name, body) => {
    expect(findMessageFault(body)).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ['an empty object', {}],
    ['an empty batch', []],
    ['null', null],
    ['undefined', undefined],
    ['a number', 5],
    ['true', true],
    ['a string', JSON.stringify(request)],
    ['a Buffer', Buffer.from(JSON.stringify(request))],
    ['a batch in a batch', [[toolCall('delete')]]],
    ['a batch with null', [request, null]],
    ['a batch with a string', [request, 'ping']],
    ['a method in an array', { ...request, method: ['tools/call'] }],
    ['a method that is an object', { ...request, method: { toString: 'ping' } }],
    ['a method of null', { ...request, method: null }],
    ['a result without an id', { result: {} }],
    ['a result without a version', { id: 1, result: {} }],
    ['a result for null', { jsonrpc: '2.0', id: null, result: {} }],
    ['a result that is no object', { jsonrpc: '2.0', id: 1, result: 5 }],
    ['a result that is an array', { jsonrpc: '2.0', id: 1, result: [] }],
    ['a result and an error', { ...response, error: { code: 1 } }],
    ['a result with a method', { ...response, method: 'tools/call' }],
    ['a result with a method of null', { ...response, method: null }],
    ['neither result nor error', { jsonrpc: '2.0', id: 1 }],
    ['another version', { ...request, jsonrpc: '1.0' }],
    ['a number as version', { ...request, jsonrpc: 2 }],
    ['no version', { id: 1, method: 'ping' }],
    ['an id of null', { ...request, id: null }],
    ['a broken number as id', { ...request, id: 1.5 }],
    ['an id that is an object', { ...request, id: {} }],
    ['parameters in an array', { ...request, params: ['delete'] }],
    ['parameters in a string', { ...request, params: '{"name":"delete"}' }],
    ['inherited members', Object.create(request)],
    [
      'a prototype of its own',
      withProto('{"jsonrpc":"2.0","id":1,"result":{},"__proto__":{"method":"tools/call"}}'),
    ],
    [
      'parameters with a prototype of their own',
      withProto(
        '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list","__proto__":{}}}',
      ),
    ],
  ])('CASE-03, MCP-14: refuses %s', (_name, body) => {
    expect(findMessageFault(body)).toBe('body_not_message');
  });

  it('CASE-04, MCP-15: refuses a batch that is too long, before it looks into it', () => {
    const batch = Array.from({ length: maximumBatch + 1 }, () => null);
    expect(findMessageFault(batch)).toBe('batch_too_long');
  });

  const listen = (uris: readonly unknown[]) => ({
    ...request,
    method: 'subscriptions/listen',
    params: { notifications: { resourceSubscriptions: uris } },
  });
  const read = (uri: string) => ({ ...request, method: 'resources/read', params: { uri } });

  it.each<[string, unknown, string | undefined]>([
    ['100 in one list', listen(Array.from({ length: 100 }, () => 'file:///a')), undefined],
    ['101 in one list', listen(Array.from({ length: 101 }, () => 'file:///a')), 'too_many_uris'],
    ['101 that are no URIs', listen(Array.from({ length: 101 }, () => 1)), 'too_many_uris'],
    [
      '101 in a batch',
      [...Array.from({ length: 99 }, () => read('file:///a')), listen(['file:///a', 'file:///b'])],
      'too_many_uris',
    ],
    ['one of 65,536 characters', read('x'.repeat(65_536)), undefined],
    ['one that is longer', read('x'.repeat(65_537)), 'too_many_uris'],
    [
      'one to complete that is longer',
      {
        ...request,
        method: 'completion/complete',
        params: { ref: { type: 'ref/resource', uri: 'x'.repeat(65_537) } },
      },
      'too_many_uris',
    ],
    [
      'two that are longer together',
      [read('x'.repeat(65_000)), read('x'.repeat(537))],
      'too_many_uris',
    ],
  ])('CASE-04, MCP-15: bounds the URIs of a body: %s', (_name, body, fault) => {
    expect(findMessageFault(body)).toBe(fault);
  });
});
