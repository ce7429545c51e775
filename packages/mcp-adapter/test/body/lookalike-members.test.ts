/** A server whose parser ignores letter case must read the same message as the gate (MCP-18). */
import { describe, expect, it, vi } from 'vitest';
import { findMessageFault } from '../../src/body/json-rpc-message.ts';

const call = { jsonrpc: '2.0', id: 1, method: 'tools/call' };
/** Each spelling of a name that Go or .NET takes for it. */
const spellings = (name: string) => [
  name.toUpperCase(),
  name.charAt(0).toUpperCase() + name.slice(1),
  ...(name.includes('k') ? [name.replace('k', '\u212a')] : []),
  ...(name.includes('s') ? [name.replace('s', '\u017f')] : []),
];
const each = (...names: string[]) => names.flatMap(spellings);

describe('a lookalike', () => {
  it.each(each('jsonrpc', 'id', 'method', 'params', 'result', 'error'))(
    'MCP-18: %s in a message is refused',
    (name) => {
      expect(findMessageFault({ ...call, [name]: {} })).toBe('body_not_message');
      expect(findMessageFault([call, { ...call, [name]: {} }])).toBe('body_not_message');
      expect(findMessageFault({ jsonrpc: '2.0', id: 1, result: {}, [name]: 'tools/call' })).toBe(
        'body_not_message',
      );
    },
  );

  it.each(each('name', 'arguments', 'uri', 'ref', 'notifications', 'taskId'))(
    'MCP-18: %s in parameters is refused',
    (name) => {
      for (const method of ['tools/call', 'prompts/get', 'resources/read', 'tasks/get']) {
        const params = { name: 'read', uri: 'a:b', [name]: 'delete' };
        expect(findMessageFault({ ...call, method, params })).toBe('body_not_message');
      }
    },
  );

  it('MCP-18: in a reference or a subscription is refused', () => {
    for (const name of each('type', 'name', 'uri')) {
      const params = { ref: { type: 'ref/prompt', name: 'a', [name]: 'b' } };
      expect(findMessageFault({ ...call, method: 'completion/complete', params })).toBe(
        'body_not_message',
      );
    }
    for (const name of each('resourceSubscriptions')) {
      const params = { notifications: { [name]: ['note://1'] } };
      expect(findMessageFault({ ...call, method: 'subscriptions/listen', params })).toBe(
        'body_not_message',
      );
    }
  });
});

it.each([
  'TOOLS/CALL',
  'Tools/Call',
  'tools/Call',
  'tool\u017f/call',
  ' tools/call',
  'tools/call\0',
  '\uff54ools/call',
  'Resources/Read',
  'RESOURCES/SUBSCRIBE',
  'Prompts/Get',
  'Tools/List',
  'logging/setlevel',
  'TASKS/RESULT',
])('MCP-18: the method %j is refused, because a server may ignore letter case', (method) => {
  expect(findMessageFault({ ...call, method })).toBe('body_not_message');
});

it.each(['tools/call', 'tasks/get', 'acme/Search', 'ACME', 'logging/setLevel', 'tools/callback'])(
  'lets the method %s pass',
  (method) => {
    expect(findMessageFault({ ...call, method })).toBeUndefined();
  },
);

describe('no lookalike', () => {
  it.each([
    [{ name: 'read', arguments: { NAME: 'a', name: 'b', Method: 'c' } }, 'tools/call'],
    [{ name: 'read', _meta: { Name: 'a' }, names: 1, nam: 2 }, 'tools/call'],
    [{ Name: 'a', URI: 'b' }, 'acme/search'],
    [{ requestId: 1, reason: 'a' }, 'notifications/cancelled'],
  ])('is in %j of %s', (params, method) => {
    expect(findMessageFault({ ...call, method, params })).toBeUndefined();
  });

  it('is in a result, which only the server of a request reads', () => {
    const result = { NAME: 'a', content: { Type: 'text' } };
    expect(findMessageFault({ jsonrpc: '2.0', id: 1, result })).toBeUndefined();
  });
});

it.each([
  ['none of the names that resemble no name of the protocol', 'member ', 0],
  ['each other name of the parameters once', 'membér ', 10_000],
])('CASE-04: folds %s', (_what, name, expected) => {
  const params = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [name + at, 0]));
  const fold = vi.spyOn(String.prototype, 'toUpperCase');

  findMessageFault({ ...call, params });
  const folds = fold.mock.calls.length;
  fold.mockRestore();

  expect(folds).toBe(expected);
});
