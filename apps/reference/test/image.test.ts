/** What the image consists of, made by the same steps, and run as its container would be. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { hmacKey, own, readScenario, repository, type Variables } from './deployment.ts';

const folder: string = mkdtempSync(join(tmpdir(), 'image-'));
const app: string = join(folder, 'app');

beforeAll(() => {
  // What is in the image must not depend on where it was made.
  const made = join(folder, 'made');
  const words = ['--filter', '@sallyport/reference', 'deploy', '--prod', made];
  execFileSync('pnpm', words, { cwd: repository, stdio: 'pipe' });
  renameSync(made, app);
  chmodSync(folder, 0o755);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// `nobody` of Debian. Only root can become somebody else.
const unprivileged = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

function run(variables: Variables) {
  const child: ChildProcess = spawn(process.execPath, ['dist/main.js'], {
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

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

it('has what is built and what that needs, and nothing else (CFG-18)', () => {
  const { dependencies } = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'));
  const modules = join(app, 'node_modules');
  const installed = readdirSync(modules).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(modules, name)).map((part) => `${name}/${part}`) : name,
  );
  const files = readdirSync(app, { recursive: true, encoding: 'utf8' });
  const ofOurs = files.filter((file) => !/node_modules\/(?!\.pnpm|@sallyport\/)/.test(file));

  expect(installed.filter((name) => !name.startsWith('.')).toSorted()).toEqual(
    Object.keys(dependencies).toSorted(),
  );
  expect(files.filter((file) => /(^|\/)\.env/.test(file))).toEqual([]);
  expect(ofOurs.filter((file) => /\.test\.|(^|\/)src(\/|$)|\/test\//.test(file))).toEqual([]);
  expect(files.filter((file) => /oidc-provider|vitest|typescript@/.test(file))).toEqual([]);
  const program = "import('@sallyport/testing').catch(({ code }) => process.stdout.write(code))";
  const words = ['--input-type=module', '-e', program];
  expect(execFileSync(process.execPath, words, { cwd: app, env: {}, encoding: 'utf8' })).toBe(
    'ERR_MODULE_NOT_FOUND',
  );
});

it('ends with status 78 when nothing is set, and says what is missing (CFG-01)', async () => {
  const { exit, output } = run({ PORT: '0' });

  expect(await exit).toBe(78);
  expect(output()).toContain('FASTMCP_SERVER_AUTH_TYPE: is missing');
  expect(output()).not.toMatch(/\n\s+at /);
});

it('serves as an unprivileged user, from files that it cannot write (CFG-18)', async () => {
  const { variables, text } = readScenario(4);
  const port = String(await freePort());
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

  expect([good.status, stranger.status]).toEqual([200, 401]);
  expect(await good.json()).toMatchObject({ tools: expect.arrayContaining([]) });
  expect(stranger.headers.get('WWW-Authenticate')).toContain(
    new URL(own['RESOURCE_URL'] ?? '').host,
  );
  if (process.platform === 'linux' && 'uid' in unprivileged) {
    expect(readFileSync(`/proc/${child.pid}/status`, 'utf8')).toMatch(/^Uid:\s+65534/m);
    const tryToWrite = "import('node:fs').then(({ accessSync }) => accessSync('dist/main.js', 2))";
    const options = { cwd: app, env: {}, stdio: 'pipe', ...unprivileged } as const;
    expect(() => execFileSync(process.execPath, ['-e', tryToWrite], options)).toThrow('EACCES');
  }
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
  expect(output()).not.toContain(token);
  expect(output()).not.toContain(hmacKey);
});
