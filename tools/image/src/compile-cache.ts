/**
 * Makes V8's compile cache of the reference app's bundle, so that a start need not compile it:
 * `node compile-cache.ts /app /tmp/compile-cache`. Runs while an image is built.
 *
 * Node.js takes the cache only from the same version of Node.js, the same user, the same path of the bundle and a
 * processor with the same features. Otherwise it compiles the bundle as usual.
 */
import { spawn } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const issuer = 'https://id.acme-corp.dev';
const resource = 'https://notes.acme-corp.dev/mcp';
const longestStartMs = 60_000;

const [bundle = '', cache = ''] = process.argv.slice(2);
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });

await serveOnce(await findFreePort());
await loadEachPart();
makeReadable(cache);

/** Node.js puts each file that it loads into the cache. A request loads files that a start does not. */
async function serveOnce(port: number): Promise<void> {
  const server = startNode([join(bundle, 'main.js')], {
    ENVIRONMENT: 'production',
    PORT: `${port}`,
    FASTMCP_SERVER_AUTH_TYPE: 'jwt',
    FASTMCP_SERVER_AUTH_SECRET_BACKEND: 'env',
    FASTMCP_SERVER_AUTH_RESOURCE_URL: resource,
    FASTMCP_SERVER_AUTH_TRUSTED_PROXY_HOPS: '0',
    FASTMCP_SERVER_AUTH_JWT_ISSUER: issuer,
    FASTMCP_SERVER_AUTH_JWT_AUDIENCE: resource,
    FASTMCP_SERVER_AUTH_JWT_ALGORITHM: 'RS256',
    FASTMCP_SERVER_AUTH_JWT_PUBLIC_KEY: publicKey.export({ type: 'spki', format: 'pem' }) as string,
  });
  try {
    await callTool(port, server.hasEnded);
  } finally {
    server.stop();
  }
  await server.end();
}

async function callTool(port: number, hasEnded: () => boolean): Promise<void> {
  const deadline = performance.now() + longestStartMs;
  while (!(await isHealthy(port))) {
    if (hasEnded() || performance.now() > deadline) throw new Error('it does not start');
    await sleep(20);
  }
  const answer = await fetch(`http://127.0.0.1:${port}/mcp`, {
    method: 'POST',
    headers: {
      Host: new URL(resource).host,
      Authorization: `Bearer ${mintToken()}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'Mcp-Protocol-Version': '2025-11-25',
    },
    body: JSON.stringify({
      ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
      params: { name: 'hello', arguments: { name: 'cache' } },
    }),
  });
  const text = await answer.text();
  if (!text.includes('Hello, cache!')) throw new Error(`the tool answered ${answer.status}`);
}

/** Clients of Secret Manager, Redis and PostgreSQL among them. */
async function loadEachPart(): Promise<void> {
  const parts = readdirSync(bundle).filter((file) => file.endsWith('.js') && file !== 'main.js');
  const words = parts.flatMap((part) => ['--import', pathToFileURL(join(bundle, part)).href]);
  await startNode([...words, '--eval', '0'], {}).end();
}

/** Node.js gives its files to their owner only. The owner is root in the image, and the server is not. */
function makeReadable(path: string): void {
  const isFolder = statSync(path).isDirectory();
  for (const name of isFolder ? readdirSync(path) : []) makeReadable(join(path, name));
  chmodSync(path, isFolder ? 0o755 : 0o444);
}

function startNode(words: readonly string[], variables: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, words, {
    env: { NODE_ENV: 'production', ...variables, NODE_COMPILE_CACHE: cache },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exit = once(child, 'exit');
  return {
    hasEnded: () => child.exitCode !== null,
    stop: () => child.kill('SIGTERM'),
    async end() {
      const [code] = await exit;
      if (code !== 0) throw new Error(`${words[0]} ended with ${code}`);
    },
  };
}

async function isHealthy(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
  return answer?.status === 200;
}

function mintToken(): string {
  const now = Math.floor(Date.now() / 1_000);
  const parts = [
    { alg: 'RS256', typ: 'at+jwt' },
    {
      ...{ iss: issuer, aud: resource, sub: 'cache', client_id: 'cache', jti: 'cache' },
      ...{ scope: 'read:data', iat: now, exp: now + 300 },
    },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const signed = parts.join('.');
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
