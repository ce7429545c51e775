/** Every block of code of the site's own pages is run, or compared with what is run. */

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseEnv, promisify } from 'node:util';
import { runCommandLine } from 'sallyport';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageOfDocument } from '../src/pages/documents.ts';
import { readSource, root } from '../src/repository.ts';
import { type CodeBlock, readCodeBlocks } from '../src/snippets/code-blocks.ts';
import { marks } from '../src/snippets/marks.ts';
import { tryVariables } from '../src/start-up/try-variables.ts';
import { pages } from './assembled.ts';
import { startGate, type TestServer } from './server/gates.ts';
import { createTestIssuer } from './server/tokens.ts';
import { runInShell } from './shell.ts';

const run = promisify(execFile);

interface Block extends CodeBlock {
  readonly place: string;
}

// The documents of the repository have tests of their own: see "who tests documents" below.
const own = pages.filter(({ source }) => !pageOfDocument.has(source));
const blocks: readonly Block[] = own.flatMap(({ path, source, text }) => {
  // Sections of documents are filled in later, and are tested with their document.
  const written =
    source.startsWith('apps/docs/content/') && source.endsWith(path) ? readSource(source) : text;
  return readCodeBlocks(written).map((block) => ({ ...block, place: `${path}:${block.line}` }));
});

/** One block of each text. Many pages show the same command. */
function marked(...names: readonly string[]): readonly Block[] {
  const found = blocks.filter(({ mark }) => names.includes(mark));
  return [...new Map(found.map((block) => [block.code, block])).values()];
}

it('finds the blocks', () => {
  expect(blocks.length).toBeGreaterThan(250);
});

it('every block says how it is run', () => {
  expect(
    blocks.filter(({ mark }) => !Object.hasOwn(marks, mark)).map(({ place }) => place),
  ).toEqual([]);
});

it('every mark is used', () => {
  const used = new Set(blocks.map(({ mark }) => mark));
  expect(Object.keys(marks).filter((mark) => !used.has(mark))).toEqual([]);
});

it('reads marks, labels and the code between the fences', () => {
  const text = 'Text\n\n```ts check [server.ts]\nconst a = 1;\n\n```\n\n```\nplain\n```\n';
  expect(readCodeBlocks(text)).toEqual([
    { language: 'ts', mark: 'check', label: 'server.ts', code: 'const a = 1;\n\n', line: 3 },
    { language: '', mark: '', label: '', code: 'plain\n', line: 8 },
  ]);
});

describe('the variables start a server', () => {
  it.each(marked('accepted', 'development'))('$place', async ({ code }) => {
    const { problems } = await tryVariables(parseEnv(code) as Record<string, string>, {
      composes: false,
    });
    expect(problems).toEqual([]);
  });
});

it('types are right in every block of TypeScript', async () => {
  const folder = mkdtempSync(fileURLToPath(new URL('../.snippets-', import.meta.url)));
  try {
    for (const [index, { code, place }] of marked('check', 'run').entries()) {
      writeFileSync(
        `${folder}/${index}-${place.replaceAll(/[/:.]/g, '-')}.ts`,
        `${code}\nexport {};\n`,
      );
    }
    const options = {
      include: ['*.ts'],
      extends: '../../../tsconfig.base.json',
      compilerOptions: { lib: ['ES2024', 'DOM'], noUnusedLocals: false },
    };
    writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(options));
    // Not the compiler of TypeDoc.
    const { stdout } = await run(`${root}node_modules/.bin/tsc`, ['-p', folder]).catch(
      (error) => error,
    );
    expect(stdout).toBe('');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('the example of a test does what its comments say', async () => {
  const [{ code } = { code: '' }] = marked('run');
  const folder = mkdtempSync(fileURLToPath(new URL('../.snippets-', import.meta.url)));
  try {
    writeFileSync(`${folder}/example.ts`, code);
    const { statuses } = await import(/* @vite-ignore */ `${folder}/example.ts`);
    expect(statuses).toEqual(
      [...code.matchAll(/ \/\/ (\d{3})$/gm)].map(([, status]) => Number(status)),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it.each(marked('json'))('$place is JSON', ({ code }) => {
  expect(JSON.parse(code)).toBeTypeOf('object');
});

it('the README has the local authorization server of the quick start', () => {
  const { code } = blocks.find(({ label }) => label === 'auth.mjs') ?? { code: 'no block' };
  expect(readSource('README.md')).toContain(code);
});

it('Python can be parsed', async () => {
  const texts = marked('python', 'before').map(({ code }) => code);
  const script =
    'import ast, json, sys\nfor text in json.load(sys.stdin): ast.parse(text)\nprint("parsed")';
  const said = await runInShell(`printf '%s' "$TEXTS" | python3 -c "$SCRIPT"`, {
    TEXTS: JSON.stringify(texts),
    SCRIPT: script,
  });
  expect(said).toBe('parsed\n');
});

describe('with stand-ins for the programs of others', () => {
  it.each(marked('stand-in'))('$place', async ({ code }) => {
    const standIns =
      'gcloud() { [[ $* != *=- ]] || cat > /dev/null; echo "gcloud $*"; }\nvault() { echo "vault $*"; }\n';
    const said = await runInShell(standIns + code);

    expect(said).toMatch(
      /^(?:gcloud (?:secrets versions|logging read) |vault (?:kv|policy|write) )/,
    );
  });
});

describe('scripts of the repository', () => {
  const { scripts } = JSON.parse(readSource('package.json'));
  it.each(marked('repository'))('$place', ({ code }) => {
    const [, script] = /^npx --yes pnpm@12 (?:run )?([\w-]+)/.exec(code) ?? [];
    if (script === undefined) expect(readSource('apps/reference/README.md')).toContain(code.trim());
    else expect(scripts).toHaveProperty([script]);
  });
});

it.each(marked('checked'))('$place is a part of an example that is run', ({ code }) => {
  expect(readSource('packages/protect/test/readme.ts')).toContain(
    code.trim().replace(/^app.use/, ''),
  );
});

describe('commands', () => {
  const helpOf = async (...path: readonly string[]): Promise<string> =>
    (await ask([...path, '--help'])).said;

  it.each(marked('command', 'started'))(
    '$place has words that the command knows',
    async ({ code }) => {
      const line = code.split('npx sallyport ')[1]?.trim() ?? '';
      const [command = '', ...words] = line.replace(/ -- .*$/, '').split(/\s+/);
      const [second = ''] = words;
      // Such as `keys create`.
      const path = command === 'keys' && second !== '' ? [command, second] : [command];
      const help = await helpOf(...path);

      expect(help).toContain(`Usage: sallyport ${path.join(' ')}`);
      const options = words.filter((word) => word.startsWith('--'));
      expect(options.filter((option) => !help.includes(option))).toEqual([]);
    },
  );

  it('check, explain and keygen do what the pages say', async () => {
    const folder = mkdtempSync('/tmp/docs-');
    try {
      const variables = marked('accepted')[0]?.code ?? '';
      mkdirSync(folder, { recursive: true });
      writeFileSync(`${folder}/.env`, variables);
      expect(await ask(['check', '--env-file', '.env'], { folder })).toMatchObject({ code: 0 });

      const issuer = await createTestIssuer();
      const token = await issuer.issue('other_audience');
      const explained = await ask(['explain', '--env-file', '.env'], { folder, input: token });
      expect(explained.code).toBe(1);
      expect(explained.said).toContain('First broken');

      expect((await ask(['keygen', 'session'])).code).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

interface Asked {
  readonly folder?: string;
  readonly input?: string;
}

async function ask(words: readonly string[], { folder = '.', input = '' }: Asked = {}) {
  const said: string[] = [];
  const write = (text: string) => void said.push(text);
  const code = await runCommandLine({
    words,
    variables: {},
    input: (async function* () {
      yield Buffer.from(input);
    })() as never,
    output: { write },
    errors: { write },
    folder,
    home: folder,
    now: Date.now,
    monotonicNow: () => performance.now(),
    signal: new AbortController().signal,
  });
  return { code, said: said.join('') };
}

describe('curl', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startGate('jwt', await createTestIssuer());
  });
  afterAll(() => server.close());

  it.each(marked('curl'))('$place gets the answer below it', async ({ code, place }) => {
    const own = code
      .replace('curl -i', 'curl -sS -i')
      .replace('http://localhost:8000', server.origin);
    const answer = (await runInShell(own)).replaceAll('\r', '');
    const below = blocks[blocks.findIndex((block) => block.place === place) + 1];

    expect(below?.mark).toBe('answer');
    for (const line of below?.code.trim().split('\n') ?? []) expect(answer).toContain(line);
  });
});

describe('who tests documents', () => {
  it.each([...pageOfDocument.keys()].filter((file) => file.startsWith('packages/')))(
    '%s has a test',
    (file) => {
      expect(readSource(file.replace('README.md', 'package.json'))).toContain('vitest run');
      const test = readSource(file.replace('README.md', 'test/readme.ts'));
      expect(readSource(file)).toContain(test);
    },
  );
});
