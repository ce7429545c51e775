import { describe, expect, it } from 'vitest';
import { readCalls } from '../../src/index.ts';
import { toolCall } from '../fixture.ts';

describe('readCalls', () => {
  const get = (method: string, params?: unknown) => ({
    method,
    ...(params !== undefined && { params }),
  });
  const resource = (method: string, name: string, params: unknown) => ({
    kind: 'resource',
    method,
    name,
    arguments: params,
  });
  const uri = 'file:///public/../%73ecret';
  const spellings = (method: string, params: unknown) => [
    resource(method, uri, params),
    { ...resource(method, 'file:///%73ecret', params), isAlias: true },
    { ...resource(method, 'file:///secret', params), isAlias: true },
  ];
  const ofPrompt = {
    ref: { type: 'ref/prompt', name: 'sum' },
    argument: { name: 'a', value: '1' },
  };
  const ofResource = { ref: { type: 'ref/resource', uri: 'notes://{id}' } };
  const listening = { notifications: { resourceSubscriptions: [uri, 7] } };

  it.each<[string, unknown, readonly unknown[]]>([
    [
      'a tool',
      toolCall('list'),
      [{ kind: 'tool', method: 'tools/call', name: 'list', arguments: {} }],
    ],
    [
      'an undeclared tool',
      toolCall('other'),
      [{ kind: 'tool', method: 'tools/call', name: 'other', arguments: {} }],
    ],
    [
      'no name',
      get('tools/call', { name: ['list'] }),
      [{ kind: 'tool', method: 'tools/call', name: '', arguments: undefined }],
    ],
    [
      'no parameters',
      get('prompts/get'),
      [{ kind: 'prompt', method: 'prompts/get', name: '', arguments: undefined }],
    ],
    [
      'a prompt',
      get('prompts/get', { name: 'sum', arguments: { a: '1' } }),
      [{ kind: 'prompt', method: 'prompts/get', name: 'sum', arguments: { a: '1' } }],
    ],
    [
      'every spelling of a resource',
      get('resources/read', { uri }),
      spellings('resources/read', { uri }),
    ],
    [
      'a subscription',
      get('resources/subscribe', { uri: 'notes://1' }),
      [resource('resources/subscribe', 'notes://1', { uri: 'notes://1' })],
    ],
    [
      'no resource',
      get('resources/unsubscribe', { uri: 7 }),
      [resource('resources/unsubscribe', '', { uri: 7 })],
    ],
    [
      'each resource of a stream',
      get('subscriptions/listen', listening),
      [
        {
          kind: 'method',
          method: 'subscriptions/listen',
          name: 'subscriptions/listen',
          arguments: listening,
        },
        ...spellings('subscriptions/listen', listening),
        resource('subscriptions/listen', '', listening),
      ],
    ],
    [
      'a stream without resources',
      get('subscriptions/listen'),
      [
        {
          kind: 'method',
          method: 'subscriptions/listen',
          name: 'subscriptions/listen',
          arguments: undefined,
        },
      ],
    ],
    [
      'the prompt of a completion',
      get('completion/complete', ofPrompt),
      [{ kind: 'prompt', method: 'completion/complete', name: 'sum', arguments: ofPrompt }],
    ],
    [
      'the resource of a completion',
      get('completion/complete', ofResource),
      [resource('completion/complete', 'notes://{id}', ofResource)],
    ],
    [
      'another method',
      get('x/y', { a: 1 }),
      [{ kind: 'method', method: 'x/y', name: 'x/y', arguments: { a: 1 } }],
    ],
    [
      'a response',
      { id: 1, result: {} },
      [{ kind: 'method', method: 'response', name: 'response', arguments: undefined }],
    ],
    [
      'a stream',
      undefined,
      [{ kind: 'method', method: 'stream', name: 'stream', arguments: undefined }],
    ],
    ['an empty batch', [], []],
  ])('MCP-03: name %s', (_name, body, calls) => {
    expect(readCalls(body)).toEqual(calls);
  });

  it('MCP-03: name every message of a batch, also the same one twice', () => {
    expect(
      readCalls([toolCall('list'), get('ping'), toolCall('list', 2)]).map(({ name }) => name),
    ).toEqual(['list', 'ping', 'list']);
  });
});
