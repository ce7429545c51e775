/** Clients that send one byte at a time, at the real server with short times. */

import { connectRaw } from '@sallyport/test-parts/raw-client';
import { expect, it, onTestFinished } from 'vitest';
import { startServer } from '../src/server.ts';

async function setUp() {
  const log: string[] = [];
  const server = await startServer(
    {
      variables: { ENVIRONMENT: 'development', PORT: '0', FASTMCP_SERVER_AUTH_TYPE: 'static' },
      clientTimes: { headersMs: 300, requestMs: 600, checkMs: 50 },
    },
    (line) => void log.push(line),
  );
  onTestFinished(() => server.stop());
  return { log, client: await connectRaw(server.port) };
}

/** Sends a byte every 20 ms until the connection closes, so that it is never idle. */
async function drip(client: Awaited<ReturnType<typeof connectRaw>>): Promise<string> {
  const timer = setInterval(() => client.write('a'), 20);
  const answer = await client.closed;
  clearInterval(timer);
  return answer;
}

it('CASE-10: answers a client that drips its header fields with 408', async () => {
  const { client } = await setUp();
  client.write('POST /mcp HTTP/1.1\r\nHost: localhost\r\nX-Drip: ');

  expect(await drip(client)).toMatch(/^HTTP\/1\.1 408 /);
});

it('CASE-10: cuts a client that sends nothing at all', async () => {
  const { client } = await setUp();

  expect(await client.closed).toMatch(/^(HTTP\/1\.1 408 |$)/);
});

it('CASE-10: answers a client that drips its body with 408, and logs no outage', async () => {
  const { client, log } = await setUp();
  client.write(
    'POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer dev-token-12345\r\n' +
      'Content-Length: 100000\r\n\r\n{"',
  );

  expect(await drip(client)).toMatch(/^HTTP\/1\.1 408 /);
  expect(log.join('')).not.toContain('"ERROR"');
});

it('CASE-10: a second request on the connection has the same limit', async () => {
  const { client } = await setUp();
  client.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await client.until('"ok"');
  client.write('GET /health HTTP/1.1\r\nHost: localhost\r\nX-Drip: ');

  expect(await drip(client)).toContain('HTTP/1.1 408 ');
});
