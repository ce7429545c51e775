import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { parse as parseJsonc } from 'jsonc-parser';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { editJson } from '../src/install/edit-json.ts';
import { editToml } from '../src/install/edit-toml.ts';
import { command } from './command.ts';

const url = 'https://notes.acme-corp.dev/mcp';
const makeFolder = () => mkdtempSync(join(tmpdir(), 'install-'));

const clients = [
  ['claude-code', '.mcp.json', { mcpServers: { notes: { type: 'http', url } } }],
  ['vscode', '.vscode/mcp.json', { servers: { notes: { type: 'http', url } } }],
  ['cursor', '.cursor/mcp.json', { mcpServers: { notes: { url } } }],
  ['gemini-cli', '.gemini/settings.json', { mcpServers: { notes: { httpUrl: url } } }],
  ['inspector', 'mcp-inspector.json', { mcpServers: { notes: { type: 'streamable-http', url } } }],
  ['codex', '.codex/config.toml', { mcp_servers: { notes: { url } } }],
] as const;

describe.each(clients)('%s', (client, file, wanted) => {
  const read = (folder: string) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return file.endsWith('.toml') ? JSON.parse(JSON.stringify(parseToml(text))) : JSON.parse(text);
  };

  it('is shown what would be written, and nothing is', async () => {
    const folder = makeFolder();
    const { code, output } = await command(['install', client, url], { folder, home: folder });

    expect(output).toMatch(/Would create/);
    expect(output).toContain(url);
    expect(existsSync(join(folder, file))).toBe(false);
    expect(code).toBe(0);
  });

  it('has its file made with --write, and left alone the second time', async () => {
    const folder = makeFolder();
    const write = () => command(['install', client, url, '--write'], { folder, home: folder });
    await write();
    const first = readFileSync(join(folder, file), 'utf8');
    const { output } = await write();

    expect(read(folder)).toEqual(wanted);
    expect(readFileSync(join(folder, file), 'utf8')).toBe(first);
    expect(output).toMatch(/has this server already/);
  });

  it('has only the address changed of a server that is there', async () => {
    const folder = makeFolder();
    const write = (address: string) =>
      command(['install', client, address, '--write', '--name', 'notes'], { folder, home: folder });
    await write('https://old.acme-corp.dev/mcp');
    await write(url);

    expect(read(folder)).toEqual(wanted);
  });

  it.each([
    [
      'on this machine are told apart by their ports',
      'http://localhost:8490/mcp',
      'http://127.0.0.1:8491/mcp',
      undefined,
      ['local-8490', 'local-8491'],
    ],
    [
      'of one name are not mixed up: the second is refused',
      url,
      'https://notes.other-corp.dev/mcp',
      /under "notes"\. Choose another name with --name/,
      ['notes'],
    ],
  ])('two servers %s', async (_name, first, second, refused, names) => {
    const folder = makeFolder();
    const write = (address: string) =>
      command(['install', client, address, '--write'], { folder, home: folder });
    await write(first);
    const text = readFileSync(join(folder, file), 'utf8');
    const { code, errors } = await write(second);

    expect(Object.keys(Object(Object.values(read(folder))[0])).sort()).toEqual(names);
    expect(code).toBe(refused === undefined ? 0 : 1);
    if (refused === undefined) return;
    expect(errors).toMatch(refused);
    expect(readFileSync(join(folder, file), 'utf8')).toBe(text);
  });
});

describe('nothing of a file is lost', () => {
  const server = { member: 'servers', name: 'notes', entry: { type: 'http', url }, mayMove: true };

  it.each([
    [
      'comments',
      '// mine\n{\n  /* a */ "servers": {\n    "a": { "command": "x" } // keep\n  },\n  "b": [1, 2], // trailing\n}\n',
    ],
    ['tabs and Windows line ends', '{\r\n\t"servers": {\r\n\t\t"a": {}\r\n\t}\r\n}\r\n'],
    ['one line', '{"z":1,"servers":{"a":{"url":"u"}},"b":null}'],
    ['no servers', '{\n    "inputs": []\n}'],
    ['a byte order mark', '\uFEFF{ "servers": {} }'],
  ])('of JSON with %s', (_name, text) => {
    const changed = editJson(text, server, 'file');

    // Without one piece in its middle, the new text is the old one.
    let start = 0;
    while (start < text.length && changed[start] === text[start]) start += 1;
    let end = 0;
    while (end < text.length && changed.at(-1 - end) === text.at(-1 - end)) end += 1;

    expect(start + end).toBeGreaterThanOrEqual(text.trimEnd().length);
    expect(parseJsonc(changed.replace('\uFEFF', '')).servers.notes).toEqual(server.entry);
    if (text.includes('\r\n')) expect(changed.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('of any JSON', async () => {
    const names = fc.constantFrom('a', 'servers', 'x-y', '__proto', 'type');
    const values = fc.jsonValue({ maxDepth: 2 });
    await fc.assert(
      fc.property(
        fc.dictionary(names, values),
        fc.dictionary(names, fc.record({ url: fc.webUrl() })),
        fc.constantFrom(undefined, 2, 4, '\t'),
        (others, servers, indent) => {
          const before = { ...others, servers };
          const changed = editJson(JSON.stringify(before, null, indent), server, 'file');

          expect(JSON.parse(changed)).toEqual({
            ...JSON.parse(JSON.stringify(before)),
            servers: { ...servers, notes: server.entry },
          });
        },
      ),
    );
  });

  const codex = { member: 'mcp_servers', name: 'notes', entry: { url }, mayMove: true };

  it.each([
    ['comments', '# mine\nmodel = "o3" # keep\n\n[mcp_servers.a]\ncommand = "x"\n'],
    ['no line end', 'model = "o3"'],
    [
      'another address',
      '[mcp_servers.notes]\nurl = "https://old.acme-corp.dev" # old\nenabled = true\n\n[tui]\ntheme = "dark"\n',
    ],
    [
      'a table of its own below',
      '[mcp_servers.notes]\nurl = "https://old.acme-corp.dev"\n[mcp_servers.notes.http_headers]\nA = "b"\n',
    ],
  ])('of TOML with %s', (_name, text) => {
    const changed = editToml(text, codex, 'file');
    for (const line of text.split('\n').filter((each) => !each.startsWith('url'))) {
      expect(changed.split('\n')).toContain(line);
    }
    expect((parseToml(changed)['mcp_servers'] as { notes: { url: string } }).notes.url).toBe(url);
  });

  it.each([
    ['JSON that is broken', '.mcp.json', 'claude-code', '{ "mcpServers": '],
    ['JSON that is a list', '.mcp.json', 'claude-code', '[]'],
    [
      'a name that is taken',
      '.mcp.json',
      'claude-code',
      '{ "mcpServers": { "notes": { "command": "x" } } }',
    ],
    ['servers that are a list', '.mcp.json', 'claude-code', '{ "mcpServers": [] }'],
    [
      'the same member twice',
      '.mcp.json',
      'claude-code',
      '{ "mcpServers": {}, "mcpServers": { "a": {} } }',
    ],
    ['TOML that is broken', '.codex/config.toml', 'codex', 'a = '],
    ['TOML on one line', '.codex/config.toml', 'codex', 'mcp_servers = { a = { url = "u" } }\n'],
  ])('refuses %s, and leaves it as it is', async (_name, file, client, text) => {
    const folder = makeFolder();
    mkdirSync(join(folder, '.codex'));
    writeFileSync(join(folder, file), text);
    const { code, errors } = await command(['install', client, url, '--write'], {
      folder,
      home: folder,
    });

    expect(code).toBe(/--name/.test(errors) ? 1 : 2);
    expect(errors).toMatch(/nothing is changed|--name|by hand/);
    expect(readFileSync(join(folder, file), 'utf8')).toBe(text);
  });

  it('a link stays a link, and the mode stays', async () => {
    const folder = makeFolder();
    const target = join(folder, 'real.json');
    writeFileSync(target, '{}');
    chmodSync(target, 0o600);
    symlinkSync(target, join(folder, '.mcp.json'));
    const { code } = await command(['install', 'claude-code', url, '--write'], { folder });

    expect(code).toBe(0);
    expect(lstatSync(join(folder, '.mcp.json')).isSymbolicLink()).toBe(true);
    expect(statSync(target).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(target, 'utf8')).mcpServers.notes.url).toBe(url);
  });
});

it.each([
  [['install', 'emacs', url], /claude-code, codex, vscode, cursor, gemini-cli, inspector/],
  [['install', 'codex', 'notes'], /as a URL/],
  [['install', 'codex', 'https://user:pass@notes.acme-corp.dev/mcp'], /without credentials/],
  [['install', 'codex', url, '--name', 'a b'], /--name must be/],
])('ends with 2 for %j', async (words, problem) => {
  const { code, errors } = await command(words);

  expect(errors).toMatch(problem);
  expect(code).toBe(2);
});
