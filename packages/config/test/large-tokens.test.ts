/** CASE-34: tokens with many group claims, from the socket to the handler. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AuditEvent } from '@sallyport/core';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { expect, it, onTestFinished } from 'vitest';
import { createGateFromConfig } from '../src/index.ts';
import { mintWithSecret, sharedSecret } from './mint-with-secret.ts';
import { type Changes, load, problemsOf } from './set-up.ts';

/** A user in as many groups as make a token of about this size. */
function mint(bytes: number): Promise<string> {
  const groups = Array.from({ length: Math.ceil(bytes / 52) }, () => crypto.randomUUID());
  return mintWithSecret({ client_id: 'client-1', scope: 'read:data', groups });
}

async function serve(changes: Changes) {
  const config = await load({ ENVIRONMENT: 'development', ...sharedSecret, ...changes });
  const audited: AuditEvent[] = [];
  const { gate, close } = await createGateFromConfig(config, {
    tools: {},
    audit: { emit: (event) => void audited.push(event) },
    exposeToken: true,
  });
  onTestFinished(close);
  const handle = nodeGate(
    gate,
    ({ auth }, response) => void response.end(`${auth?.token?.length}`),
  );
  const server = createServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  async function call(token: string) {
    const response = await fetch(`http://127.0.0.1:${port}/mcp`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
    });
    return { status: response.status, body: await response.text() };
  }
  return { call, audited };
}

it('CASE-34: a token of 9 KB reaches the handler when the variable allows it', async () => {
  const { call } = await serve({ MAX_TOKEN_BYTES: '12000' });
  const token = await mint(9_000);

  expect(await call(token)).toEqual({ status: 200, body: `${token.length}` });
});

it('CASE-34: a longer token is refused with its size in the log, and one beyond Node’s limit with 431', async () => {
  const { call, audited } = await serve({});
  const token = await mint(9_000);

  expect((await call(token)).status).toBe(401);
  expect(audited).toMatchObject([
    {
      code: 'token_malformed',
      detail: `the token has ${token.length} bytes; the limit is 8192 bytes (maximumTokenBytes)`,
    },
  ]);
  expect((await call(await mint(20_000))).status).toBe(431);
  expect(audited).toHaveLength(1);
});

it('CASE-34: warns of a limit that Node’s own does not allow', async () => {
  const warningsOf = async (bytes: string) => (await load({ MAX_TOKEN_BYTES: bytes })).warnings;

  expect(await warningsOf('14000')).toEqual([]);
  expect(await warningsOf('16000')).toEqual([
    expect.stringMatching(
      /MAX_TOKEN_BYTES: is more than Node accepts.* 16384 bytes.*--max-http-header-size=20096$/,
    ),
  ]);
  expect(await problemsOf({ MAX_TOKEN_BYTES: '65537' })).toHaveLength(1);
});
