/**
 * The image of the reference app, built by the steps of its Dockerfile and run from a read-only root as an unprivileged
 * user: its size, its start and its memory. `turbo run bundle` makes the bundle before.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '@sallyport/test-parts/free-port';
import {
  makeCertificate,
  secretManagerHost,
  startMetadataServer,
} from '@sallyport/test-parts/google-cloud';
import { startSecretManager } from '@sallyport/testing/secret-manager';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildImage, canMakeContainers, type Image } from '../src/container.ts';

// For a shorter run: STARTS=3.
const hmacKey = randomBytes(48).toString('base64');
const starts = Number(process.env['STARTS'] ?? 7);
const accessToken = `ya29.${'c0ffee'.repeat(10)}`;
const variables = {
  ENVIRONMENT: 'production',
  K_SERVICE: 'notes',
  FASTMCP_SERVER_AUTH_TYPE: 'jwt',
  FASTMCP_SERVER_AUTH_RESOURCE_URL: 'https://notes.acme-corp.dev/mcp',
  FASTMCP_SERVER_AUTH_TRUSTED_PROXY_HOPS: '1',
  FASTMCP_SERVER_AUTH_JWT_ALGORITHM: 'HS256',
};
const inEnvironment = {
  ...variables,
  FASTMCP_SERVER_AUTH_SECRET_BACKEND: 'env',
  FASTMCP_SERVER_AUTH_JWT_PUBLIC_KEY: hmacKey,
  FASTMCP_SERVER_AUTH_JWT_ISSUER: 'https://internal-auth.acme-corp.dev',
  FASTMCP_SERVER_AUTH_JWT_AUDIENCE: 'https://notes.acme-corp.dev/mcp',
};

const rows: [what: string, value: string][] = [];
const report = (what: string, value: string) => void rows.push([what, value]);
const median = (values: readonly number[]) =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
const describeTimes = (values: readonly number[]) =>
  `${median(values).toFixed(0)} ms (${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)})`;

describe.runIf(canMakeContainers)('the image of the reference app (CFG-18)', () => {
  const tls = makeCertificate();
  let image: Image;
  beforeAll(() => {
    image = buildImage('apps/reference/Dockerfile', {
      // What distroless has besides Node.js: the C library.
      folders: ['/lib', '/lib64', '/usr/lib'],
      files: {
        '/etc/hosts': `127.0.0.1 localhost ${secretManagerHost}\n`,
        '/etc/certificate.pem': tls.certificate,
      },
    });
  });
  afterAll(() => {
    image.remove();
    const width = Math.max(...rows.map(([what]) => what.length));
    const lines = rows.map(([what, value]) => `| ${what.padEnd(width)} | ${value} |`);
    process.stdout.write(`\n${lines.join('\n')}\n\n`);
  });

  /** From the start of the process to the first 200 of /health, in milliseconds. */
  async function start(given: Readonly<Record<string, string>>) {
    const port = await findFreePort();
    const begun = performance.now();
    const started = image.run(image.entrypoint, { ...given, PORT: `${port}` });
    const health = `http://127.0.0.1:${port}/health`;
    while ((await fetch(health).catch(() => undefined))?.status !== 200) {
      if (started.child.exitCode !== null) throw new Error(started.output());
      await sleep(2);
    }
    return { ...started, port, startMs: performance.now() - begun };
  }

  /** Node.js alone takes turns with the server: the one figure says how fast the machine is at that time. */
  async function measureStarts(what: string, given: Readonly<Record<string, string>>) {
    const all: number[] = [];
    const bare: number[] = [];
    while (all.length < starts) {
      const begun = performance.now();
      await image.run(['/nodejs/bin/node', '-e', '0']).exit;
      bare.push(performance.now() - begun);
      const { child, exit, startMs } = await start(given);
      child.kill('SIGTERM');
      expect(await exit).toBe(0);
      all.push(startMs);
    }
    report(what, describeTimes(all));
    report('  Node.js alone at the same time', describeTimes(bare));
    report('  one over the other', (median(all) / median(bare)).toFixed(1));
  }

  it('has at most 12 MB besides Node.js', () => {
    const bytes = ['app', 'compile-cache'].map((folder) => {
      const files = readdirSync(join(image.root, folder), { recursive: true, encoding: 'utf8' });
      const sizes = files.map((file) => statSync(join(image.root, folder, file)));
      return sizes.reduce((sum, found) => sum + (found.isFile() ? found.size : 0), 0);
    });
    const [app = 0, cache = 0] = bytes;
    report('size of the bundle', `${(app / 1e6).toFixed(1)} MB`);
    report('size of its compile cache', `${(cache / 1e6).toFixed(1)} MB`);

    expect(app + cache).toBeLessThanOrEqual(12e6);
  });

  it('starts as an unprivileged user from a read-only root, and answers', async () => {
    const { child, exit, port, output } = await start(inEnvironment);
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    const [, kibibytes] = /^VmRSS:\s+(\d+)/m.exec(status) ?? [];
    report(
      'resident memory after the start',
      `${((Number(kibibytes) * 1_024) / 1e6).toFixed(0)} MB`,
    );
    const stranger = await fetch(`http://127.0.0.1:${port}/mcp/tools/list`);
    const write = "require('node:fs').writeFileSync(process.argv[1], '')";
    for (const path of ['/app/main.js', '/app/x', '/tmp', '/x', '/etc/hosts']) {
      const tried = image.run(['/nodejs/bin/node', '-e', write, path]);
      expect(await tried.exit).not.toBe(0);
      expect(tried.output()).toMatch(/EROFS|EACCES|EISDIR|ENOENT/);
    }

    expect(stranger.status).toBe(401);
    expect(status).toMatch(/^Uid:\s+65532\s+65532/m);
    expect(readFileSync(`/proc/${child.pid}/environ`, 'utf8')).toContain('--max-old-space-size=');
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    expect(output()).not.toContain(hmacKey);
  });

  it('starts with its settings in the environment', async () => {
    await measureStarts('start with the environment', inEnvironment);
  });

  it('takes every module from its compile cache, from a read-only root', async () => {
    const debugged = { ...inEnvironment, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
    const { child, exit, output } = await start(debugged);
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    const read = output().match(/reading cache from .* for \S+ file:\/\/\/app\//g) ?? [];
    const accepted = output().match(/code cache for \S+ file:\/\/\/app\/\S+ was accepted/g) ?? [];
    report('modules that the start takes from the compile cache', `${accepted.length}`);

    expect(accepted.length).toBeGreaterThan(0);
    expect(accepted.length).toBe(read.length);
  });

  it('starts with its settings in a Secret Manager that takes 50 ms for each answer', async () => {
    const metadata = await startMetadataServer(accessToken);
    onTestFinished(() => metadata.close());
    const secrets = await startSecretManager({
      port: 443,
      projectId: 'acme-notes',
      tls,
      accessToken,
      secrets: {
        'jwt-issuer': inEnvironment.FASTMCP_SERVER_AUTH_JWT_ISSUER,
        'jwt-audience': inEnvironment.FASTMCP_SERVER_AUTH_JWT_AUDIENCE,
        'hmac-secret-key': hmacKey,
      },
    });
    onTestFinished(() => secrets.stop());
    secrets.fault({ kind: 'delay', milliseconds: 50 });
    await measureStarts('start with Secret Manager at 50 ms', {
      ...variables,
      FASTMCP_SERVER_AUTH_SECRET_BACKEND: 'gcp_secret_manager',
      GCP_PROJECT_ID: 'acme-notes',
      GCE_METADATA_HOST: metadata.host,
      NODE_EXTRA_CA_CERTS: '/etc/certificate.pem',
    });

    expect(secrets.accesses('jwt-issuer')).toBe(starts);
  });
});

it('the image was tried here', () => {
  expect(canMakeContainers, 'this machine has no Linux, no root or no mount namespaces').toBe(true);
});
