/** The whole protection in workerd, which Cloudflare Workers run on: keys are discovered and fetched there. */
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { AuthorizationServer } from '@sallyport/testing';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, callTool, resource, right, startIssuer } from './fixture.ts';

let issuer: AuthorizationServer;
let script = '';
let inputs: readonly string[] = [];
let worker: Miniflare;
let origin: string;
let log = '';

beforeAll(async () => {
  issuer = await startIssuer();
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL('./worker.ts', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    logLevel: 'error',
    format: 'esm',
    target: 'es2023',
    conditions: ['workerd', 'worker', 'import'],
    external: ['node:*'],
  });
  script = outputFiles[0]?.text ?? '';
  inputs = Object.keys(metafile.inputs);
  worker = new Miniflare({
    modules: true,
    script,
    compatibilityDate: '2026-01-01',
    compatibilityFlags: ['nodejs_compat'],
    bindings: { ISSUER: issuer.issuer, ENVIRONMENT: 'development', GREETING: 'hello' },
    handleStructuredLogs({ message }: { message: string }) {
      log += `${message}\n`;
    },
  });
  origin = (await worker.ready).origin;
});
afterAll(async () => {
  await worker?.dispose();
  await issuer?.stop();
});

it('is at most 62.5 kB, minified and compressed, and has no undici in it', () => {
  const kilobytes = gzipSync(script, { level: 9 }).length / 1_000;

  expect(kilobytes).toBeLessThanOrEqual(62.5);
  expect(kilobytes).toBeGreaterThan(20);
  expect(inputs.filter((input) => input.includes('undici'))).toEqual([]);
});

it('SETUP-08: discovers and fetches the keys, and answers as on every host', async () => {
  expect(await ask(origin, issuer)).toEqual(right);
});

it('hands the bindings to the handler, and writes decisions to the log', async () => {
  const token = await issuer.issueToken({ resource, scopes: ['notes:read'], subject: 'ada' });
  const answer = await callTool(`${origin}/mcp`, 'read_note', token);

  expect(await answer.text()).toBe('hello ada');
  await expect.poll(() => log).toContain('"event":"authorized"');
});

it('answers many callers at once, one of whom leaves while the keys are fetched', async () => {
  const token = await issuer.issueToken({ resource, scopes: ['notes:read'] });
  const leaving = new AbortController();
  await issuer.rotateKeys();
  const fresh = await issuer.issueToken({ resource, scopes: ['notes:read'] });
  issuer.fault('/jwks', { kind: 'delay', milliseconds: 300 });
  const left = fetch(`${origin}/mcp`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${fresh}` },
    body: '{}',
    signal: leaving.signal,
  }).catch(() => undefined);
  setTimeout(() => leaving.abort(), 50);
  await left;
  const statuses = await Promise.all(
    Array.from(
      { length: 10 },
      async () => (await callTool(`${origin}/mcp`, 'read_note', token)).status,
    ),
  );
  issuer.clearFaults();

  expect(statuses).toEqual(Array(10).fill(200));
  await expect
    .poll(async () => (await callTool(`${origin}/mcp`, 'read_note', fresh)).status)
    .toBe(200);
});
