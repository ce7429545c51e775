/**
 * Each host of the README of protect as a reader meets it: an empty project, the install line exactly as it
 * stands, the snippet as pasted. On every supported Node.js in TypeScript and JavaScript, as ES module and by
 * `require`, and on the platforms that are not Node.js.
 */
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { findFreePort } from '@sallyport/test-parts/free-port';
import { type AuthorizationServer, startAuthorizationServer } from '@sallyport/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startProjects, variablesFor } from '../test/hosts/programs.ts';
import { askServer, readmeIssuer, resource, rightAnswers } from '../test/hosts/questions.ts';
import { type ReadmeProject, readProjects } from '../test/hosts/readme-projects.ts';
import { type Registry, runNpm, startRegistry } from '../test/hosts/registry.ts';
import { variants } from './variants.ts';

const nodeVersions = ['22', '24', '26'] as const;
const platforms = { deno: '2.9.6', bun: '1.4.5', miniflare: '4', esbuild: '0.28' } as const;

const execute = promisify(execFile);
const root = new URL('../../../', import.meta.url).pathname;
const readme = await readFile(join(root, 'packages/protect/README.md'), 'utf8');
const projects = readProjects(readme);
const onNode = projects.filter(({ name }) => !name.startsWith('next-'));
const named = (name: string) => projects.find((each) => each.name === name) as ReadmeProject;
const [, ofDevelopment = ''] = /^npm install (--save-dev .+)$/m.exec(readme) ?? [];

const folder = await mkdtemp(join(tmpdir(), 'hosts-nightly-'));
const tools = join(folder, 'tools');
let registry: Registry;
let issuer: AuthorizationServer;

beforeAll(async () => {
  const scopes = ['notes:read', 'notes:write'];
  [registry, issuer] = await Promise.all([
    startRegistry(),
    startAuthorizationServer({ resources: [{ resource, scopes }] }),
  ]);
  const packages = Object.entries(platforms).map(([name, version]) => `${name}@${version}`);
  await install(tools, packages);
  for (const version of nodeVersions) {
    await install(join(folder, `node-${version}`), [`node@${version}`]);
  }
}, 1_200_000);
afterAll(async () => {
  await Promise.all([registry?.stop(), issuer?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

const installed = new Map<string, Promise<string>>();

/** The folder of a project after its install lines. They run once, before its first test. */
function prepare({ name, install: words }: ReadmeProject): Promise<string> {
  const at = join(folder, name);
  const ready =
    installed.get(name) ??
    install(at, words)
      .then(() => install(at, ofDevelopment.split(' ')))
      .then(() => at);
  installed.set(name, ready);
  return ready;
}

/** `npm install` in a project that was empty, or that has what was installed before. */
async function install(project: string, words: readonly string[]): Promise<void> {
  await mkdir(project, { recursive: true });
  await writeFile(join(project, '.npmrc'), registry.npmrc);
  await writeFile(join(project, 'package.json'), '{}', { flag: 'wx' }).catch(() => {});
  await runNpm(['install', ...words], project);
  await runNpm(['pkg', 'set', 'type=module'], project);
}

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

async function paste(files: Readonly<Record<string, string>>, into: string): Promise<void> {
  for (const [path, code] of Object.entries(files)) {
    await write(join(into, path), code.replace(readmeIssuer, issuer.issuer));
  }
}

const compilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  target: 'ES2023',
  types: ['node'],
};

/** Compiles with what the project has installed. @returns What the compiler says. */
async function compile(
  project: string,
  files: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<string> {
  const config = join(project, 'tsconfig.check.json');
  const globals = join(root, 'packages/protect/test/platforms.d.ts');
  await write(
    config,
    JSON.stringify({
      compilerOptions: { ...compilerOptions, ...options },
      files: [globals, ...files],
    }),
  );
  const compiler = createRequire(join(project, 'index.js')).resolve('typescript/package.json');
  const program = join(dirname(compiler), 'bin/tsc');
  const { stdout } = await execute(process.execPath, [program, '-p', config]).catch(
    (error: { stdout: string }) => error,
  );
  return stdout;
}

/** Runs a program until the test ends. It must listen on the port. @returns What it wrote so far. */
function run(program: string, words: readonly string[], cwd: string, port: number): () => string {
  const child = spawn(program, words, {
    cwd,
    env: variablesFor(port),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: `next dev` starts a second process, which writes files to the last.
    detached: true,
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  onTestFinished(async () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    await closed;
  });
  return () => output;
}

/** Asks until the server listens. */
async function askWhenReady(port: number, output: () => string, host?: string) {
  const isListening = () =>
    fetch(`http://127.0.0.1:${port}/`).then(
      () => 'listening',
      () => output(),
    );
  await expect.poll(isListening, { timeout: 120_000, interval: 200 }).toBe('listening');
  return askServer(port, issuer, host);
}

describe.each(projects)('$name', (project) => {
  it.each([
    ['NodeNext', 'NodeNext'],
    ['ESNext', 'Bundler'],
  ])('type-checks with module %s and moduleResolution %s', async (module, moduleResolution) => {
    const at = await prepare(project);
    await paste(project.files, at);
    const files = Object.keys(project.files);
    const options = { noEmit: true, allowImportingTsExtensions: true, module, moduleResolution };

    expect(await compile(at, files, options)).toBe('');
  });
});

describe.each(onNode)('$name', (project) => {
  it.each(variants)(
    'runs on every Node.js as $name',
    async ({ name, type, isCompiled, rewrite }) => {
      const at = join(await prepare(project), name.replaceAll(/\W+/g, '-'));
      const files = rewrite(project.files, project.entry);
      await write(join(at, 'package.json'), JSON.stringify({ type }));
      await paste(files, at);
      let entry = Object.keys(files)[0] ?? '';
      if (isCompiled) {
        const options = { module: 'NodeNext', rewriteRelativeImportExtensions: true };
        const paths = Object.keys(files).map((path) => join(at, path));
        expect(await compile(at, paths, options)).toBe('');
        entry = entry.replace(/ts$/, 'js');
      }
      const answers: Record<string, unknown> = {};
      for (const version of nodeVersions) {
        const node = join(folder, `node-${version}`, 'node_modules/.bin/node');
        const { ports, child } = await startProjects(
          join(folder, project.name),
          { entry: join(at, entry) },
          node,
        );
        onTestFinished(() => void child.kill());
        answers[version] = await askServer(ports['entry'] ?? 0, issuer);
      }

      expect(answers).toEqual(Object.fromEntries(nodeVersions.map((each) => [each, rightAnswers])));
    },
  );
});

it.each(nodeVersions)('the Node.js %s of these tests is that version', async (version) => {
  const { stdout } = await execute(join(folder, `node-${version}/node_modules/.bin/node`), ['-v']);

  expect(stdout).toMatch(new RegExp(`^v${version}\\.`));
});

it.each([
  ['deno', ['run', '--allow-net', '--allow-env', 'server.ts']],
  ['bun', ['server.ts']],
] as const)('runs in %s', async (name, words) => {
  const project = named(`${name}-v2`);
  const at = await prepare(project);
  await paste(project.files, at);
  const port = await findFreePort();
  const output = run(join(tools, 'node_modules/.bin', name), words, at, port);

  expect(await askWhenReady(port, output)).toEqual(rightAnswers);
});

it.each(['cloudflare-workers-v1', 'cloudflare-workers-v2'])(
  'runs as %s in workerd',
  async (name) => {
    const project = named(name);
    const at = await prepare(project);
    await paste(project.files, at);
    const load = (tool: string) =>
      import(pathToFileURL(createRequire(join(tools, 'index.js')).resolve(tool)).href);
    const { build } = await load('esbuild');
    const { Miniflare } = await load('miniflare');
    const { outputFiles } = await build({
      entryPoints: [join(at, 'server.ts')],
      bundle: true,
      write: false,
      format: 'esm',
      target: 'es2023',
      conditions: ['workerd', 'worker', 'browser', 'import'],
      external: ['node:*'],
    });
    const worker = new Miniflare({
      modules: true,
      script: outputFiles[0].text,
      compatibilityDate: '2026-01-01',
      compatibilityFlags: ['nodejs_compat'],
      bindings: { ENVIRONMENT: 'development' },
      // The log would go to the output of the tests.
      handleStructuredLogs() {},
    });
    onTestFinished(() => worker.dispose());
    const { port } = await worker.ready;

    expect(await askServer(Number(port), issuer)).toEqual(rightAnswers);
  },
);

it('is built for production by Next.js as pasted, and runs with `next dev`', async () => {
  const project = named('next-js-route-handlers-v2');
  const at = await prepare(project);
  const options = { ...compilerOptions, noEmit: true, allowImportingTsExtensions: true };
  const resolution = { module: 'ESNext', moduleResolution: 'Bundler' };
  await write(
    join(at, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...options, ...resolution } }),
  );
  for (const [path, code] of Object.entries(project.files)) await write(join(at, path), code);
  const next = join(at, 'node_modules/.bin/next');
  const { PATH } = variablesFor();
  const env = { PATH, NEXT_TELEMETRY_DISABLED: '1' };
  await execute(next, ['build'], { cwd: at, env: { ...env, NODE_ENV: 'production' } }).catch(
    ({ stdout, stderr }) => {
      throw new Error(`next build\n${stdout}${stderr}`);
    },
  );
  // The issuer of this machine has no https, which production requires.
  await paste(project.files, at);
  const port = await findFreePort();
  const output = run(next, ['dev', '--port', String(port)], at, port);

  // Next.js names its own address in the URL of a request. Proxies send that one, or the public one.
  expect(await askWhenReady(port, output, `localhost:${port}`)).toEqual(rightAnswers);
  expect(await askServer(port, issuer)).toEqual(rightAnswers);
});
