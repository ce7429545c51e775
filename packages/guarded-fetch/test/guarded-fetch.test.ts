import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { detectEnvironment } from '@sallyport/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createGuardedFetch, type GuardedFetchOptions, type Resolver } from '../src/index.ts';
import { json, serve } from './hostile-server.ts';

const environment = detectEnvironment({ ENVIRONMENT: 'development' });
const { signal } = new AbortController();

function open(url: string, options: Partial<GuardedFetchOptions> = {}) {
  const fetch = createGuardedFetch({ url, environment, timeoutSeconds: 5, ...options });
  onTestFinished(() => fetch.close());
  return fetch;
}

const refusal = (detail: string | RegExp) => ({
  name: 'AuthError',
  code: 'upstream_unavailable',
  detail: expect.stringMatching(detail),
});

describe('createGuardedFetch', () => {
  it('gets JSON, and what the answer says about caching', async () => {
    const url = await serve((_request, response) => {
      response
        .writeHead(200, { ...json, 'Cache-Control': 'public, max-age=60' })
        .end('{"keys":[]}');
    });

    await expect(open(url).request({ signal })).resolves.toEqual({
      status: 200,
      json: { keys: [] },
      text: '{"keys":[]}',
      retryAfterSeconds: undefined,
      maxAgeSeconds: 60,
    });
  });

  it('says nothing of a header that cannot be sent, which may hold a secret (OPS-05)', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, json).end('{}');
    });
    const headers = { Authorization: 'Bearer top\nsecret' };
    const error: unknown = await open(url)
      .request({ signal, headers })
      .catch((reason: unknown) => reason);

    expect(error).toMatchObject(refusal('a header that cannot be sent'));
    expect(inspect(error, { depth: 9 })).not.toContain('secret');
  });

  it('posts a form', async () => {
    const url = await serve(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      response.writeHead(200, json).end(JSON.stringify([request.method, body]));
    });
    const body = new URLSearchParams({ token: 'a&b=c' });

    await expect(open(url).request({ signal, body })).resolves.toMatchObject({
      json: ['POST', 'token=a%26b%3Dc'],
    });
  });

  it('reads the body of a status that was asked for, and of no other', async () => {
    const url = await serve((request, response) => {
      const status = Number(request.headers['x-status']);
      response.writeHead(status, json).end('{"errors":[]}');
    });
    const fetch = open(url, { readStatuses: [404] });
    const ask = (status: string) => fetch.request({ signal, headers: { 'X-Status': status } });

    await expect(ask('404')).resolves.toMatchObject({ status: 404, json: { errors: [] } });
    await expect(ask('403')).resolves.toMatchObject({ status: 403, json: undefined });
  });

  it.each([
    ['text/html', '<h1>Not Found</h1>'],
    ['application/json', '{"errors":'],
    ['application/json', '{"error":"invalid_client","error":"invalid_token"}'],
  ])('CASE-61: reads the status of an error whose body is %s %j', async (type, body) => {
    const url = await serve((_request, response) => {
      response.writeHead(404, { 'Content-Type': type }).end(body);
    });

    await expect(open(url, { readStatuses: [404] }).request({ signal })).resolves.toMatchObject({
      status: 404,
      json: undefined,
    });
  });

  it.each([400, 401, 403, 404, 429, 500, 503, 204])(
    'reports status %i without a body',
    async (status) => {
      const url = await serve((_request, response) => {
        response
          .writeHead(status, { ...json, 'Retry-After': '7' })
          .end(status === 204 ? '' : '{"a":1}');
      });

      await expect(open(url).request({ signal })).resolves.toMatchObject({
        status,
        json: undefined,
        retryAfterSeconds: 7,
      });
    },
  );

  it.each([301, 302, 303, 307, 308])('follows no redirect: %i (JWK-03, INT-12)', async (status) => {
    let followed = 0;
    const target = await serve((_request, response) => {
      followed += 1;
      response.writeHead(200, json).end('{}');
    });
    const url = await serve((_request, response) => {
      response.writeHead(status, { Location: target }).end();
    });

    await expect(open(url).request({ signal })).rejects.toMatchObject(refusal('a redirect'));
    expect(followed).toBe(0);
  });

  it.each([
    ['HTML', { 'Content-Type': 'text/html' }, '<html>', 'Content-Type'],
    ['no media type', {}, '{}', 'Content-Type'],
    ['broken JSON', json, '{"a"', 'no JSON'],
    ['an empty body', json, '', 'no JSON'],
    ['invalid UTF-8', json, Buffer.from([0x22, 0xff, 0x22]), 'no JSON'],
  ])('refuses a 200 with %s (JWK-06, INT-11)', async (_name, headers, body, detail) => {
    const url = await serve((_request, response) => {
      response.writeHead(200, headers).end(body);
    });

    await expect(open(url).request({ signal })).rejects.toMatchObject(refusal(detail));
  });

  it.each([
    ['text/plain; charset=utf-8', 'text/plain'],
    ['binary/octet-stream', 'binary/octet-stream'],
    [undefined, ''],
  ])('CASE-35: parses JSON that is labelled %s where that is said', async (type, wrong) => {
    const url = await serve((_request, response) => {
      response.writeHead(200, type === undefined ? {} : { 'Content-Type': type }).end('{"a":1}');
    });

    await expect(
      open(url, { wrongMediaTypes: [wrong] }).request({ signal }),
    ).resolves.toMatchObject({ json: { a: 1 } });
    await expect(
      open(url, { wrongMediaTypes: ['text/json'] }).request({ signal }),
    ).rejects.toMatchObject(refusal('Content-Type'));
  });

  it('hands on text of a type that was asked for, and none of another', async () => {
    const url = await serve((request, response) => {
      const type = request.url === '/jwt' ? 'application/some+jwt' : 'text/plain';
      response.writeHead(200, { 'Content-Type': type }).end('a.b.c');
    });
    const mediaTypes = ['application/some+jwt'];

    await expect(open(`${url}jwt`, { mediaTypes }).request({ signal })).resolves.toMatchObject({
      json: undefined,
      text: 'a.b.c',
    });
    await expect(open(url, { mediaTypes }).request({ signal })).rejects.toMatchObject(
      refusal('Content-Type'),
    );
  });

  it('sends text as it is, with the type that the caller gave', async () => {
    const seen: unknown[] = [];
    const url = await serve((request, response) => {
      request.setEncoding('utf8').on('data', (text) => {
        seen.push(request.method, request.headers['content-type'], text);
        response.writeHead(200, json).end('{}');
      });
    });
    const headers = { 'Content-Type': 'application/json' };
    await open(url).request({ headers, body: '{"a":1}', signal });

    expect(seen).toEqual(['POST', 'application/json', '{"a":1}']);
  });

  it.each(['application/jwk-set+json', 'Application/JSON; charset=utf-8'])(
    'takes %s',
    async (type) => {
      const url = await serve((_request, response) => {
        response.writeHead(200, { 'Content-Type': type }).end('{}');
      });

      await expect(open(url).request({ signal })).resolves.toMatchObject({ json: {} });
    },
  );

  it('counts bytes after decompression, and gives up at the bound (JWK-04)', async () => {
    const bomb = gzipSync(Buffer.alloc(60_000_000, ' '));
    const url = await serve((_request, response) => {
      response.writeHead(200, { ...json, 'Content-Encoding': 'gzip' }).end(bomb);
    });
    const before = process.memoryUsage().rss;

    expect(bomb.length).toBeLessThan(60_000);
    await expect(open(url).request({ signal })).rejects.toMatchObject(refusal('more than 262144'));
    expect(process.memoryUsage().rss - before).toBeLessThan(30_000_000);
  });

  it.each([
    [262_144, true],
    [262_145, false],
  ])('takes a body of %i bytes: %s (JWK-04)', async (bytes, taken) => {
    const url = await serve((_request, response) => {
      response.writeHead(200, json).end(`"${'a'.repeat(bytes - 2)}"`);
    });
    const answer = open(url).request({ signal });

    if (taken) await expect(answer).resolves.toMatchObject({ status: 200 });
    else await expect(answer).rejects.toMatchObject(refusal('more than'));
  });

  it.each([
    ['never answers', () => {}],
    ['never ends', (response: ServerResponse) => response.writeHead(200, json).write('{')],
    [
      'sends a byte now and then',
      (response: ServerResponse) => {
        response.writeHead(200, json);
        const timer = setInterval(() => response.write(' '), 20);
        response.once('close', () => clearInterval(timer));
      },
    ],
  ])('has one deadline for a server that %s (JWK-05, INT-10)', async (_name, behave) => {
    const url = await serve((_request, response) => void behave(response));

    await expect(open(url, { timeoutSeconds: 0.2 }).request({ signal })).rejects.toMatchObject(
      refusal('within 200 ms'),
    );
  });

  it('reports a reset, and the next request gets its own answer (INT-20)', async () => {
    let count = 0;
    const url = await serve((_request, response) => {
      count += 1;
      response.writeHead(200, { ...json, 'Content-Length': 9 });
      if (count === 1) {
        response.write('{"n":');
        setTimeout(() => response.destroy(), 20);
      } else response.end(`{"n":  ${count}}`);
    });
    const fetch = open(url);

    await expect(fetch.request({ signal })).rejects.toMatchObject(refusal(/./));
    await expect(fetch.request({ signal })).resolves.toMatchObject({ json: { n: 2 } });
  });

  it('gives up when nobody waits any more', async () => {
    const url = await serve(() => {});
    const abort = new AbortController();
    const answer = open(url).request({ signal: abort.signal });
    abort.abort();

    await expect(answer).rejects.toMatchObject({ code: 'upstream_unavailable' });
  });

  it('sends nothing after it was closed, whether or not it sent something before', async () => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked += 1;
      response.writeHead(200, json).end('{}');
    });
    const [used, unused, closing] = [open(url), open(url), open(url)];
    await used.request({ signal });
    const late = expect(closing.request({ signal })).rejects.toMatchObject(refusal(/./));
    await Promise.all([used.close(), unused.close(), closing.close()]);
    await late;

    await expect(used.request({ signal })).rejects.toMatchObject(refusal(/./));
    await expect(unused.request({ signal })).rejects.toMatchObject(refusal(/./));
    expect(asked).toBe(1);
  });

  it('says which system error there was', async () => {
    // A port that nothing listens on: one that was free a moment ago.
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));

    await expect(open(`http://127.0.0.1:${port}/`).request({ signal })).rejects.toMatchObject(
      refusal('ECONNREFUSED'),
    );
  });

  it('connects to nothing that a name turns out to be (JWK-02)', async () => {
    let connections = 0;
    const url = new URL(
      await serve((_request, response) => {
        connections += 1;
        response.writeHead(200, json).end('{}');
      }),
    );
    const answers = [['8.8.8.8', '127.0.0.1'], ['169.254.169.254'], ['10.0.0.1'], []];
    const resolve: Resolver = (_name, _options, callback) => {
      const addresses = (answers.shift() ?? []).map((address) => ({ address, family: 4 }));
      callback(null, addresses);
    };
    const production = detectEnvironment({});
    const target = `https://auth.example.com:${url.port}/`;
    const fetch = open(target, { environment: production, resolve });

    for (const detail of ['of this machine', 'special-purpose', 'private', 'no address']) {
      await expect(fetch.request({ signal })).rejects.toMatchObject(refusal(detail));
    }
    expect(connections).toBe(0);
  });

  it('takes no proxy from the environment (INT-21)', async () => {
    let proxied = 0;
    const proxy = await serve((_request, response) => {
      proxied += 1;
      response.end();
    });
    const url = await serve((_request, response) => void response.writeHead(200, json).end('{}'));
    const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy', 'ALL_PROXY'];
    for (const name of names) process.env[name] = proxy;
    onTestFinished(() => {
      for (const name of names) delete process.env[name];
    });

    await expect(open(url).request({ signal })).resolves.toMatchObject({ status: 200 });
    expect(proxied).toBe(0);
  });

  it.each<[string, Partial<GuardedFetchOptions>]>([
    ['url', { url: 'http://auth.example.com' }],
    ['url.timeoutSeconds', { timeoutSeconds: Number.NaN }],
    ['url.timeoutSeconds', { timeoutSeconds: 60.001 }],
    ['url.timeoutSeconds', { timeoutSeconds: 0.0009 }],
    ['url.maximumBytes', { maximumBytes: 0 }],
  ])('refuses to start with a bad %s', (option, bad) => {
    const create = () =>
      createGuardedFetch({
        url: 'https://auth.example.com',
        environment,
        timeoutSeconds: 1,
        ...bad,
      });

    expect(create).toThrow(expect.objectContaining({ name: 'ConfigError', option }));
  });
});
