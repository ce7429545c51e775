/** The snippets for Deno and Bun, in Deno and Bun: installed from npm for this test alone, since they are large. */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { ask, callTool, right } from '../test/fixture.ts';
import { type LocalServers, startLocalServers } from '../test/local-snippets.ts';

const versions = { deno: '2.9.6', bun: '1.4.5' } as const;
const run = promisify(execFile);

let folder: string;
let local: LocalServers;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runtimes-'));
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const packages = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
  await run('npm', ['install', '--no-audit', '--no-fund', ...packages], { cwd: folder });
  local = await startLocalServers();
}, 300_000);
afterAll(async () => {
  await local.stop();
  await rm(folder, { recursive: true, force: true });
});

async function bundle(name: string): Promise<string> {
  const folderOfSnippets = fileURLToPath(new URL('../test/snippets/', import.meta.url));
  const outfile = join(folder, `${name}.js`);
  await build({
    entryPoints: [join(folderOfSnippets, `${name}.ts`)],
    outfile,
    bundle: true,
    format: 'esm',
    logLevel: 'error',
    conditions: [name, 'import'],
    external: ['node:*'],
    plugins: [
      {
        name: 'local-addresses',
        setup({ onLoad }) {
          onLoad({ filter: /snippets\/settings\.ts$/ }, async ({ path }) => ({
            loader: 'ts',
            contents: (await readFile(path, 'utf8'))
              .replace('https://mcp.example.com/mcp', local.resource)
              .replace('https://auth.example.com', local.issuer.issuer),
          }));
        },
      },
    ],
  });
  return outfile;
}

const commands = {
  deno: ['run', '--allow-net', '--allow-env'],
  bun: ['run'],
} as const;

it.each(Object.keys(commands) as (keyof typeof commands)[])(
  'protects a server in %s, and counts failures by the address of the connection',
  async (name) => {
    const program = join(folder, 'node_modules/.bin', name);
    const server = spawn(program, [...commands[name], await bundle(name)], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    server.stdout.on('data', (chunk) => {
      output += chunk;
    });
    server.stderr.on('data', (chunk) => {
      output += chunk;
    });
    onTestFinished(() => void server.kill());
    const { origin } = new URL(local.resource);
    await expect
      .poll(
        () =>
          fetch(origin).then(
            ({ status }) => status,
            () => output,
          ),
        { timeout: 60_000 },
      )
      .toBe(401);

    expect(await ask(origin, local.issuer, { of: local.resource })).toEqual(right);
    await callTool(local.resource, 'read_note', 'bad');
    await expect.poll(() => output).toMatch(/"clientKey":"(?:127\.0\.0\.1|::1\/64|::\/64|::1)"/);
    expect(output).not.toContain('client_address_invalid');
  },
);
