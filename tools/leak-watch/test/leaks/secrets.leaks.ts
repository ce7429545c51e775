/** Each test uses a token or secret in one way, and puts it out. All of them fail, but the last. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request as sendRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { contractNowSeconds, describeTokenVerifier } from '@sallyport/contract-tests';
import { AuthError, detectEnvironment, extractCredentials, Secret } from '@sallyport/core';
import { createEnvSecrets } from '@sallyport/secrets-env';
import { mintToken, startAuthorizationServer } from '@sallyport/testing';
import { createStaticVerifier } from '@sallyport/verifier-static';
import { CompactSign, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { secretOf } from './secret-of.ts';

const key = new TextEncoder().encode('a key for HS256 with at least 32 bytes in it');
const print = (text: string) => process.stdout.write(`${text}\n`);
// The signature alone: all else looks much alike in each.
const printEnd = (token: string) => print(token.slice(token.lastIndexOf('.') + 1));
const loopback = 'http://127.0.0.1';

function makeToken(): string {
  return secretOf(expect.getState().currentTestName ?? '');
}

async function withServer(use: (port: number) => Promise<unknown>): Promise<void> {
  const server = createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await use((server.address() as AddressInfo).port);
  server.closeAllConnections();
  server.close();
}

function createVerifier(token: string) {
  return createStaticVerifier({
    tokens: { [token]: { clientId: 'client-1', scopes: [] } },
    audience: `${loopback}/mcp`,
    environment: detectEnvironment({ ENVIRONMENT: 'development' }),
    listenHost: '127.0.0.1',
  });
}

it('in a Secret', () => {
  const token = makeToken();
  new Secret(token);
  print(token);
});

it('in the environment', async () => {
  const token = makeToken();
  const provider = createEnvSecrets({
    variables: { FASTMCP_SERVER_AUTH_JWT_PUBLIC_KEY: token },
    environment: detectEnvironment({}),
  });
  await provider.get('FASTMCP_SERVER_AUTH_JWT_PUBLIC_KEY', {
    signal: new AbortController().signal,
  });
  print(token);
});

it('in a header field that fetch sends', async () => {
  const token = makeToken();
  let port = 0;
  await withServer(async (used) => {
    port = used;
  });
  // Nothing listens there any more, so no other program sees it.
  const headers = { Authorization: `Bearer ${token}` };
  await fetch(`${loopback}:${port}/`, { headers }).catch(() => {});
  print(token);
});

it('in a header field that node:http is sent', async () => {
  const token = makeToken();
  await withServer(async (port) => {
    const socket = connect(port, '127.0.0.1');
    socket.end(`GET / HTTP/1.0\r\nAuthorization: Bearer ${token}\r\n\r\n`).resume();
    await once(socket, 'close');
  });
  print(token);
});

it('in a header field that node:http sends', async () => {
  const token = makeToken();
  await withServer(async (port) => {
    const headers = { Authorization: `Basic ${Buffer.from(`me:${token}`).toString('base64')}` };
    const request = sendRequest({ port, host: '127.0.0.1', headers }).end();
    const [response] = await once(request, 'response');
    response.resume();
  });
  print(token);
});

it('in credentials', () => {
  const token = makeToken();
  extractCredentials({ authorization: [`Bearer ${token}`], tokenInQuery: false }, ['Bearer']);
  print(token);
});

it('in a verification', async () => {
  const token = makeToken();
  const context = { nowSeconds: 0, signal: new AbortController().signal, allowRemote: true };
  await createVerifier('another-token-of-nobody')
    .verify(token, context)
    .catch((error: AuthError) => error);
  print(token);
});

it('in a table of tokens', () => {
  const token = makeToken();
  createVerifier(token);
  print(token);
});

it('signed by SignJWT', async () => {
  printEnd(await new SignJWT().setProtectedHeader({ alg: 'HS256' }).sign(key));
});

it('signed by CompactSign', async () => {
  printEnd(await new CompactSign(key).setProtectedHeader({ alg: 'HS256' }).sign(key));
});

it('minted', async () => {
  printEnd(await mintToken({ key, claims: { sub: 'me' }, header: { alg: 'HS256' } }));
});

it('issued', async () => {
  const server = await startAuthorizationServer({
    resources: [{ resource: `${loopback}/mcp`, scopes: ['read'], accessTokenFormat: 'opaque' }],
  });
  printEnd(await server.issueToken({ subject: 'me', scopes: ['read'] }));
  await server.stop();
});

it('in the environment of a program', async () => {
  const token = makeToken();
  const child = spawn(process.execPath, ['-e', ''], { env: { SOME_SECRET: token } });
  await once(child, 'close');
  print(token);
});

describe('in a contract', () => {
  const token = async () => secretOf('in a contract');
  describeTokenVerifier({
    create: () => ({
      name: 'leaking',
      verify: async (given) => {
        throw new AuthError('token_inactive', { detail: given });
      },
    }),
    upstream: 'none',
    tokens: {
      valid: token,
      expired: token,
      tampered: token,
      garbage: token,
      notYetValid: token,
      otherIssuer: token,
      otherAudience: token,
      withoutAudience: token,
      senderConstrained: token,
    },
    validUntilSeconds: contractNowSeconds + 300,
  });
});

it('nothing', async () => {
  const provider = createEnvSecrets({
    variables: {
      FASTMCP_SERVER_AUTH_JWT_ISSUER: 'https://id.acme.example/tenants/1',
      FASTMCP_SERVER_AUTH_JWT_AUDIENCE: 'gcp-sm://notes-audience',
    },
    environment: detectEnvironment({}),
  });
  for (const name of ['JWT_ISSUER', 'JWT_AUDIENCE']) {
    const { signal } = new AbortController();
    const lookup = await provider.get(`FASTMCP_SERVER_AUTH_${name}`, { signal });
    print(lookup.found ? lookup.secret.reveal() : '');
  }
});
