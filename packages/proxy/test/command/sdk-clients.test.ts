/** Servers that nobody here wrote, behind the gate, used by the clients of both SDK lines. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectV1, connectV2, start, textOf } from './set-up.ts';

const require = createRequire(import.meta.url);

function commandOf(name: string): string {
  const manifest = require.resolve(`@modelcontextprotocol/${name}/package.json`);
  const { bin } = require(manifest) as { bin: Record<string, string> };
  return join(dirname(manifest), Object.values(bin)[0] ?? '');
}

function folder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'sallyport-')));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const capabilities = { sampling: {}, elicitation: {}, roots: { listChanged: true } };
const sampled = {
  model: 'test',
  role: 'assistant',
  content: { type: 'text', text: 'a sampled answer' },
} as const;
const roots = { roots: [{ uri: 'file:///a-root', name: 'a root' }] };

/** Both lines, and of v2 both kinds of revision. */
const clients = [
  ['v1', connectV1],
  ['v2 with sessions', (running: never) => connectV2(running, 'alice', { mode: 'legacy' })],
  ['v2 without sessions', (running: never) => connectV2(running, 'alice', { mode: 'auto' })],
] as const;

const extremes = [clients[0], clients[2]] as const;

const result = (given: unknown): string => textOf({ result: given });

describe('server-everything', () => {
  const options = { args: [commandOf('server-everything'), 'stdio'] };

  it.each(clients)(
    'offers its tools, prompts and resources to a client of %s',
    async (_name, connect) => {
      const running = await start(options);
      const client = await connect(running as never);

      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['echo', 'get-sum']));
      const echoed = await client.callTool({ name: 'echo', arguments: { message: 'hello' } });
      expect(result(echoed)).toBe('Echo: hello');
      expect((await client.listPrompts()).prompts.length).toBeGreaterThan(0);
      const { resources } = await client.listResources();
      const [{ uri = '' } = {}] = resources;
      expect((await client.readResource({ uri })).contents).toHaveLength(1);
    },
  );

  it('reports progress to clients of every revision', async () => {
    const running = await start(options);
    const call = {
      name: 'trigger-long-running-operation',
      arguments: { duration: 0.3, steps: 3 },
    };
    for (const [, connect] of clients) {
      const client = await connect(running as never);
      const reported: number[] = [];
      const onprogress = ({ progress }: { progress: number }) => reported.push(progress);
      if ('experimental' in client)
        await (client as never as Awaited<ReturnType<typeof connectV1>>).callTool(call, undefined, {
          onprogress,
        });
      else
        await (client as never as Awaited<ReturnType<typeof connectV2>>).callTool(call, {
          onprogress,
        });
      expect(reported).toEqual([1, 2, 3]);
    }
  });

  it('asks a client of v1 for samples, answers of its user, and roots', async () => {
    const running = await start(options);
    const client = await connectV1(running, 'alice', {
      capabilities,
      prepare(made) {
        made.setRequestHandler(CreateMessageRequestSchema, async () => sampled);
        made.setRequestHandler(ElicitRequestSchema, async () => ({ action: 'decline' }));
        made.setRequestHandler(ListRootsRequestSchema, async () => roots);
      },
    });
    // The server offers these tools once it has seen what the client can do.
    await expect
      .poll(async () => (await client.listTools()).tools.map(({ name }) => name))
      .toContain('get-roots-list');

    const sample = await client.callTool({
      name: 'trigger-sampling-request',
      arguments: { prompt: 'p', maxTokens: 5 },
    });
    expect(JSON.stringify(sample)).toContain('a sampled answer');
    const elicited = await client.callTool({ name: 'trigger-elicitation-request', arguments: {} });
    expect(JSON.stringify(elicited)).toContain('decline');
    const listed = await client.callTool({ name: 'get-roots-list', arguments: {} });
    expect(JSON.stringify(listed)).toContain('a-root');
  });

  it('asks a client of v2 for samples, answers of its user, and roots', async () => {
    const running = await start(options);
    const client = await connectV2(running, 'alice', {
      mode: 'legacy',
      capabilities,
      prepare(made) {
        made.setRequestHandler('sampling/createMessage', async () => sampled);
        made.setRequestHandler('elicitation/create', async () => ({ action: 'decline' }));
        made.setRequestHandler('roots/list', async () => roots);
      },
    });
    await expect
      .poll(async () => (await client.listTools()).tools.map(({ name }) => name))
      .toContain('get-roots-list');

    const sample = await client.callTool({
      name: 'trigger-sampling-request',
      arguments: { prompt: 'p', maxTokens: 5 },
    });
    expect(JSON.stringify(sample)).toContain('a sampled answer');
    const elicited = await client.callTool({ name: 'trigger-elicitation-request', arguments: {} });
    expect(JSON.stringify(elicited)).toContain('decline');
    const listed = await client.callTool({ name: 'get-roots-list', arguments: {} });
    expect(JSON.stringify(listed)).toContain('a-root');
  });
});

it.each(extremes)('server-filesystem reads a file for a client of %s', async (_name, connect) => {
  const path = folder();
  writeFileSync(join(path, 'a.txt'), 'the text');
  const running = await start({ args: [commandOf('server-filesystem'), path] });
  const client = await connect(running as never);

  const read = await client.callTool({
    name: 'read_text_file',
    arguments: { path: join(path, 'a.txt') },
  });

  expect(result(read)).toBe('the text');
});

it.each(extremes)('server-memory remembers for a client of %s', async (_name, connect) => {
  const running = await start({
    args: [commandOf('server-memory')],
    environment: { ...process.env, MEMORY_FILE_PATH: join(folder(), 'memory.jsonl') },
    variables: ['MEMORY_FILE_PATH'],
  });
  const client = await connect(running as never);
  const entities = [{ name: 'n', entityType: 't', observations: ['o'] }];
  await client.callTool({ name: 'create_entities', arguments: { entities } });

  const graph = await client.callTool({ name: 'read_graph', arguments: {} });

  expect(JSON.stringify(graph)).toContain('"n\\"');
});

it.each(extremes)(
  'server-sequential-thinking counts the thoughts of a client of %s',
  async (_name, connect) => {
    const running = await start({ args: [commandOf('server-sequential-thinking')] });
    const client = await connect(running as never);
    const think = (thoughtNumber: number) =>
      client.callTool({
        name: 'sequentialthinking',
        arguments: { thought: 't', nextThoughtNeeded: true, thoughtNumber, totalThoughts: 3 },
      });
    await think(1);

    expect(result(await think(2))).toContain('"thoughtHistoryLength": 2');
  },
);

const hasPython = spawnSync('python3', ['--version']).status === 0;

describe.skipIf(!hasPython)('a server in Python', () => {
  it.each(extremes)('answers a client of %s', async (_name, connect) => {
    const server = fileURLToPath(new URL('./servers/python-server.py', import.meta.url));
    const running = await start({ command: 'python3', args: ['-u', server] });
    const client = await connect(running as never);

    const added = await client.callTool({ name: 'add', arguments: { a: 2, b: 3 } });

    expect(result(added)).toBe('5');
  });
});
