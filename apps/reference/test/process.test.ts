/** The program as a person starts it: what it prints, and how it ends. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const entry = (name: string) => new URL(`../dist/${name}.js`, import.meta.url).pathname;

interface Program {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exit: Promise<number>;
}

function start(name: 'start' | 'main', variables: Record<string, string>, cwd = tmpdir()): Program {
  const child = spawn(process.execPath, ['--unhandled-rejections=strict', entry(name)], {
    cwd,
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      PORT: '0',
      ...variables,
    },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const exit = once(child, 'close').then(([code]) => code as number);
  return { child, output: () => output, exit };
}

async function outputWith({ child, output, exit }: Program, needle: string): Promise<string> {
  while (!output().includes(needle)) {
    const ended = await Promise.race([exit.then(() => true), once(child.stdout ?? child, 'data')]);
    if (ended === true) throw new Error(`it ended: ${output()}`);
  }
  return output();
}

const ready = 'Stop with Ctrl+C.';

it('serves the quick start with static tokens from .env', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quick-start-'));
  writeFileSync(
    join(folder, '.env'),
    'ENVIRONMENT=development\nFASTMCP_SERVER_AUTH_TYPE=static\nDANGEROUSLY_OMIT_AUTH=false\n',
  );
  const program = start('start', {}, folder);
  const output = await outputWith(program, ready);
  const origin = /http:\/\/localhost:\d+/.exec(output)?.[0];
  const answer = execFileSync('bash', [
    '-c',
    `curl -s -H "Authorization: Bearer dev-token-12345" \\
     ${origin}/tools/call \\
     -d '{"name": "hello", "arguments": {"name": "World"}}'`,
  ]);

  expect(answer.toString()).toContain('Hello, World!');
  program.child.kill('SIGINT');
  expect(await program.exit).toBe(0);
});

it.each([
  ['nothing configured (CFG-01)', 'main', {}, 'FASTMCP_SERVER_AUTH_TYPE: is missing'],
  [
    'a platform of production (CFG-03)',
    'start',
    { K_SERVICE: 'notes' },
    'FASTMCP_SERVER_AUTH_TYPE: is missing',
  ],
  [
    'static tokens on a platform of production (CFG-03)',
    'start',
    {
      K_SERVICE: 'notes',
      FASTMCP_SERVER_AUTH_TYPE: 'static',
      FASTMCP_SERVER_AUTH_RESOURCE_URL: 'https://notes.acme-corp.dev/mcp',
    },
    'K_SERVICE',
  ],
  [
    'HMAC with a JWKS address (CFG-06)',
    'main',
    {
      FASTMCP_SERVER_AUTH_TYPE: 'jwt',
      FASTMCP_SERVER_AUTH_JWT_ISSUER: 'https://auth.acme-corp.dev',
      FASTMCP_SERVER_AUTH_JWT_AUDIENCE: 'https://notes.acme-corp.dev/mcp',
      FASTMCP_SERVER_AUTH_JWT_JWKS_URI: 'https://auth.acme-corp.dev/jwks',
      FASTMCP_SERVER_AUTH_JWT_ALGORITHM: 'HS256',
    },
    'HMAC algorithms cannot be used with JWKS endpoints',
  ],
  [
    'a short HMAC key (TOK-04)',
    'main',
    {
      FASTMCP_SERVER_AUTH_TYPE: 'jwt',
      FASTMCP_SERVER_AUTH_JWT_ISSUER: 'https://auth.acme-corp.dev',
      FASTMCP_SERVER_AUTH_JWT_AUDIENCE: 'https://notes.acme-corp.dev/mcp',
      FASTMCP_SERVER_AUTH_JWT_PUBLIC_KEY: 'too-short-a-key',
      FASTMCP_SERVER_AUTH_JWT_ALGORITHM: 'HS256',
    },
    'HMAC key for HS256 must be at least 32 bytes',
  ],
  [
    'HTTP on localhost in production (CFG-07)',
    'main',
    {
      FASTMCP_SERVER_AUTH_TYPE: 'jwt',
      FASTMCP_SERVER_AUTH_JWT_ISSUER: 'https://auth.acme-corp.dev',
      FASTMCP_SERVER_AUTH_JWT_AUDIENCE: 'https://notes.acme-corp.dev/mcp',
      FASTMCP_SERVER_AUTH_JWT_JWKS_URI: 'http://localhost:8080/jwks',
    },
    'Cannot use HTTP localhost JWKS URI in production',
  ],
  [
    'an algorithm of nobody',
    'main',
    {
      FASTMCP_SERVER_AUTH_TYPE: 'jwt',
      FASTMCP_SERVER_AUTH_JWT_ISSUER: 'https://auth.acme-corp.dev',
      FASTMCP_SERVER_AUTH_JWT_AUDIENCE: 'https://notes.acme-corp.dev/mcp',
      FASTMCP_SERVER_AUTH_JWT_JWKS_URI: 'https://auth.acme-corp.dev/jwks',
      FASTMCP_SERVER_AUTH_JWT_ALGORITHM: 'none',
    },
    'FASTMCP_SERVER_AUTH_JWT_ALGORITHM',
  ],
] as const)('refuses to start with %s, and says why', async (_name, program, variables, reason) => {
  const { exit, output } = start(program, variables);

  expect(await exit).toBe(78);
  expect(output()).toContain('The server did not start.');
  expect(output()).toContain(reason);
  expect(output()).not.toContain('too-short-a-key');
  expect(output()).not.toMatch(/\n\s+at /);
});

it('says which port is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { exit, output } = start('start', { PORT: String(port) });

  expect(await exit).toBe(1);
  expect(output()).toContain(`PORT: ${port} is in use`);
  other.close();
});

it('finishes what is under way when told to stop (OPS-06)', async () => {
  const program = start('start', { FASTMCP_SERVER_AUTH_TYPE: 'static' });
  const output = await outputWith(program, ready);
  const origin = /http:\/\/localhost:\d+/.exec(output)?.[0] ?? '';
  const body = new TransformStream<Uint8Array, Uint8Array>();
  const writer = body.writable.getWriter();
  const slow = fetch(`${origin}/tools/call`, {
    method: 'POST',
    headers: { Authorization: 'Bearer dev-token-12345' },
    body: body.readable,
    duplex: 'half',
  } as RequestInit);
  await writer.write(new TextEncoder().encode('{"name":"hello",'));
  await outputWith(program, '"authenticated"');
  program.child.kill('SIGTERM');
  await writer.write(new TextEncoder().encode('"arguments":{"name":"World"}}'));
  await writer.close();

  expect((await slow).status).toBe(200);
  expect(await program.exit).toBe(0);
});
