/** The guards that are left where the platform's own `fetch` sends the requests. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { ConfigError, detectEnvironment } from '@sallyport/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as onNode from '../src/index.ts';
import type { GuardedFetchOptions } from '../src/platform.ts';
import * as onPlatform from '../src/platform.ts';
import { json, serve } from './hostile-server.ts';

const environment = detectEnvironment({ ENVIRONMENT: 'development' });
const { signal } = new AbortController();

function open(url: string, options: Partial<GuardedFetchOptions> = {}) {
  const fetch = onPlatform.createGuardedFetch({ url, environment, timeoutSeconds: 5, ...options });
  onTestFinished(() => fetch.close());
  return fetch;
}

const refusal = (detail: RegExp) => ({
  name: 'AuthError',
  code: 'upstream_unavailable',
  detail: expect.stringMatching(detail),
});

describe('without undici', () => {
  it('offers the same functions as with it', () => {
    expect(Object.keys(onPlatform)).toEqual(Object.keys(onNode));
  });

  it('is loaded by no runtime that is not named: a bundle for Node.js must not lose its guards', () => {
    const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    const { types, default: otherwise, ...named } = manifest.publishConfig.exports['.'];

    expect([types, otherwise]).toEqual(['./dist/index.d.ts', './dist/index.js']);
    expect(Object.keys(named)).toEqual(['workerd', 'edge-light', 'deno', 'bun', 'browser']);
    expect(new Set(Object.values(named))).toEqual(new Set(['./dist/platform.js']));
  });

  it('gets JSON', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, json).end('{"keys":[]}');
    });

    await expect(open(url).request({ signal })).resolves.toMatchObject({
      status: 200,
      json: { keys: [] },
    });
  });

  it('posts a form', async () => {
    const url = await serve(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      response.writeHead(200, json).end(JSON.stringify([request.method, body]));
    });
    const body = new URLSearchParams({ token: 'a b' });

    await expect(open(url).request({ signal, body })).resolves.toMatchObject({
      json: ['POST', 'token=a+b'],
    });
  });

  it.each([301, 302, 303, 307, 308])('follows no redirect: %i', async (status) => {
    const asked: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      asked.push(request.url);
      response.writeHead(status, { Location: '/elsewhere' }).end();
    });

    await expect(open(url).request({ signal })).rejects.toMatchObject(refusal(/redirect/));
    expect(asked).toHaveLength(1);
  });

  it('counts bytes after decompression, and gives up at the bound', async () => {
    const url = await serve((_request, response) => {
      response
        .writeHead(200, { ...json, 'Content-Encoding': 'gzip' })
        .end(gzipSync(JSON.stringify('a'.repeat(300_000))));
    });

    await expect(open(url).request({ signal })).rejects.toMatchObject(
      refusal(/^more than 262144 bytes$/),
    );
  });

  it('has one deadline, the body included', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, json).write('{');
    });

    await expect(open(url, { timeoutSeconds: 0.05 }).request({ signal })).rejects.toMatchObject(
      refusal(/^no answer within 50 ms$/),
    );
  });

  it.each([
    ['a proxy', { proxyUrl: 'http://proxy.internal:3128' }, 'url.proxyUrl'],
    ['a resolver', { resolve: () => {} }, 'url.resolve'],
  ])('refuses %s, which it could not use', (_name, options, option) => {
    expect(() => open('https://auth.example.com', options)).toThrow(
      expect.objectContaining({ name: 'ConfigError', option }),
    );
  });

  it.each([
    'http://auth.example.com/',
    'https://10.0.0.1/',
    'https://169.254.169.254/',
    'https://[fd00:ec2::254]/',
    'https://metadata.google.internal/',
    'https://user:word@auth.example.com/',
  ])('does not ask %s', (url) => {
    const production = detectEnvironment({});

    expect(() => open(url, { environment: production })).toThrow(ConfigError);
  });
});
