/** What the pages let people install and start is installed and started, in an empty folder. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { findFreePort } from '@sallyport/test-parts/free-port';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { list, readSource, root } from '../src/repository.ts';
import { type CodeBlock, readCodeBlocks } from '../src/snippets/code-blocks.ts';

const run = promisify(execFile);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(`${tmpdir()}/docs-`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const blocks: readonly CodeBlock[] = list('apps/docs/content/**/*.md').flatMap((file) =>
  readCodeBlocks(readSource(file)),
);
const marked = (mark: string) => blocks.filter((block) => block.mark === mark);
const labelled = (label: string) => blocks.find((block) => block.label === label)?.code ?? '';

/** Starts a program, and ends it with the test. */
function start(program: string, words: readonly string[]): ChildProcess {
  const child = spawn(program, words, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill());
  return child;
}

/** What a program has written, once that matches. */
function saidBy(child: ChildProcess, pattern: RegExp): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      said += chunk;
      if (pattern.test(said)) resolve(said);
    });
    child.once('exit', () => reject(new Error(`it ended without ${pattern}: ${said}`)));
  });
}

it('the command starts the Python server of the page, and a token opens it', async () => {
  expect(new Set(marked('started').map(({ code }) => code.trim()))).toEqual(
    new Set(['npx sallyport dev -- python3 server.py']),
  );
  writeFileSync(`${folder}/server.py`, labelled('server.py'));
  const port = await findFreePort();
  const command = `${root}packages/sallyport/src/main.ts`;
  const words = ['dev', '--port', `${port}`, '--', 'python3', 'server.py'];
  const child = start(process.execPath, ['--conditions', 'development', command, ...words]);
  const [, token] = /TOKEN=(\S+)/.exec(await saidBy(child, /TOKEN=\S+\n/)) ?? [];

  const ask = (headers: Record<string, string>) =>
    fetch(`http://localhost:${port}/mcp`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        ...headers,
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: {
          protocolVersion: '2025-06-18',
          capabilities: {},
          clientInfo: { name: 'docs', version: '1.0.0' },
        },
      }),
    });
  expect((await ask({})).status).toBe(401);
  const answer = await ask({ Authorization: `Bearer ${token}` });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('greeter');
});

it('the lines of npm install what the server of the quick start needs, and it answers', async () => {
  const commands = marked('installed').map(({ code }) => code.trim());
  const names = commands.flatMap((line) => line.replace('npm install ', '').split(' '));
  const own = list('packages/*/package.json').filter((file) =>
    readdirSync(`${root}${file.replace('/package.json', '')}`).includes('dist'),
  );
  const tarballs: string[] = [];
  for (const manifest of own) {
    const directory = manifest.replace('/package.json', '');
    await run(
      'npx',
      ['--yes', 'pnpm@12', '--dir', directory, 'pack', '--pack-destination', folder],
      {
        cwd: root,
      },
    );
  }
  const published = new Set(own.map((file) => JSON.parse(readSource(file)).name));
  expect(names.filter((name) => name.startsWith('@sallyport/') && !published.has(name))).toEqual(
    [],
  );
  tarballs.push(
    ...readdirSync(folder)
      .filter((file) => file.endsWith('.tgz'))
      .map((file) => `./${file}`),
  );
  const others = names.filter((name) => !name.startsWith('@sallyport/'));
  writeFileSync(`${folder}/package.json`, '{ "private": true }');
  await run('npm', ['install', '--no-audit', '--no-fund', ...tarballs, ...others], { cwd: folder });

  expect(marked('installed-start').map(({ code }) => code.trim())).toEqual([
    'node auth.mjs',
    'ENVIRONMENT=development node server.mjs',
  ]);
  const [port, authPort] = [await findFreePort(), await findFreePort()];
  const withPorts = (code: string) =>
    code.replaceAll('8000', `${port}`).replaceAll('9090', `${authPort}`);
  for (const file of ['auth.mjs', 'server.mjs'])
    writeFileSync(`${folder}/${file}`, withPorts(labelled(file)));
  expect(readFileSync(`${folder}/server.mjs`, 'utf8')).toContain(`app.listen(${port})`);
  const [auth, server] = marked('installed-start').map(({ code }) =>
    start('bash', ['-c', `exec env ${code.trim()}`]),
  );
  expect(server).toBeDefined();
  const token = (await saidBy(auth as ChildProcess, /\n/)).trim();
  await expect
    .poll(() =>
      fetch(`http://localhost:${port}/mcp`, { method: 'POST' }).then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(401);
  const answer = await fetch(`http://localhost:${port}/mcp`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
    },
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_note","arguments":{}}}',
  });
  expect(answer.status).toBe(200);
});
