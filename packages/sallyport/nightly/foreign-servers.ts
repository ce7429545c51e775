/** MCP servers that nobody here wrote or that know no SDK, and a call of each of their tools. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A tool, its arguments, and a piece of its answer. */
export type Call = readonly [name: string, given: object, answer: string];

/** A server that can be put behind the gate. */
export interface ForeignServer {
  /** What `dev` and `run` are given. */
  readonly words: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly calls: readonly Call[];
  /** Tools that ask the client something: a client without sessions cannot be asked. */
  readonly asking?: readonly Call[];
  /** A call that reports its progress four times. */
  readonly slow?: { readonly name: string; readonly arguments: object };
  stop(): Promise<void> | void;
}

const require = createRequire(import.meta.url);

function programOf(name: string): string {
  const manifest = require.resolve(`@modelcontextprotocol/${name}/package.json`);
  const { bin } = require(manifest) as { bin: Record<string, string> };
  return join(dirname(manifest), Object.values(bin)[0] ?? '');
}

function makeFolder(): { readonly path: string; stop(): void } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'sallyport-')));
  return { path, stop: () => rmSync(path, { recursive: true, force: true }) };
}

const everything = {
  calls: [
    ['echo', { message: 'héllo' }, 'Echo: héllo'],
    ['get-annotated-message', { messageType: 'error', includeImage: true }, 'Operation failed'],
    ['get-env', {}, 'PATH'],
    ['get-resource-links', { count: 2 }, 'resource_link'],
    ['get-resource-reference', { resourceType: 'Text', resourceId: 1 }, 'resource'],
    ['get-structured-content', { location: 'New York' }, 'temperature'],
    ['get-sum', { a: 0.1, b: 2 }, '2.1'],
    ['get-tiny-image', {}, 'image/png'],
    [
      'gzip-file-as-resource',
      { name: 'a.gz', data: 'data:text/plain,hello', outputType: 'resource' },
      'application/gzip',
    ],
    ['toggle-simulated-logging', {}, 'logging'],
    ['toggle-subscriber-updates', {}, 'resource updated'],
    ['trigger-long-running-operation', { duration: 0.2, steps: 4 }, 'completed'],
  ],
  asking: [
    ['get-roots-list', {}, 'file:///home/test'],
    ['trigger-elicitation-request', {}, 'Elicited Name'],
    ['trigger-sampling-request', { prompt: 'say' }, 'sampled by the client'],
    ['trigger-url-elicitation', { url: 'https://example.com/' }, 'accept'],
  ],
  slow: { name: 'trigger-long-running-operation', arguments: { duration: 0.2, steps: 4 } },
} satisfies Pick<ForeignServer, 'calls' | 'asking' | 'slow'>;

async function startEverythingOverHttp(): Promise<ForeignServer> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  const child = spawn(process.execPath, [programOf('server-everything'), 'streamableHttp'], {
    env: { PATH: process.env['PATH'], PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  for await (const text of child.stderr) {
    said += text;
    if (said.includes('listening on port')) break;
  }
  return {
    ...everything,
    words: ['--upstream', `http://127.0.0.1:${port}/mcp`],
    stop: () => void child.kill('SIGKILL'),
  };
}

function filesystem(): ForeignServer {
  const { path, stop } = makeFolder();
  const at = (name: string) => join(path, name);
  writeFileSync(at('a.txt'), 'the text');
  writeFileSync(at('a.png'), 'no real image');
  mkdirSync(at('folder'));
  return {
    words: ['--', process.execPath, programOf('server-filesystem'), path],
    calls: [
      ['read_file', { path: at('a.txt') }, 'the text'],
      ['read_text_file', { path: at('a.txt') }, 'the text'],
      ['read_media_file', { path: at('a.png') }, 'image/png'],
      ['read_multiple_files', { paths: [at('a.txt'), at('a.txt')] }, 'the text'],
      ['write_file', { path: at('b.txt'), content: 'written' }, 'b.txt'],
      ['edit_file', { path: at('b.txt'), edits: [{ oldText: 'written', newText: 'new' }] }, 'new'],
      ['create_directory', { path: at('made') }, 'made'],
      ['list_directory', { path }, 'a.txt'],
      ['list_directory_with_sizes', { path }, 'a.txt'],
      ['directory_tree', { path }, 'folder'],
      ['move_file', { source: at('b.txt'), destination: at('c.txt') }, 'moved'],
      // Back, for the next client.
      ['move_file', { source: at('c.txt'), destination: at('b.txt') }, 'moved'],
      ['search_files', { path, pattern: '*.png' }, 'a.png'],
      ['get_file_info', { path: at('a.txt') }, 'size'],
      ['list_allowed_directories', {}, path],
    ],
    stop,
  };
}

function memory(): ForeignServer {
  const { path, stop } = makeFolder();
  const relation = { from: 'one', to: 'two', relationType: 'knows' };
  const entity = (name: string) => ({ name, entityType: 'thing', observations: ['first'] });
  return {
    words: ['--pass', 'MEMORY_FILE_PATH', '--', process.execPath, programOf('server-memory')],
    variables: { MEMORY_FILE_PATH: join(path, 'memory.jsonl') },
    calls: [
      ['create_entities', { entities: [entity('one'), entity('two')] }, 'one'],
      ['create_relations', { relations: [relation] }, 'knows'],
      ['add_observations', { observations: [{ entityName: 'one', contents: ['more'] }] }, 'more'],
      ['read_graph', {}, 'knows'],
      ['search_nodes', { query: 'two' }, 'two'],
      ['open_nodes', { names: ['one'] }, 'one'],
      ['delete_observations', { deletions: [{ entityName: 'one', observations: ['more'] }] }, ''],
      ['delete_relations', { relations: [relation] }, ''],
      ['delete_entities', { entityNames: ['one', 'two'] }, ''],
    ],
    stop,
  };
}

const thought = { thought: 't', nextThoughtNeeded: true, thoughtNumber: 1, totalThoughts: 3 };
const python = fileURLToPath(new URL('./servers/stdlib_server.py', import.meta.url));
const addition: readonly Call[] = [['add', { a: 2, b: 3 }, '5']];

async function startPythonOverHttp(): Promise<ForeignServer> {
  const child = spawn('python3', ['-u', python, 'http'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(child.stdout, 'data');
  return {
    words: ['--upstream', `http://127.0.0.1:${String(port).trim()}/mcp`],
    calls: addition,
    stop: () => void child.kill('SIGKILL'),
  };
}

/** By what they are. */
export const foreignServers: Readonly<Record<string, () => Promise<ForeignServer>>> = {
  'server-everything over HTTP': startEverythingOverHttp,
  'server-everything over stdio': async () => ({
    ...everything,
    words: ['--', process.execPath, programOf('server-everything'), 'stdio'],
    stop: () => {},
  }),
  'server-filesystem': async () => filesystem(),
  'server-memory': async () => memory(),
  'server-sequential-thinking': async () => ({
    words: ['--', process.execPath, programOf('server-sequential-thinking')],
    calls: [['sequentialthinking', thought, 'thoughtHistoryLength']],
    stop: () => {},
  }),
  'a server in Python over stdio': async () => ({
    words: ['--', 'python3', python],
    calls: addition,
    stop: () => {},
  }),
  'a server in Python over HTTP': startPythonOverHttp,
};
