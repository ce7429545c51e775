import { ConfigError } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { createHttpUpstream, type HttpUpstreamOptions } from '../../src/index.ts';

const url = 'http://127.0.0.1:9000/mcp';

describe('refuses', () => {
  it.each<[string, Partial<HttpUpstreamOptions>, string]>([
    ['a path', { url: '/mcp' }, 'upstream.url'],
    ['an empty URL', { url: '' }, 'upstream.url'],
    ['a host alone', { url: 'localhost:9000' }, 'upstream.url'],
    ['another scheme', { url: 'ws://127.0.0.1/mcp' }, 'upstream.url'],
    ['a file', { url: 'file:///etc/passwd' }, 'upstream.url'],
    ['white space', { url: `${url} ` }, 'upstream.url'],
    ['a line feed', { url: 'http://127.0.0.1:9000/mcp\nX: y' }, 'upstream.url'],
    ['credentials', { url: 'http://user:secret-marker@127.0.0.1/mcp' }, 'upstream.url'],
    ['a fragment', { url: `${url}#a` }, 'upstream.url'],
    ['an empty fragment', { url: `${url}#` }, 'upstream.url'],
    ['an empty audience', { audience: ' ' }, 'upstream.audience'],
    ['no time for answers', { answerTimeoutSeconds: 0 }, 'upstream.answerTimeoutSeconds'],
    ['more than an hour', { answerTimeoutSeconds: 3_601 }, 'upstream.answerTimeoutSeconds'],
    ['NaN', { answerTimeoutSeconds: Number.NaN }, 'upstream.answerTimeoutSeconds'],
    ['too few requests', { maximumRequests: 3 }, 'upstream.maximumRequests'],
    ['endless requests', { maximumRequests: Number.POSITIVE_INFINITY }, 'upstream.maximumRequests'],
  ])('%s, and names the option', (_name, options, option) => {
    const create = () => createHttpUpstream({ url, ...options });

    expect(create).toThrow(ConfigError);
    expect(create).toThrow(new RegExp(`^${option}: `));
    expect(create).not.toThrow(/secret-marker/);
  });
});

it.each([
  ['http://127.0.0.1:9000/mcp', false],
  ['http://localhost/mcp', false],
  ['http://[::1]:9000/mcp', false],
  ['https://mcp.internal/mcp', false],
  ['http://mcp:9000/mcp', true],
  ['http://10.0.0.7/mcp', true],
  ['http://127.0.0.1.example.com/mcp', true],
])('warns where others can read what goes to %s: %j', async (address, isExposed) => {
  const types: string[] = [];
  const upstream = createHttpUpstream({ url: address, onEvent: ({ type }) => types.push(type) });
  await upstream.close();

  expect(types.includes('upstream_unencrypted')).toBe(isExposed);
});
