/** Strangers and callers who reset their connection, at every time that a request has, at the real server. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectRaw } from '@sallyport/test-parts/raw-client';
import { SignJWT } from 'jose';
import { expect, it, onTestFinished } from 'vitest';
import { callTool, startReference } from './reference-server.ts';

const prefix = 'FASTMCP_SERVER_AUTH_';

/** A key server that answers when the test says so. */
async function startSlowKeys() {
  const held: (() => void)[] = [];
  const server = createServer((_request, response) => {
    held.push(() => void response.writeHead(500).end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, held, origin: `http://localhost:${port}` };
}

const readEvents = (log: readonly string[]) => log.map((line) => JSON.parse(line));

async function untilEvent(log: readonly string[], event: string, times = 1): Promise<void> {
  while (readEvents(log).filter((line) => line.event === event).length < times) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

it('CASE-71: a stranger who leaves while the keys are fetched is no error', async () => {
  const { origin } = await startSlowKeys();
  const { server, log } = await startReference({
    [`${prefix}TYPE`]: 'jwt',
    [`${prefix}JWT_ISSUER`]: origin,
    [`${prefix}JWT_AUDIENCE`]: 'https://notes.example.com/mcp',
    [`${prefix}JWT_JWKS_URI`]: `${origin}/jwks`,
    [`${prefix}JWT_ALGORITHM`]: 'HS256'.replace('HS', 'RS'),
  });
  onTestFinished(() => server.stop());
  // Its signature is never looked at: no key of this name is known.
  const made = await new SignJWT({ sub: 'a' })
    .setProtectedHeader({ alg: 'HS256', kid: 'unknown', typ: 'at+jwt' })
    .setIssuer(origin)
    .sign(new TextEncoder().encode('a-key-that-is-long-enough-for-hs256'));
  const [, payload, signature] = made.split('.');
  const header = Buffer.from('{"alg":"RS256","kid":"unknown","typ":"at+jwt"}').toString(
    'base64url',
  );
  for (let count = 0; count < 5; count += 1) {
    const client = await connectRaw(server.port);
    client.write(
      `GET /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${header}.${payload}.${signature}\r\n\r\n`,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    client.socket.resetAndDestroy();
  }
  await untilEvent(log, 'abandoned');
  const events = readEvents(log);

  expect(events.filter(({ status }) => status === 503)).toEqual([]);
  expect(events.filter(({ event }) => event === 'refused')).toEqual([]);
  expect(events.filter(({ event }) => event === 'abandoned')[0]).toMatchObject({
    severity: 'INFO',
  });
});

const head =
  'POST /tools/call HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer dev-token-12345\r\n' +
  'Content-Length: 45\r\n\r\n';

it.each([
  ['before its body', head],
  ['in the middle of its body', `${head}{"name":"hello",`],
  ['before its answer', `${head}{"name":"hello","arguments":{"name":"World"}}`],
])('CASE-71: a caller who leaves %s is no error', async (_when, text) => {
  const { server, log } = await startReference({ [`${prefix}TYPE`]: 'static' });
  onTestFinished(() => server.stop());
  for (let count = 0; count < 5; count += 1) {
    const client = await connectRaw(server.port);
    client.write(text);
    await untilEvent(log, 'authenticated', count + 1);
    client.socket.resetAndDestroy();
  }
  expect((await callTool(server, 'dev-token-12345', 'whoami')).status).toBe(200);

  expect(readEvents(log).filter(({ severity }) => severity !== 'INFO')).toEqual([]);
});
