/** The image of the command, built by its steps and run from a read-only root, as a sidecar and as a parent. */
import { execFileSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { findFreePort } from '@sallyport/test-parts/free-port';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildImage, canMakeContainers, type Image } from '../src/container.ts';

const dockerfile = 'packages/sallyport/image/Dockerfile';
// The user "nonroot" of distroless.
const nonroot = 65_532;
// What distroless has besides Node: the C library, and nothing that can be run.
const libraries = ['/lib', '/lib64', '/usr/lib'];

const hmacKey = randomBytes(48).toString('base64url');
const issuer = 'https://internal-auth.acme-corp.dev';
const resource = 'https://notes.acme-corp.dev/mcp';
const prefix = 'FASTMCP_SERVER_AUTH_';
// Production takes keys from https addresses only, so the issuer is one that shares a secret.
const settings = {
  ENVIRONMENT: 'production',
  K_SERVICE: 'notes',
  [`${prefix}TYPE`]: 'jwt',
  [`${prefix}RESOURCE_URL`]: resource,
  [`${prefix}TRUSTED_PROXY_HOPS`]: '1',
  [`${prefix}JWT_ALGORITHM`]: 'HS256',
  [`${prefix}JWT_PUBLIC_KEY`]: hmacKey,
  [`${prefix}JWT_ISSUER`]: issuer,
  [`${prefix}JWT_AUDIENCE`]: resource,
  [`${prefix}JWT_REQUIRED_SCOPES`]: 'read:data',
};
const token = mintToken();

function mintToken(): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    ...{ iss: issuer, aud: resource, sub: 'service-1', client_id: 'service-1' },
    ...{ scope: 'read:data', iat: now, exp: now + 600 },
  };
  const signed = `${encode({ alg: 'HS256', typ: 'at+jwt' })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', hmacKey).update(signed).digest('base64url')}`;
}

/** An HTTP server that answers each message with the claims of the assertion that it received. */
async function startUpstream() {
  const server = createServer(async (request, response) => {
    const { id } = JSON.parse((await text(request)) || '{}') as { readonly id?: unknown };
    if (id === undefined) return void response.writeHead(202).end();
    const [, claims = ''] = (request.headers.authorization ?? '').split('.');
    const result = { claims: JSON.parse(Buffer.from(claims, 'base64url').toString() || '{}') };
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

describe.runIf(canMakeContainers)('the image (CFG-18)', () => {
  let image: Image;
  beforeAll(() => {
    image = buildImage(dockerfile, { folders: libraries });
  });
  afterAll(() => image.remove());

  /** Starts the command, and waits until it is healthy. */
  async function start(from: Image, words: readonly string[]) {
    const port = await findFreePort();
    const started = from.run([...from.entrypoint, ...words], {
      ...settings,
      PORT: String(port),
    });
    onTestFinished(async () => {
      started.child.kill('SIGKILL');
      await started.exit;
    });
    const origin = `http://127.0.0.1:${port}`;
    while ((await fetch(`${origin}/health`).catch(() => undefined))?.status !== 200) {
      if (started.child.exitCode !== null) throw new Error(started.output());
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const ask = (token: string, body: object) =>
      fetch(`${origin}/tools/call`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      });
    return { ...started, origin, ask };
  }

  it('has what "run" needs, and neither the local authorization server nor tools of development', () => {
    const files = readdirSync(join(image.root, 'sallyport'), { recursive: true, encoding: 'utf8' });

    expect(files).toContain('main.js');
    expect(files.filter((file) => /(^|\/)\.env/.test(file))).toEqual([]);
    const texts = files
      .filter((file) => file.endsWith('.js'))
      .map((file) => readFileSync(join(image.root, 'sallyport', file), 'utf8'));
    expect(texts.filter((text) => /oidc-provider/.test(text))).toEqual([]);
    for (const factory of ['createFileSecrets', 'createGcpSecrets', 'createVaultSecrets']) {
      expect(texts.some((text) => text.includes(`function ${factory}(`))).toBe(true);
    }
  });

  it('loads each part of the bundle', async () => {
    const files = readdirSync(join(image.root, 'sallyport'));
    const programs = ['main.js', 'module-program.js'];
    const parts = files.filter((file) => file.endsWith('.js') && !programs.includes(file));
    const program = `for (const part of ${JSON.stringify(parts)}) await import('/sallyport/' + part);`;
    const words = ['/nodejs/bin/node', '--input-type=module', '-e', program];
    const { exit, output } = image.run(words);

    expect([await exit, output()]).toEqual([0, '']);
  });

  it('serves as the sidecar of an HTTP server, as an unprivileged user that cannot write anything', async () => {
    const upstream = await startUpstream();
    onTestFinished(() => upstream.close());
    const { child, exit, origin, ask, output } = await start(image, [
      'run',
      '--curl',
      '--upstream',
      upstream.url,
    ]);
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    const write = "require('node:fs').writeFileSync(process.argv[1], '')";

    expect(await (await ask(token, { name: 'hello' })).json()).toMatchObject({
      claims: { aud: upstream.url },
    });
    expect((await ask('wrong', { name: 'hello' })).status).toBe(401);
    expect(status).toMatch(new RegExp(`^Uid:\\s+${nonroot}\\s+${nonroot}`, 'm'));
    for (const path of ['/sallyport/main.js', '/sallyport/x', '/tmp', '/x', '/etc/hosts']) {
      const tried = image.run(['/nodejs/bin/node', '-e', write, path]);
      expect(await tried.exit).not.toBe(0);
      expect(tried.output()).toMatch(/EROFS|EACCES|EISDIR|ENOENT/);
    }
    const shell = image.run(['/bin/sh', '-c', 'true']);
    expect([await shell.exit, shell.output()]).toEqual([127, expect.stringContaining('/bin/sh')]);

    upstream.close();
    await expect.poll(async () => (await fetch(`${origin}/health`)).status).toBe(503);
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    expect(output()).not.toContain(token);
  });

  it('serves as the parent of a Python server, in the files of its image', async () => {
    const python = execFileSync('sh', ['-c', 'command -v /usr/bin/python3 || true'], {
      encoding: 'utf8',
    }).trim();
    if (python === '') throw new Error('this test needs /usr/bin/python3');
    const image = buildImage(dockerfile, { folders: ['/lib', '/lib64', '/usr', '/bin'] });
    onTestFinished(() => image.remove());
    const server = join(
      import.meta.dirname,
      '../../../packages/proxy/test/command/servers/python-server.py',
    );
    execFileSync('install', ['-D', '-m', '644', server, join(image.root, 'server/server.py')]);
    const { child, exit, ask, output } = await start(image, [
      'run',
      '--curl',
      '--',
      python,
      '/server/server.py',
    ]);
    const answer = await ask(token, { name: 'add', arguments: { a: 1, b: 2 } });

    expect([answer.status, await answer.text(), output()]).toEqual([
      200,
      expect.stringContaining('"3"'),
      expect.anything(),
    ]);
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
  });

  it('ends with 78 when nothing is set, and says what is missing', async () => {
    const { exit, output } = image.run([...image.entrypoint, ...image.command]);

    expect(await exit).toBe(78);
    expect(output()).toContain('FASTMCP_SERVER_AUTH_TYPE is not set');
  });

  it('refuses "dev", which needs the local authorization server', async () => {
    const { exit, output } = image.run([
      ...image.entrypoint,
      'dev',
      '--upstream',
      'http://127.0.0.1:9/mcp',
    ]);

    expect(await exit).toBe(2);
    expect(output()).toContain('NODE_ENV=production says that this is production. Use "run"');
  });

  it('says which package "dev" needs where somebody made it development', async () => {
    const words = [...image.entrypoint, 'dev', '--upstream', 'http://127.0.0.1:9/mcp'];
    const { exit, output } = image.run(words, { NODE_ENV: 'development', PORT: '0' });

    expect(await exit).toBe(78);
    expect(output()).toMatch(/npm install\s+@sallyport\/testing/);
  });
});

it('the image was tried here', () => {
  expect(canMakeContainers, 'this machine has no Linux, no root or no mount namespaces').toBe(true);
});
