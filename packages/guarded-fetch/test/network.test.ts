/** CASE-38 and CASE-44: what real networks and endpoints ask for, and what each refusal says. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { detectEnvironment } from '@sallyport/core';
import { elsewhere, trusted } from '@sallyport/test-parts/certificates';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createGuardedFetch, type GuardedFetchOptions, type Resolver } from '../src/index.ts';
import { json, serve } from './hostile-server.ts';

const development = detectEnvironment({ ENVIRONMENT: 'development' });
const production = detectEnvironment({});

function ask(url: string, options: Partial<GuardedFetchOptions> = {}) {
  const fetch = createGuardedFetch({
    url,
    environment: development,
    timeoutSeconds: 5,
    ...options,
  });
  onTestFinished(() => fetch.close());
  return fetch.request({ signal: new AbortController().signal });
}

async function refusalOf(answer: Promise<unknown>): Promise<string> {
  const error = await answer.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'AuthError', code: 'upstream_unavailable' });
  return String((error as { detail: unknown }).detail);
}

async function serveTls(certificate: { readonly cert: string; readonly key: string }) {
  const server = createTlsServer(certificate, (_request, response) => {
    response.writeHead(200, json).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://localhost:${(server.address() as AddressInfo).port}/`;
}

const resolveTo =
  (...addresses: readonly string[]): Resolver =>
  (_name, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

const failToResolve =
  (code: string): Resolver =>
  (_name, _options, callback) =>
    callback(Object.assign(new Error(code), { code }), []);

describe('CASE-38: what is asked for', () => {
  async function headersOf(options: Partial<GuardedFetchOptions>): Promise<IncomingHttpHeaders> {
    let seen: IncomingHttpHeaders = {};
    const url = await serve((request, response) => {
      seen = request.headers;
      response.writeHead(200, json).end('{}');
    });
    await ask(url, options);
    return seen;
  }

  it('names every media type that is accepted', async () => {
    const mediaTypes = ['application/jwk-set+json', 'application/json'];

    expect((await headersOf({ mediaTypes })).accept).toBe(mediaTypes.join(', '));
    expect((await headersOf({})).accept).toBe('application/json');
  });

  it('names who asks, which some firewalls insist on', async () => {
    expect((await headersOf({}))['user-agent']).toBe('sallyport');
  });

  it('gets an answer from a server that serves one media type only', async () => {
    const url = await serve((request, response) => {
      const isWanted = request.headers.accept?.includes('application/jwk-set+json') === true;
      response.writeHead(isWanted ? 200 : 406, { 'Content-Type': 'application/jwk-set+json' });
      response.end('{"keys":[]}');
    });

    await expect(
      ask(url, { mediaTypes: ['application/json', 'application/jwk-set+json'] }),
    ).resolves.toMatchObject({ status: 200 });
  });
});

describe('CASE-38: several addresses', () => {
  it('tries the next address when the first refuses', async () => {
    const url = new URL(
      await serve((_request, response) => void response.writeHead(200, json).end('{}')),
    );
    const target = `http://localhost:${url.port}/`;

    await expect(
      ask(target, { resolve: resolveTo('::1', '127.0.0.2', '127.0.0.1') }),
    ).resolves.toMatchObject({ status: 200 });
  });

  it('names the refused address among others', async () => {
    const answer = ask('https://auth.example.com/', {
      environment: production,
      resolve: resolveTo('8.8.8.8', '10.0.0.1'),
    });

    expect(await refusalOf(answer)).toBe('the name leads to a private address, among 2 addresses');
  });

  it('says so when no address answers', async () => {
    const server = createTcpServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const answer = ask(`http://localhost:${port}/`, {
      resolve: resolveTo('127.0.0.1', '127.0.0.2'),
    });

    expect(await refusalOf(answer)).toBe('ECONNREFUSED');
  });
});

describe('CASE-38: a refusal names its cause', () => {
  it.each([
    ['a name that does not exist', failToResolve('ENOTFOUND'), 'DNS: the host name does not exist'],
    ['a resolver that is away', failToResolve('EAI_AGAIN'), 'DNS: the resolver does not answer'],
    ['a name without addresses', resolveTo(), 'the name has no address'],
    ['a metadata service', resolveTo('169.254.169.254'), 'a metadata service of a cloud'],
    ['a private network', resolveTo('10.1.2.3'), 'a private address'],
    ['this machine', resolveTo('::1'), 'an address of this machine'],
    ['a translator', resolveTo('64:ff9b::10.0.0.1'), 'behind a translator (NAT64)'],
    ['a transparent proxy', resolveTo('198.18.0.3'), 'which transparent proxies give out'],
  ])('%s', async (_case, resolve, detail) => {
    const answer = ask('https://auth.example.com/', { environment: production, resolve });

    expect(await refusalOf(answer)).toContain(detail);
  });

  it.each([
    ['an unknown authority', trusted, 'NODE_EXTRA_CA_CERTS adds one (DEPTH_ZERO_SELF_SIGNED_CERT)'],
    ['another name', elsewhere, 'TLS: '],
  ])('a certificate of %s', async (_case, certificate, detail) => {
    expect(await refusalOf(ask(await serveTls(certificate)))).toContain(detail);
  });

  it('a server that speaks no TLS', async () => {
    const { port } = new URL(await serve((_request, response) => void response.end()));

    expect(await refusalOf(ask(`https://localhost:${port}/`))).toMatch(
      /^TLS: the handshake failed/,
    );
  });

  it('a connection that is reset', async () => {
    const url = await serve((request) => void request.socket.resetAndDestroy());

    expect(await refusalOf(ask(url))).toMatch(/^the connection ended before the answer \(E/);
  });

  it('a port that HTTP clients refuse', async () => {
    expect(await refusalOf(ask('http://localhost:10080/'))).toBe('HTTP clients refuse this port');
  });

  it.each([
    ['text/html; charset=utf-8', ': text/html'],
    ['application/octet-stream', ': application/octet-stream'],
    ['secret/eyJhbGciOi', 'Content-Type'],
  ])('the media type %s', async (type, detail) => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Type': type }).end('{}');
    });
    const refusal = await refusalOf(ask(url));

    expect(refusal).toMatch(new RegExp(`${detail.replaceAll('/', '\\/')}$`));
    expect(refusal).not.toContain('eyJ');
  });

  it('an answer that is no HTTP', async () => {
    const server = createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n')).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;

    expect(await refusalOf(ask(`http://localhost:${port}/`))).toMatch(
      /^the answer is not valid HTTP/,
    );
  });

  it('a caller that stopped waiting', async () => {
    const url = await serve(() => {});
    const fetch = createGuardedFetch({ url, environment: development, timeoutSeconds: 5 });
    onTestFinished(() => fetch.close());

    expect(await refusalOf(fetch.request({ signal: AbortSignal.abort() }))).toBe(
      'the caller stopped waiting',
    );
  });
});

describe('CASE-44: an egress proxy', () => {
  /** A proxy for tunnels, as egress proxies are. It resolves every name to this machine. */
  async function startProxy(status = 200) {
    const asked: string[] = [];
    const proxy = createServer((_request, response) => void response.writeHead(405).end());
    proxy.on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      socket.on('error', () => {});
      if (status !== 200) {
        socket.end(`HTTP/1.1 ${status} Forbidden\r\n\r\n`);
        return;
      }
      const upstream = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on('error', () => socket.destroy());
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    onTestFinished(() => {
      proxy.closeAllConnections();
      proxy.close();
    });
    return { asked, proxyUrl: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
  }

  it('gets the name and the whole TLS connection, and never the request', async () => {
    const { asked, proxyUrl } = await startProxy();
    const { port } = new URL(await serveTls(trusted));
    const url = `https://auth.example.com:${port}/`;

    // Through the tunnel the certificate is checked all the same.
    const refusal = await refusalOf(ask(url, { environment: production, proxyUrl }));
    expect(refusal).toContain('TLS: ');
    expect(asked).toEqual([`auth.example.com:${port}`]);
  });

  it('that refuses is named', async () => {
    const { proxyUrl } = await startProxy(403);
    const answer = ask('https://auth.example.com/', { environment: production, proxyUrl });

    expect(await refusalOf(answer)).toBe('the proxy refused the connection');
  });

  it.each([
    'https://169.254.169.254/',
    'https://[fd20:ce::254]/',
    'https://metadata.google.internal/',
    'https://10.0.0.1/',
    'https://127.0.0.1/',
  ])('is not asked for %s', async (url) => {
    const { asked, proxyUrl } = await startProxy();

    expect(() => ask(url, { environment: production, proxyUrl })).toThrow(
      expect.objectContaining({ name: 'ConfigError', option: 'url' }),
    );
    expect(asked).toEqual([]);
  });

  it.each([
    '',
    'proxy.internal:3128',
    'socks5://proxy.internal',
    'http://user:hunter2@proxy.internal',
    'http://proxy.internal/path',
    'http://proxy.internal?hunter2',
    'http://proxy.internal#hunter2',
    'http://169.254.169.254',
    'http://metadata.google.internal',
    'http://proxy internal',
    7,
    null,
  ])('has a usable URL: %j', (proxyUrl) => {
    const create = () => ask('https://auth.example.com/', { proxyUrl: proxyUrl as string });

    expect(create).toThrow(
      expect.objectContaining({ name: 'ConfigError', option: 'url.proxyUrl' }),
    );
    expect(create).not.toThrow(/hunter2/);
  });
});

it('CASE-44: NODE_EXTRA_CA_CERTS adds the authority of a private network', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guarded-fetch-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'authority.pem');
  writeFileSync(file, trusted.cert);
  const url = await serveTls(trusted);
  const program = `
    import { createGuardedFetch } from ${JSON.stringify(fileURLToPath(new URL('../src/index.ts', import.meta.url)))};
    import { detectEnvironment } from '@sallyport/core';
    const environment = detectEnvironment({ ENVIRONMENT: 'development' });
    const fetch = createGuardedFetch({ url: ${JSON.stringify(url)}, environment, timeoutSeconds: 30 });
    const { status } = await fetch.request({ signal: AbortSignal.timeout(30_000) });
    process.stdout.write(String(status));
    await fetch.close();
  `;
  const run = (env: Record<string, string>) =>
    promisify(execFile)(execPath, ['--input-type=module', '--eval', program], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: { PATH: process.env['PATH'] ?? '', ...env },
    });

  await expect(run({ NODE_EXTRA_CA_CERTS: file })).resolves.toMatchObject({ stdout: '200' });
  await expect(run({})).rejects.toThrow();
});
