/** What of a client's request reaches the upstream (MCP-19). */
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alice, ping, startProxy, type TestProxy } from '../fixture.ts';
import { type RecordingUpstream, startRecordingUpstream } from '../recording-upstream.ts';

let upstream: RecordingUpstream;
let proxy: TestProxy;

beforeAll(async () => {
  upstream = await startRecordingUpstream();
  proxy = await startProxy({ url: `${upstream.url}?tenant=a` });
});
afterAll(async () => {
  await proxy.stop();
  await upstream.stop();
});

const body = JSON.stringify(ping);

/** Sends bytes that no HTTP client would send. Resolves with the whole answer. */
async function sendRaw(lines: readonly string[], payload = body): Promise<string> {
  const socket = createConnection(Number(proxy.url.port), '127.0.0.1');
  const head = [
    'POST /mcp HTTP/1.1',
    'Host: mcp.example.com',
    `Authorization: Bearer ${alice}`,
    'Accept: application/json, text/event-stream',
    'Content-Type: application/json',
    ...lines,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${payload}`);
  let answer = '';
  socket.on('data', (bytes) => {
    answer += bytes.toString('latin1');
  });
  await once(socket, 'close');
  return answer;
}

const send = (...lines: string[]) =>
  sendRaw([`Content-Length: ${body.length}`, ...lines, 'Connection: close']);

/** Everything that some framework, cloud or proxy takes for an identity, or for the address of the client. */
const identityFields = [
  ...['Cookie', 'Proxy-Authorization', 'DPoP', 'X-API-Key', 'Api-Key', 'X-Auth-Token'],
  ...['X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'X-Forwarded-User'],
  ...['X-Forwarded-Email', 'X-Forwarded-Groups', 'X-Forwarded-Preferred-Username', 'Forwarded'],
  ...['X-Real-IP', 'True-Client-IP', 'CF-Connecting-IP', 'Fastly-Client-IP', 'X-Client-IP', 'Via'],
  ...[
    'X-Goog-Authenticated-User-Email',
    'X-Goog-Authenticated-User-Id',
    'X-Goog-IAP-JWT-Assertion',
  ],
  ...['X-Amzn-Oidc-Identity', 'X-Amzn-Oidc-Data', 'X-Amz-Security-Token', 'X-Amz-Date'],
  ...['Cf-Access-Jwt-Assertion', 'Cf-Access-Authenticated-User-Email', 'X-MS-Client-Principal'],
  ...[
    'X-MS-Client-Principal-Name',
    'X-MS-Token-AAD-Id-Token',
    'X-Auth-Request-User',
    'X-Auth-User',
  ],
  ...['Remote-User', 'Remote_User', 'REMOTE-USER', 'X-Remote-User', 'X-Webauth-User', 'X-User-Id'],
  ...['X-Pomerium-Jwt-Assertion', 'X-Authentik-Username', 'Tailscale-User-Login', 'X-Consumer-Id'],
  ...['X-Client-Cert', 'X-SSL-Client-S-DN', 'X-Forwarded-Client-Cert', 'SSL_CLIENT_CERT'],
  ...['X-HTTP-Method-Override', 'X-Original-URL', 'X-Rewrite-URL', 'X-Forwarded-Prefix'],
  ...['Baggage', 'X-Request-Id', 'Origin', 'Referer', 'Mcp-User', 'Mcp-Authorization'],
  ...['Proxy-Connection', 'Keep-Alive', 'TE', 'Trailer', 'HTTP2-Settings', 'Sec-WebSocket-Key'],
];

describe('a field of the client', () => {
  it.each(identityFields.filter((name) => name !== 'Origin'))(
    'MCP-19: %s does not reach the upstream',
    async (name) => {
      upstream.seen.length = 0;
      const answer = await send(`${name}: admin-marker`);

      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
      expect(upstream.seen[0]?.rawHeaders.join('\n')).not.toContain('admin-marker');
    },
  );

  it('MCP-19: nothing but the listed fields reaches the upstream, and each of those once', async () => {
    upstream.seen.length = 0;
    await send(
      ...identityFields.filter((name) => name !== 'Origin').map((name) => `${name}: a`),
      'Mcp-Protocol-Version: 2025-11-25',
      'Accept-Language: fr',
      'Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'Mcp-Param-Region: eu',
      'User-Agent: curl',
    );
    const names = upstream.seen[0]?.rawHeaders.filter((_value, index) => index % 2 === 0) ?? [];

    expect(names.map((name) => name.toLowerCase()).toSorted()).toEqual([
      'accept',
      'accept-encoding',
      'accept-language',
      'authorization',
      'connection',
      'content-length',
      'content-type',
      'host',
      'mcp-param-region',
      'mcp-protocol-version',
      'traceparent',
    ]);
  });

  it('MCP-19: Host, path and query are those of the configuration', async () => {
    upstream.seen.length = 0;
    await send('X-A: b');
    const { headers, url } = upstream.seen[0] ?? {};

    expect(headers?.host).toBe(new URL(upstream.url).host);
    expect(url).toBe('/mcp?tenant=a');
  });

  it('MCP-19: a field that Connection names does not pass for that', async () => {
    upstream.seen.length = 0;
    const answer = await sendRaw([
      `Content-Length: ${body.length}`,
      'Connection: close, Authorization, Mcp-Protocol-Version',
    ]);

    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(upstream.seen[0]?.headers.authorization).toMatch(/^Bearer ey/);
  });
});

describe('the framing', () => {
  it('MCP-19: a chunked body with extensions and trailers arrives with a length and without trailers', async () => {
    upstream.seen.length = 0;
    const chunked = `${body.length.toString(16)};a=b\r\n${body}\r\n0\r\nX-Trailer: admin-marker\r\n\r\n`;
    await sendRaw(
      ['Transfer-Encoding: chunked', 'Trailer: X-Trailer', 'Connection: close'],
      chunked,
    );
    const { headers, body: received } = upstream.seen[0] ?? {};

    expect(headers).toMatchObject({ 'content-length': String(body.length) });
    expect(headers).not.toHaveProperty('transfer-encoding');
    expect(JSON.parse(received ?? '')).toEqual(ping);
  });

  it.each([
    ['two lengths', ['Content-Length: 40', `Content-Length: ${body.length}`]],
    ['a length and chunks', [`Content-Length: ${body.length}`, 'Transfer-Encoding: chunked']],
    ['an unknown encoding', ['Transfer-Encoding: chunked, x']],
    ['a space before the colon', [`Content-Length : ${body.length}`]],
    ['a folded field', [`Content-Length: ${body.length}`, 'X-A: b', ' Authorization: c']],
  ])('MCP-19: a request with %s never reaches the upstream as two', async (_name, lines) => {
    upstream.seen.length = 0;
    const smuggled = `POST /admin HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`;
    await sendRaw([...lines, 'Connection: close'], body + smuggled);

    expect(upstream.seen.length).toBeLessThanOrEqual(1);
    expect(upstream.seen.map(({ url }) => url)).not.toContain('/admin');
  });

  it('MCP-19: an Upgrade is not passed on, and the request is answered as if it asked for none', async () => {
    upstream.seen.length = 0;
    // Clients in Java offer HTTP/2 with every request.
    const answer = await sendRaw([
      `Content-Length: ${body.length}`,
      'Connection: close, Upgrade, HTTP2-Settings',
      'Upgrade: h2c',
      'HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
    ]);

    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(upstream.seen[0]?.headers).not.toHaveProperty('upgrade');
  });

  it('MCP-19: CONNECT opens no tunnel', async () => {
    upstream.seen.length = 0;
    const socket = createConnection(Number(proxy.url.port), '127.0.0.1');
    socket.on('error', () => {}).on('data', () => {});
    socket.write('CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n');
    await once(socket, 'close');

    expect(upstream.seen).toEqual([]);
  });
});

describe('an answer of the upstream', () => {
  it('MCP-19: loses cookies, challenges, CORS and hop-by-hop fields on its way', async () => {
    const received = upstream.answer;
    upstream.answer = (response) => {
      response.writeHead(200, {
        'Content-Type': 'application/json',
        'Set-Cookie': 'a=marker',
        'WWW-Authenticate': 'Bearer realm="marker"',
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Credentials': 'true',
        'Proxy-Authenticate': 'Basic realm="marker"',
        'Strict-Transport-Security': 'max-age=1',
        'Alt-Svc': 'h3=":1"',
        Server: 'marker',
        'Cache-Control': 'private',
        Trailer: 'X-Marker',
      });
      response.write('{"jsonrpc":"2.0","id":1,"result":{}}');
      response.addTrailers({ 'X-Marker': 'marker' });
      response.end();
    };
    const answer = await send('X-A: b');
    upstream.answer = received;
    const [head = ''] = answer.split('\r\n\r\n');

    expect(answer).not.toContain('marker');
    expect(
      head
        .split('\r\n')
        .slice(1)
        .map((line) => line.split(':')[0]?.toLowerCase())
        .toSorted(),
    ).toEqual(['cache-control', 'connection', 'content-length', 'content-type', 'date']);
  });
});
