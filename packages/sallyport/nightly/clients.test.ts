/** Clients that people use, as published, in front of `sallyport dev`. A person clicks Allow in Chromium. */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { command } from '../test/command.ts';
import { installForeignPrograms } from './foreign-programs.ts';
import { allow, createPerson, type Person } from './person.ts';
import { type StartedProgram, startDev } from './started-program.ts';

const python = fileURLToPath(new URL('./servers/stdlib_server.py', import.meta.url));
const addition = { name: 'add', arguments: { a: 2, b: 3 } };

let folder: string;
let program: StartedProgram;
let person: Person;
beforeAll(async () => {
  folder = await installForeignPrograms();
}, 600_000);
beforeEach(async () => {
  program = await startDev(['--', 'python3', python]);
  person = await createPerson(folder);
});

const bin = (name: string) => join(folder, 'node_modules/.bin', name);

interface Run {
  readonly said: () => string;
  readonly exit: Promise<number | null>;
  write(text: string): void;
}

function start(command: string, words: readonly string[], more: Record<string, string> = {}): Run {
  const child = spawn(command, words, {
    cwd: person.home,
    env: { ...person.environment, ...more },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  child.stdin.on('error', () => {});
  return {
    said: () => text,
    exit: new Promise((resolve) => child.once('close', resolve)),
    write: (line) => void child.stdin.write(line),
  };
}

async function run(command: string, words: readonly string[], more?: Record<string, string>) {
  const started = start(command, words, more);
  await started.exit;
  return started.said();
}

/** The server starts with the first session, and ends with the test. */
async function end(): Promise<void> {
  await person.leave();
  await program.stop();
}

it('Claude Code adds the server, signs in, and connects', async () => {
  onTestFinished(end);
  const claude = bin('claude');
  await run(claude, ['mcp', 'add', '--transport', 'http', 'notes', program.url.href]);
  expect(await run(claude, ['mcp', 'list'])).toContain('Needs authentication');

  // It signs in at a terminal alone. `script` makes one.
  const words = ['-qec', `"${claude}" mcp login notes`, '/dev/null'];
  const login = start('script', words, { DISPLAY: ':0' });
  await person.consent();

  await expect.poll(login.said).toContain('Authenticated with "notes"');
  expect(await login.exit).toBe(0);
  expect(await run(claude, ['mcp', 'list'])).toMatch(/notes: .*Connected/);
  expect(program.said()).toContain('✓ tools/list');
});

it('Codex signs in, and lists the tools', async () => {
  onTestFinished(end);
  const home = join(person.home, 'codex');
  mkdirSync(home);
  const codex = (...words: string[]) => run(bin('codex'), words, { CODEX_HOME: home });
  // "codex mcp add" would sign in at once.
  const installed = await command(
    ['install', 'codex', program.url.href, '--name', 'notes', '--write'],
    { home: person.home, variables: { CODEX_HOME: home } },
  );
  expect(installed.code).toBe(0);
  const login = start(bin('codex'), ['mcp', 'login', 'notes'], { CODEX_HOME: home });
  await person.consent();

  await expect.poll(login.said).toContain('Successfully logged in');
  expect(await codex('mcp', 'list')).toMatch(/notes .*OAuth/);

  const server = start(bin('codex'), ['app-server'], { CODEX_HOME: home });
  for (const message of [
    { id: 1, method: 'initialize', params: { clientInfo: { name: 'nightly', version: '1' } } },
    { method: 'initialized' },
    { id: 2, method: 'mcpServerStatus/list', params: {} },
  ]) {
    server.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }
  await expect.poll(server.said).toContain('"tools":{"add":');
});

it('mcp-remote signs in, and calls a tool', async () => {
  onTestFinished(end);
  const remote = createRequire(import.meta.url).resolve('mcp-remote/dist/proxy.js');
  const client = new Client({ name: 'nightly', version: '1.0.0' });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [remote, program.url.href],
    env: { ...person.environment },
    stderr: 'ignore',
  });
  const connected = client.connect(transport as Parameters<typeof client.connect>[0]);
  await person.consent();
  await connected;

  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['add']);
  expect(JSON.stringify(await client.callTool(addition))).toContain('5');
  await client.close();
});

const inspector = () =>
  join(folder, 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js');

it("the Inspector's command line signs in, and calls a tool", async () => {
  onTestFinished(end);
  const called = start(
    process.execPath,
    [
      inspector(),
      ...['--cli', '--server-url', program.url.href, '--transport', 'http'],
      ...['--method', 'tools/call', '--tool-name', 'add'],
      ...['--tool-args-json', JSON.stringify(addition.arguments)],
    ],
    { MCP_AUTO_OPEN_ENABLED: 'true', MCP_INSPECTOR_SECRET_STORE: 'file' },
  );
  await person.consent();

  expect(await called.exit).toBe(0);
  expect(called.said()).toContain('"5"');
});

it("the Inspector's page signs in, and lists the tools", async () => {
  onTestFinished(end);
  const words = ['--web', '--transport', 'http', '--server-url', program.url.href];
  const served = start(process.execPath, [inspector(), ...words], {
    MCP_AUTO_OPEN_ENABLED: 'false',
    MCP_INSPECTOR_SECRET_STORE: 'file',
  });
  const address = /http:\/\/127\.0\.0\.1:6274\S+/;
  await expect.poll(served.said).toMatch(address);
  const page = await person.newPage();
  await page.goto(address.exec(served.said())?.[0] ?? '');

  await page.getByRole('switch', { name: /^connect/i }).click({ force: true });
  await allow(page);

  await page.getByText('Connected').first().waitFor();
  await expect.poll(program.said).toContain('✓ tools/list');
});
