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
const left = new Set(['node_modules', '.git', '.turbo', 'dist', 'results']);
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

/** Kind, name, a package with the same dependencies, its contract, its factory, and its refused options. */
const packages = [
  [
    'secrets',
    'azure-key-vault',
    'secrets-gcp',
    'SecretProvider contract',
    'createAzureKeyVaultSecrets',
    5,
  ],
  ['verifier', 'paseto', 'verifier-static', 'TokenVerifier contract', 'createPasetoVerifier', 5],
  [
    'rate-limit',
    'memcached',
    'rate-limit',
    'RateLimiter contract',
    'createMemcachedRateLimiter',
    7,
  ],
] as const;
const folderOf = (kind: string, name: string) => join(copy, 'packages', `${kind}-${name}`);
const tool = (path: string) => join(root, 'node_modules', path);

interface TestFile {
  readonly name: string;
  readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
}

interface Generated {
  readonly outcomes: Readonly<Record<string, Outcome>>;
  readonly checks: readonly Outcome[];
  readonly testFiles: readonly TestFile[];
}

let generating: Promise<Generated> | undefined;

/** Every tool runs once for all packages: to start one costs seconds of CPU time. */
function generateAll(): Promise<Generated> {
  generating ??= (async () => {
    const outcomes: Record<string, Outcome> = {};
    for (const [kind, name, model] of packages) {
      outcomes[kind] = await generate(kind, name);
      // What pnpm install would do.
      const installed = join(root, 'packages', model, 'node_modules');
      await symlink(installed, join(folderOf(kind, name), 'node_modules'));
    }
    const folders = packages.map(([kind, name]) => folderOf(kind, name));
    const linted = ['.changeset', 'README.md', 'docs', 'tools'];
    const lint = await run(tool('.bin/biome'), [
      'check',
      '--error-on-warnings',
      ...folders,
      ...linted,
    ]);
    const typed = await checkTypes([...folders, join(copy, 'tools/leak-watch/src')]);
    return { outcomes, checks: [lint, typed], testFiles: await runTests(folders) };
  })();
  return generating;
}

/** All folders have the same options, so one program checks them. */
async function checkTypes(folders: readonly string[]): Promise<Outcome> {
  const config = join(copy, '.git/tsconfig.json');
  const settings = { extends: '../tsconfig.base.json', include: folders };
  await writeFile(config, JSON.stringify(settings));
  return run(tool('.bin/tsc'), ['-p', config]);
}

/** The tests of the new packages, and those that hold the shape of the repository. */
async function runTests(folders: readonly string[]): Promise<readonly TestFile[]> {
  // Where git does not look: stack traces have paths of this machine in them.
  const config = join(copy, '.git/vitest.config.mjs');
  const report = join(copy, '.git/report.json');
  const projects = [...folders, join(copy, 'tools/architecture')];
  await writeFile(config, `export default { test: { projects: ${JSON.stringify(projects)} } };\n`);
  const shape = ['architecture', 'exports', 'promises', 'requirements'];
  await run(tool('.bin/vitest'), [
    ...['run', `--root=${copy}`, `--config=${config}`],
    ...['--reporter=json', `--outputFile=${report}`],
    ...folders,
    ...shape.map((name) => join(copy, `tools/architecture/test/${name}.test.ts`)),
  ]);
  return (JSON.parse(await readFile(report, 'utf8')) as { testResults: TestFile[] }).testResults;
}

describe.each(packages)('pnpm new %s %s', (kind, name, _model, contract, factory, refused) => {
  const directory = `${kind}-${name}`;
  const folder = () => folderOf(kind, name);

  it('writes a package that passes all checks but its contract', { timeout: 240_000 }, async () => {
    const { outcomes, checks, testFiles } = await generateAll();
    expect(outcomes[kind]).toEqual({
      code: 0,
      output: expect.stringContaining(`packages/${directory}/README.md`),
    });
    expect(checks.filter((step) => step.code !== 0)).toEqual([]);

    const resultsIn = (path: string) =>
      testFiles
        .filter((file) => file.name.includes(path))
        .flatMap(({ assertionResults }) => assertionResults);
    const shape = resultsIn('/tools/architecture/');
    expect(shape.length).toBeGreaterThan(20);
    expect(shape.filter(({ status }) => status !== 'passed')).toEqual([]);
    const results = resultsIn(`/packages/${directory}/`);
    const failed = results.filter(({ status }) => status === 'failed');
    expect(failed.length).toBeGreaterThan(3);
    const isContract = (title: string) => new RegExp(`^(rotating )?${contract}`).test(title);
    expect(failed.filter(({ fullName }) => !isContract(fullName))).toEqual([]);
    const passed = results.filter(({ status }) => status === 'passed');
    const named = (start: string) => passed.filter(({ fullName }) => fullName.startsWith(start));
    expect(named('shows an example')).toHaveLength(1);
    expect(named('refuses the options')).toHaveLength(refused);
  });

  // All kinds are built in one way, and each build costs seconds of CPU time.
  it.runIf(kind === 'secrets')('builds', { timeout: 240_000 }, async () => {
    await generateAll();
    const built = await run(
      tool('.bin/tsup'),
      ['--silent', '--config', '../../tsup.config.ts'],
      folder(),
    );
    const declared = await run(tool('.bin/tsc'), ['-p', 'tsconfig.build.json'], folder());

    expect([built, declared].filter((step) => step.code !== 0)).toEqual([]);
  });

  it('is added wherever packages are listed, once', async () => {
    await generateAll();
    for (const path of [
      'README.md',
      'docs/architecture.md',
      'tools/packaging/package.json',
      'tools/packaging/test/factories/index.ts',
      'tools/packaging/test/hosts/tarball-limits.ts',
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
    await generateAll();
    expect(await generate(kind, name)).toEqual({
      code: 2,
      output: `packages/${directory} exists already: choose another name, or remove it.\n`,
    });
  });
});

it.each([
  [[], 'Name what to add: secrets, verifier or rate-limit. --help shows examples.'],
  [['limiter', 'x'], 'The generator does not know "limiter"'],
  [['secrets'], 'Name the package: pnpm new secrets <name>.'],
  [['secrets', 'a', 'b'], 'Give one name at a time'],
  [['secrets', 'Azure'], '"Azure" cannot name a package'],
  [['secrets', '../x'], 'cannot name a package'],
  [['secrets', 'a--b'], 'cannot name a package'],
  [['verifier', 'verifier-x'], 'Leave out verifier-, which the generator adds: use x.'],
  [['rate-limit', 'rate-limit-x'], 'Leave out rate-limit-, which the generator adds: use x.'],
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
    output: expect.stringContaining('new rate-limit <name>'),
  });
});
