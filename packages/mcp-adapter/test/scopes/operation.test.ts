import { ConfigError } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { listScopes, readOperations } from '../../src/scopes/operation.ts';
import { toolCall } from '../fixture.ts';

const tools = { whoami: [], list: ['notes:read'], delete: ['notes:read', 'notes:delete'] };
const operations = readOperations({ tools });
const read = (body: unknown) => {
  const { name, scopes } = operations.read(body);
  return { name, scopes };
};

describe('readOperations', () => {
  it('hands the message on to the rules', () => {
    const batch = [toolCall('list')];
    expect(operations.read(batch).message).toBe(batch);
  });

  it.each([
    ['a declared tool', toolCall('delete'), 'tools/call delete', tools.delete],
    ['a tool that needs nothing', toolCall('whoami'), 'tools/call whoami', []],
    ['a method of the protocol', { method: 'tools/list' }, 'tools/list', []],
    ['a method of nobody', { method: 'x\n"admin"' }, 'other method', []],
    ['a response', { id: 1, result: {} }, 'response', []],
    ['an empty batch', [], '', []],
  ])('reads %s', (_name, body, name, scopes) => {
    expect(read(body)).toEqual({ name, scopes });
  });

  it.each(['nobody', '__proto__', 'constructor', 'hasOwnProperty', 'Delete', 'delete ', ''])(
    'asks for every declared scope where the tool is "%s", and does not repeat the name',
    (tool) => {
      expect(read(toolCall(tool))).toEqual({
        name: 'tools/call of an undeclared tool',
        scopes: ['notes:read', 'notes:delete'],
      });
    },
  );

  it.each([
    [{ method: 'tools/call' }],
    [{ method: 'tools/call', params: null }],
    [{ method: 'tools/call', params: { name: { toString: 'whoami' } } }],
    [{ method: 'tools/call', params: { name: ['whoami'] } }],
    [Object.create({ method: 'ping' }, { method: { value: 'tools/call', enumerable: true } })],
  ])('asks for every declared scope where no tool can be read: %j', (message) => {
    expect(read(message).scopes).toEqual(['notes:read', 'notes:delete']);
  });

  it('adds up the scopes of a batch (MCP-03)', () => {
    expect(read([toolCall('whoami'), toolCall('list'), toolCall('list', 2)])).toEqual({
      name: 'tools/call whoami, tools/call list',
      scopes: ['notes:read'],
    });
  });

  it('takes other scopes for undeclared tools when told', () => {
    const { read: open } = readOperations({ tools, otherTools: ['notes:read'] });

    expect(open(toolCall('nobody')).scopes).toEqual(['notes:read']);
  });

  const by = {
    scopes: ['notes:read', 'notes:write'],
    choose: (given: unknown) => {
      const { mode } = given as { mode: string };
      return mode === 'append' ? ['notes:write'] : ['notes:read'];
    },
  };
  const { read: everything } = readOperations({
    tools: { edit: by, 'admin_*': ['admin'], 'admin_view*': ['notes:read'] },
    prompts: { summary: ['notes:read'] },
    resources: { 'notes://public/*': [], 'notes://*': ['notes:read'] },
    methods: { 'tools/list': ['list'], 'tools/call': ['call'], 'acme/wipe': ['admin'] },
  });
  const ask = (method: string, params: unknown) => everything({ method, params });

  it.each(['acme/wipe', 'ACME/Wipe', ' acme/wipe', 'acme/wipe\0'])(
    'MCP-18: asks for the scopes of a declared method in the spelling %j',
    (method) => {
      expect(ask(method, {}).scopes).toEqual(['admin']);
    },
  );

  it.each([
    [
      'tools/call',
      { name: 'edit', arguments: { mode: 'append' } },
      'tools/call edit',
      ['call', 'notes:write'],
    ],
    [
      'tools/call',
      { name: 'edit', arguments: { mode: 'read' } },
      'tools/call edit',
      ['call', 'notes:read'],
    ],
    ['tools/call', { name: 'edit' }, 'tools/call edit', ['call', 'notes:read', 'notes:write']],
    ['tools/call', { name: 'admin_drop' }, 'tools/call admin_*', ['call', 'admin']],
    ['tools/call', { name: 'admin_view_all' }, 'tools/call admin_view*', ['call', 'notes:read']],
    ['tools/list', {}, 'tools/list', ['list']],
    ['prompts/get', { name: 'summary' }, 'prompts/get summary', ['notes:read']],
    ['prompts/get', { name: 'x\ny' }, 'prompts/get of an undeclared prompt', ['notes:read']],
    ['resources/read', { uri: 'notes://public/1' }, 'resources/read notes://public/*', []],
    ['resources/read', { uri: 'notes://1' }, 'resources/read notes://*', ['notes:read']],
    [
      'resources/subscribe',
      { uri: 'file:///x' },
      'resources/subscribe of an undeclared resource',
      ['notes:read'],
    ],
    [
      'resources/unsubscribe',
      {},
      'resources/unsubscribe of an undeclared resource',
      ['notes:read'],
    ],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'summary' } },
      'completion/complete summary',
      ['notes:read'],
    ],
    [
      'completion/complete',
      { ref: { type: 'ref/resource', uri: 'notes://{id}' } },
      'completion/complete notes://*',
      ['notes:read'],
    ],
    ['completion/complete', {}, 'completion/complete of an undeclared prompt', ['notes:read']],
    ['acme/wipe', {}, 'acme/wipe', ['admin']],
    ['acme/other', {}, 'other method', []],
  ])('reads %s of %j', (method, params, name, scopes) => {
    expect(ask(method, params)).toMatchObject({ name, scopes });
  });

  it('asks for all of them where a function names another scope', () => {
    const { read: wrong } = readOperations({
      tools: { edit: { scopes: ['notes:write'], choose: () => ['notes:read'] } },
    });

    expect(wrong(toolCall('edit')).scopes).toEqual(['notes:write']);
  });

  it('leaves prompts and resources to any token where nothing is declared of them', () => {
    expect(read({ method: 'prompts/get', params: { name: 'x' } }).scopes).toEqual([]);
    expect(read({ method: 'resources/read', params: { uri: 'x' } }).scopes).toEqual([]);
  });

  it.each([
    ['gate.scopes.prompts.a', { tools: {}, prompts: { a: ['two words'] } }],
    ['gate.scopes.resources.a', { tools: {}, resources: { a: 'read' as never } }],
    ['gate.scopes.methods.a', { tools: {}, methods: { a: [''] } }],
    ['gate.scopes.tools.a', { tools: { a: { scopes: ['x'], choose: 'x' as never } } }],
    ['gate.scopes.tools.a', { tools: { a: null as never } }],
    ['gate.scopes.tools.list', { tools: { list: ['two words'] } }],
    ['gate.scopes.otherTools', { tools: {}, otherTools: ['"'] }],
  ])('refuses a scope that is none in %s', (option, scopes) => {
    expect(() => readOperations(scopes)).toThrow(ConfigError);
    expect(() => readOperations(scopes)).toThrow(expect.objectContaining({ option }));
  });
});

describe('listScopes', () => {
  it('names every scope that anything may need, once', () => {
    expect(
      listScopes({
        tools: { a: ['x'], b: { scopes: ['y', 'z'], choose: () => ['y'] } },
        otherTools: ['t'],
        prompts: { c: ['x', 'p'] },
        resources: { 'd*': ['r'] },
        otherResources: ['o'],
        methods: { 'tools/list': ['m'] },
      }),
    ).toEqual(['x', 'y', 'z', 'p', 'r', 'm', 't', 'o']);
  });
});

describe('resources', () => {
  const { read: readUri, certain } = readOperations({
    tools: {},
    resources: {
      'file:///public/*': [],
      'file:///*': ['secrets'],
      'https://Docs.example': ['docs'],
      'notes://one': ['notes'],
      'notes://by-name': {
        scopes: ['a', 'b'],
        choose: (uri) => (uri === 'notes://by-name' ? ['a'] : ['b']),
      },
    },
  });
  const everyScope = ['secrets', 'docs', 'notes', 'a', 'b'];
  const methods = ['resources/read', 'resources/subscribe', 'resources/unsubscribe'];
  const ask = (uri: unknown) =>
    methods.map((method) => readUri({ method, params: { uri } }).scopes);

  it.each<[string, readonly string[]]>([
    ['file:///public/x', []],
    ['file:///secret', ['secrets']],
    ['file:///public/../secret', ['secrets']],
    ['file:///public/%2e%2E/secret', ['secrets']],
    ['file:///public/./..\\secret', ['secrets']],
    ['FILE:///public/../secret', [...everyScope]],
    ['fi\nle:///public/../secret', [...everyScope]],
    [' file:///secret', [...everyScope]],
    ['file:///public/..%2fsecret', []],
    ['https://Docs.example', ['docs']],
    ['https://docs.example/', ['docs']],
    ['https://docs.example:443/', [...everyScope]],
    ['notes://one', ['notes']],
    ['no uri', [...everyScope]],
  ])('needs for %j what it says and what the SDKs make of it (MCP-03)', (uri, scopes) => {
    for (const needed of ask(uri)) expect([...needed].sort()).toEqual([...scopes].sort());
    if (uri !== 'notes://by-name') {
      expect([...certain({ resource: uri }).scopes].sort()).toEqual([...scopes].sort());
    }
  });

  it.each<[unknown, string, readonly string[]]>([
    [undefined, '', []],
    [{}, '', []],
    [{ toolsListChanged: true }, '', []],
    [{ resourceSubscriptions: [] }, '', []],
    [{ resourceSubscriptions: ['notes://one'] }, ' notes://one', ['notes']],
    [
      { resourceSubscriptions: ['notes://one', 'file:///public/../secret', 'notes://one'] },
      ' notes://one,  file:///public/*,  file:///*',
      ['notes', 'secrets'],
    ],
    [{ resourceSubscriptions: 'notes://one' }, ' of an undeclared resource', everyScope],
    [{ resourceSubscriptions: [{}] }, ' of an undeclared resource', everyScope],
  ])(
    'needs for news of %j what reading them does (MCP 2026-07-28, "subscriptions/listen")',
    (notifications, name, scopes) => {
      const method = 'subscriptions/listen';
      const operation = readUri({ method, params: { notifications } });

      expect(operation.name).toBe(`subscriptions/listen${name}`);
      expect([...operation.scopes].sort()).toEqual([...scopes].sort());
    },
  );

  it.each<[string, readonly string[]]>([
    ['file:///notes/one', []],
    ['file:///notes//one', []],
    ['file:///notes/%zz', []],
    ['file:///notes/a%20b', []],
    ['file:///secret/x', ['secrets']],
    ['file:///%73ecret/x', ['secrets']],
    ['file:///sec%72%65t%2Fx', []],
    ['file:////secret/x', ['secrets']],
    ['file:///.//secret/x', ['secrets']],
    ['file://localhost//%73%65cret/x', ['secrets', 'server']],
    ['file://server//secret/x', ['server']],
    ['notes:///%73ecret/x', ['secrets']],
    ['notes:///a//b', []],
  ])('needs for %j what servers that decode it read (MCP-18)', (uri, scopes) => {
    const { read: readFile } = readOperations({
      tools: {},
      resources: {
        'file:///*': [],
        'file:///secret/*': ['secrets'],
        'file://server/*': [],
        'file://server/secret/*': ['server'],
        'notes:///*': [],
        'notes:///secret/*': ['secrets'],
      },
    });

    for (const method of methods) {
      expect(readFile({ method, params: { uri } }).scopes).toEqual(scopes);
    }
  });

  it('lets what is declared win over what comes to the same', () => {
    const { read: both } = readOperations({
      tools: {},
      resources: { 'HTTPS://a.example/': [], 'https://a.example/': ['docs'] },
    });

    for (const uri of ['HTTPS://a.example/', 'https://a.example/']) {
      expect(both({ method: 'resources/read', params: { uri } }).scopes).toEqual(['docs']);
    }
  });
});

it('refuses to start with offline_access, which no operation needs (SPEC-08)', () => {
  expect(() => readOperations({ tools: { list: ['offline_access'] } })).toThrow(
    expect.objectContaining({ option: 'gate.scopes' }),
  );
});

describe('MCP-18: names that a server may take for a listed one', () => {
  const spellings: Readonly<Record<string, (name: string) => string>> = {
    'upper case': (name) => name.toUpperCase(),
    'one letter in upper case': (name) => name.replace('e', 'E'),
    'the long s': (name) => name.replace('s', '\u017f'),
    'the Kelvin sign': (name) => name.replace('k', '\u212a'),
    'fullwidth letters': (name) => name.replace('e', '\uff45'),
    'decomposed letters': (name) => name.normalize('NFD'),
    'white space around it': (name) => `\t${name} `,
    'a byte order mark': (name) => `\ufeff${name}`,
    'a lot of white space': (name) => name + ' '.repeat(100_000),
  };
  const name = 'mask_\u00e9_secret';
  const rules = { [name]: ['secret'], 'admin_es*': ['admin'], open: [] };
  const scopes = {
    tools: rules,
    otherTools: ['other'],
    prompts: rules,
    otherPrompts: ['other'],
    resources: { 'note://kept/secret': ['secret'], 'note://kept/admin_es*': ['admin'] },
    otherResources: ['other'],
  };
  const operations = readOperations(scopes);
  const call = (method: string, params: object) => ({ jsonrpc: '2.0', id: 1, method, params });
  const scopesOf = (method: string, params: object) =>
    [...operations.read(call(method, params)).scopes].toSorted();

  it.each(Object.entries(spellings))('%s needs the scopes of both', (_case, spell) => {
    for (const [listed, needed] of [
      [name, 'secret'],
      ['admin_eskimo', 'admin'],
    ] as const) {
      const spelt = spell(listed);
      const both = ['other', needed].toSorted();
      if (spelt === listed || spelt.startsWith('admin_es')) continue;
      expect(scopesOf('tools/call', { name: spelt })).toEqual(both);
      expect(scopesOf('prompts/get', { name: spelt })).toEqual(both);
      const ref = { type: 'ref/prompt', name: spelt };
      expect(scopesOf('completion/complete', { ref })).toEqual(both);
      const certain = operations.certain({ tool: spelt });
      expect(certain.scopes.toSorted()).toEqual(both);
    }
  });

  it.each([
    ['NOTE://kept/secret', ['secret']],
    ['note://kept/SECRET', ['other', 'secret']],
    ['note://KEPT/secret', ['other', 'secret']],
    ['note://kept/Admin_ES/x', ['admin', 'other']],
    ['note://kept/other', ['other']],
  ])('the resource %s needs %j', (uri, expected) => {
    expect(scopesOf('resources/read', { uri })).toEqual(expect.arrayContaining(expected));
    const ref = { type: 'REF/RESOURCE', uri };
    expect(scopesOf('completion/complete', { ref })).toEqual(expect.arrayContaining(expected));
  });

  it('a prefix does not hide a listed name that differs in letter case', () => {
    const { read: readAll } = readOperations({
      tools: { 'read_*': ['read'], read_secret: ['secret'], Read_secret: ['other'] },
    });

    expect(readAll(toolCall('read_SECRET'))).toMatchObject({
      name: 'tools/call read_*',
      scopes: ['read', 'secret', 'other'],
    });
    expect(readAll(toolCall('Read_secret')).scopes).toEqual(['other']);
    expect(readAll(toolCall('read_secrets')).scopes).toEqual(['read']);
  });

  it('folds a long name as far as a rule can reach', () => {
    const long = `open${'\ufdfa'.repeat(300_000)}`;

    expect(scopesOf('tools/call', { name: long })).toEqual(['other']);
    expect(scopesOf('tools/call', { name: `ADMIN_ES${long}` })).toEqual(['admin', 'other']);
  });
});
