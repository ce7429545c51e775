/** The generator as somebody runs it, in a copy of this repository. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const left = new Set(['node_modules', '.git', '.turbo', 'results']);
let copy: string;

interface Outcome {
  readonly code: number;
  readonly output: string;
}

async function run(program: string, words: readonly string[], cwd = copy): Promise<Outcome> {
  try {
    const { stdout, stderr } = await execute(program, words, { cwd, maxBuffer: 50_000_000 });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: `${stdout}${stderr}` };
  }
}

const generate = (...words: string[]) =>
  run(process.execPath, ['tools/scaffold/src/main.ts', ...words]);

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'scaffold-'));
  await cp(root, copy, {
    recursive: true,
    filter: (path) => !left.has(path.split('/').at(-1) ?? ''),
  });
  await run('git', ['init', '--quiet']);
  // Links are no folders, which is all that .gitignore names.
  await writeFile(join(copy, '.git/info/exclude'), 'node_modules\n');
  // What is installed here does for the copy as well.
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const parent of ['packages', 'apps', 'tools']) {
    for (const name of await readdir(join(copy, parent))) {
      await symlink(
        join(root, parent, name, 'node_modules'),
        join(copy, parent, name, 'node_modules'),
      );
    }
  }
});
afterAll(() => rm(copy, { recursive: true, force: true }));

describe.each([
  [
    'secrets',
    'azure-key-vault',
    'secrets-gcp',
    'SecretProvider contract',
    'createAzureKeyVaultSecrets',
  ],
  ['verifier', 'paseto', 'verifier-static', 'TokenVerifier contract', 'createPasetoVerifier'],
])('pnpm new %s %s', (kind, name, model, contract, factory) => {
  const directory = `${kind}-${name}`;
  const folder = () => join(copy, 'packages', directory);
  const tool = (path: string) => join(root, 'node_modules', path);

  it('writes a package that passes all checks but its contract', { timeout: 120_000 }, async () => {
    const { code, output } = await generate(kind, name);
    expect([code, output]).toEqual([0, expect.stringContaining(`packages/${directory}/README.md`)]);
    // What pnpm install would do.
    await symlink(join(root, 'packages', model, 'node_modules'), join(folder(), 'node_modules'));

    const lint = await run(tool('.bin/biome'), [
      'check',
      '--error-on-warnings',
      folder(),
      '.changeset',
      'README.md',
      'tools/packaging',
      'tools/architecture',
      'tools/leak-watch',
    ]);
    const built = await run(
      tool('.bin/tsup'),
      ['--silent', '--config', '../../tsup.config.ts'],
      folder(),
    );
    const declared = await run(tool('.bin/tsc'), ['-p', 'tsconfig.build.json'], folder());
    const typed = await run(tool('.bin/tsc'), [], folder());
    const rules = await run(
      tool('.bin/vitest'),
      ['run', 'test/architecture.test.ts', 'test/promises.test.ts', '--test-timeout=30000'],
      join(copy, 'tools/architecture'),
    );
    const watched = await run(tool('.bin/tsc'), [], join(copy, 'tools/leak-watch'));
    expect(
      [lint, built, declared, typed, rules, watched].filter((step) => step.code !== 0),
    ).toEqual([]);

    // Where git does not look: stack traces have paths of this machine in them.
    const report = join(copy, '.git', `${directory}.json`);
    await run(tool('.bin/vitest'), ['run', '--reporter=json', `--outputFile=${report}`], folder());
    const { testResults } = JSON.parse(await readFile(report, 'utf8')) as {
      testResults: { name: string; assertionResults: { fullName: string; status: string }[] }[];
    };
    const results = testResults.flatMap(({ assertionResults }) => assertionResults);
    const failed = results.filter(({ status }) => status === 'failed');
    expect(failed.length).toBeGreaterThan(3);
    const isContract = (title: string) => new RegExp(`^(rotating )?${contract}`).test(title);
    expect(failed.filter(({ fullName }) => !isContract(fullName))).toEqual([]);
    const passed = results.filter(({ status }) => status === 'passed');
    const named = (start: string) => passed.filter(({ fullName }) => fullName.startsWith(start));
    expect(named('shows an example')).toHaveLength(1);
    expect(named('refuses the options')).toHaveLength(5);
  });

  it('is added wherever packages are listed, once', async () => {
    for (const path of [
      'README.md',
      'tools/packaging/package.json',
      'tools/packaging/test/factories/index.ts',
      'tools/packaging/test/install.test.ts',
      'tools/architecture/test/architecture.test.ts',
    ]) {
      const lines = (await readFile(join(copy, path), 'utf8')).split('\n');
      expect(lines.filter((line) => line.includes(directory))).toHaveLength(1);
    }
    for (const path of ['observed.ts', 'observers.ts']) {
      const text = await readFile(join(copy, 'tools/leak-watch/src', path), 'utf8');
      expect(text.match(new RegExp(`\\b${factory}\\b`, 'g'))).toHaveLength(1);
    }
  });

  it('does not write over one that is there', async () => {
    expect(await generate(kind, name)).toEqual({
      code: 2,
      output: `packages/${directory} is there already: choose another name, or remove it.\n`,
    });
  });
});

it.each([
  [[], 'Say what to add: secrets or verifier. --help shows examples.'],
  [['limiter', 'x'], '"limiter" cannot be added'],
  [['secrets'], 'Say what to call it: pnpm new secrets <name>.'],
  [['secrets', 'a', 'b'], 'One name at a time'],
  [['secrets', 'Azure'], '"Azure" is no name for a package'],
  [['secrets', '../x'], 'is no name for a package'],
  [['secrets', 'a--b'], 'is no name for a package'],
  [['verifier', 'verifier-x'], 'Leave verifier- out: it is added. Say x.'],
])('ends with one sentence and writes nothing: %j', async (words, problem) => {
  const before = await readdir(join(copy, 'packages'));
  const { code, output } = await generate(...words);

  expect(code).toBe(2);
  expect(output).toContain(problem);
  expect(output.trimEnd().split('\n')).toHaveLength(1);
  expect(await readdir(join(copy, 'packages'))).toEqual(before);
});

it.each(['--help', '-h'])('tells how with %s', async (word) => {
  expect(await generate(word)).toMatchObject({
    code: 0,
    output: expect.stringContaining('new secrets <name>'),
  });
});
