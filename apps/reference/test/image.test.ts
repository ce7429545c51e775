/** What the image consists of, and run as its container would be. `turbo run test` makes the bundle before. */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findFreePort } from '@sallyport/test-parts/free-port';
import { startSecretManager } from '@sallyport/testing/secret-manager';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { hmacKey, own, readScenario, type Variables } from './deployment.ts';

const folder: string = mkdtempSync(join(tmpdir(), 'image-'));
const app: string = join(folder, 'app');

beforeAll(() => {
  // Elsewhere, so that nothing of this repository is found from there.
  cpSync(fileURLToPath(new URL('../bundle', import.meta.url)), app, { recursive: true });
  chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Only for development, and two that AWS's client tries and does not need.
const lefts = ['@sallyport/testing', '@aws-sdk/signature-v4-crt', '@aws-sdk/signature-v4a'];

// `nobody` of Debian. Only root can become somebody else.
const unprivileged = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

function run(variables: Variables) {
  const child: ChildProcess = spawn(process.execPath, ['main.js'], {
    cwd: app,
    env: { NODE_ENV: 'production', ...variables },
    ...unprivileged,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const exit = once(child, 'close').then(([code]) => code as number);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  return { child, exit, output: () => output };
}

it('has what is built and what that needs, and nothing else (CFG-18)', () => {
  const files = readdirSync(app);
  const programs = files.filter((file) => file.endsWith('.js'));
  const texts = programs.map((file) => readFileSync(join(app, file), 'utf8'));
  const bytes = files.reduce((sum, file) => sum + readFileSync(join(app, file)).length, 0);
  // Whatever else is imported by name would be missing.
  const imported = texts.flatMap((text) =>
    [...text.matchAll(/(?:\bfrom|\bimport\(?)\s*["']([@\w][^"']*)["']/g)].map(([, name]) => name),
  );

  expect(files.filter((file) => !programs.includes(file)).toSorted()).toEqual([
    'THIRD-PARTY-LICENSES.txt',
    'package.json',
  ]);
  expect(bytes).toBeLessThan(12_000_000);
  expect(imported.filter((name) => !lefts.includes(name ?? ''))).toEqual([]);
  expect(texts.filter((text) => text.includes('oidc-provider'))).toEqual([]);
  const program = "import('@sallyport/testing').catch(({ code }) => process.stdout.write(code))";
  const words = ['--input-type=module', '-e', program];
  expect(execFileSync(process.execPath, words, { cwd: app, env: {}, encoding: 'utf8' })).toBe(
    'ERR_MODULE_NOT_FOUND',
  );
});

it('loads each part of the bundle, with the names that the packages in it have', async () => {
  const parts = readdirSync(app).filter((file) => file.endsWith('.js') && file !== 'main.js');
  const server = await startSecretManager({ secrets: { key: hmacKey } });
  onTestFinished(() => server.stop());
  // The bundle has one method of Google's client. It must work, with a value and without.
  const program = `const all = {};
    for (const part of ${JSON.stringify(parts)}) Object.assign(all, await import('./' + part));
    const { SecretManagerServiceClient, SecretsManager, createGcpSecrets } = all;
    const authClient = { universeDomain: 'googleapis.com' };
    const { grpc } = new SecretManagerServiceClient({ authClient })._gaxGrpc;
    const secrets = createGcpSecrets({
      projectId: '${server.projectId}',
      clientOptions: {
        authClient,
        apiEndpoint: '127.0.0.1',
        port: ${server.port},
        sslCreds: grpc.credentials.createInsecure(),
      },
    });
    const context = { signal: AbortSignal.timeout(30_000) };
    const [key, absent] = await Promise.all(['key', 'absent'].map((name) => secrets.get(name, context)));
    await secrets.close();
    process.stdout.write([typeof SecretsManager, key.secret.reveal().length, absent.found].join());`;
  const words = ['--input-type=module', '-e', program];
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: app, env: {} });

  expect(stdout).toBe(`function,${hmacKey.length},false`);
});

it('has all that the packages take from undici, in place of its whole index', () => {
  const source = new URL(
    '../../../packages/guarded-fetch/src/transports/undici-transport.ts',
    import.meta.url,
  );
  const [, names = ''] =
    /const { (.*) } = await import\('undici'\)/.exec(readFileSync(source, 'utf8')) ?? [];
  const part = readdirSync(app).find((file) => file.startsWith('undici-'));
  const program = `const all = await import('./${part}');
    const found = ${JSON.stringify(names.split(', '))}.map((name) => all[name]);
    process.stdout.write([...found, new all.Agent().request].map((each) => typeof each).join());`;
  const words = ['--input-type=module', '-e', program];

  expect(names).toContain('fetch');
  expect(execFileSync(process.execPath, words, { cwd: app, env: {}, encoding: 'utf8' })).toBe(
    'function,function,function,function',
  );
});

it('reads few files before it listens, and the SDK is in none of them', () => {
  const read = (name: string) => readFileSync(join(app, name), 'utf8');
  const [, program = ''] = /import\("\.\/(run-[^"]+)"\)/.exec(read('main.js')) ?? [];
  const atStart = new Set<string>();
  const follow = (name: string) => {
    if (atStart.has(name)) return;
    atStart.add(name);
    for (const [, next = ''] of read(name).matchAll(/(?:from|import)"\.\/([^"]+)"/g)) follow(next);
  };
  follow(program);
  const texts = [...atStart].map(read);
  const isOfSdk = (text: string) => /WebStandardStreamableHTTPServerTransport/.test(text);

  expect(atStart.size).toBeLessThanOrEqual(16);
  expect(texts.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(900_000);
  expect(texts.filter(isOfSdk)).toEqual([]);
  expect(readdirSync(app).filter((name) => isOfSdk(read(name)))).toHaveLength(1);
});

it('has the licence of each package that is in it', () => {
  const licences = readFileSync(join(app, 'THIRD-PARTY-LICENSES.txt'), 'utf8');

  for (const [name, text] of [
    ['jose', 'MIT\n\nThe MIT License'],
    ['undici', 'MIT\n\nMIT License'],
    ['@google-cloud/secret-manager', 'Apache-2.0'],
    ['@modelcontextprotocol/server', 'Apache-2.0'],
  ]) {
    expect(licences).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+: ${text}`, 'm'));
  }
  // A short message: the file is long.
  expect(/^(?:vitest|typescript|@sallyport\/).*/m.exec(licences)?.[0]).toBeUndefined();
});

it('ends with status 78 when nothing is set, and says what is missing (CFG-01)', async () => {
  const { exit, output } = run({ PORT: '0' });

  expect(await exit).toBe(78);
  expect(output()).toContain('FASTMCP_SERVER_AUTH_TYPE: is missing');
  expect(output()).not.toMatch(/\n\s+at /);
});

it('serves as an unprivileged user, from files that it cannot write (CFG-18)', async () => {
  const { variables, text } = readScenario(4);
  const port = String(await findFreePort());
  const { child, exit, output } = run({
    ...variables,
    // Here there is no Secret Manager: the same values from the environment.
    FASTMCP_SERVER_AUTH_SECRET_BACKEND: 'env',
    FASTMCP_SERVER_AUTH_JWT_PUBLIC_KEY: hmacKey,
    FASTMCP_SERVER_AUTH_JWT_ISSUER: 'https://internal-auth.acme-corp.dev',
    FASTMCP_SERVER_AUTH_JWT_AUDIENCE: 'internal-mcp-service',
    K_SERVICE: 'notes',
    PORT: port,
  });
  const origin = `http://127.0.0.1:${port}`;
  while ((await fetch(`${origin}/health`).catch(() => undefined))?.status !== 200) {
    if (child.exitCode !== null) throw new Error(output());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  // The line of the page that makes a token.
  const program = /node --input-type=module -e '([^']+)'/.exec(text)?.[1] ?? '';
  const token = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: new URL('..', import.meta.url),
    env: { HMAC_KEY: hmacKey },
    encoding: 'utf8',
  }).trim();
  const list = (headers: Record<string, string>) => fetch(`${origin}/mcp/tools/list`, { headers });
  const good = await list({ Authorization: `Bearer ${token}` });
  const stranger = await list({});
  // What a liveness probe asks: it stays good where /health is 503.
  const alive = await fetch(`${origin}/.well-known/oauth-protected-resource`);

  expect([good.status, stranger.status, alive.status]).toEqual([200, 401, 200]);
  expect(await good.json()).toMatchObject({ tools: expect.arrayContaining([]) });
  expect(stranger.headers.get('WWW-Authenticate')).toContain(
    new URL(own['RESOURCE_URL'] ?? '').host,
  );
  if (process.platform === 'linux' && 'uid' in unprivileged) {
    expect(readFileSync(`/proc/${child.pid}/status`, 'utf8')).toMatch(/^Uid:\s+65534/m);
    const tryToWrite = "import('node:fs').then(({ accessSync }) => accessSync('main.js', 2))";
    const options = { cwd: app, env: {}, stdio: 'pipe', ...unprivileged } as const;
    expect(() => execFileSync(process.execPath, ['-e', tryToWrite], options)).toThrow('EACCES');
  }
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
  expect(output()).not.toContain(token);
  expect(output()).not.toContain(hmacKey);
});
