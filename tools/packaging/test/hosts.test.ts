/** Each host of the README of protect as a project: installed by npm from a registry, pasted, compiled and asked. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type AuthorizationServer, startAuthorizationServer } from '@sallyport/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProjects, startProjects } from './hosts/programs.ts';
import { askServer, readmeIssuer, resource, rightAnswers } from './hosts/questions.ts';
import { importedPackages, type ReadmeProject, readProjects } from './hosts/readme-projects.ts';
import { type Registry, runNpm, startRegistry } from './hosts/registry.ts';
import { largestKilobytes } from './hosts/tarball-limits.ts';

const execute = promisify(execFile);
const root = new URL('../../../', import.meta.url).pathname;
const readme = await readFile(join(root, 'packages/protect/README.md'), 'utf8');
const pasted = readProjects(readme);

/** The README names two versions of Express. Its install lines bring the newest. */
const express4 = pasted
  .filter(({ install }) => install.includes('express'))
  .map((project) => ({
    ...project,
    name: `${project.name}-with-express-4`,
    install: project.install.map((name) => (name === 'express' ? 'express@4' : name)),
  }));
const projects: readonly ReadmeProject[] = [...pasted, ...express4];

// The route handlers do not import Next.js, which is large. The nightly test builds and starts it.
const inNightlyOnly = ['next', 'react', 'react-dom', '@types/react'];

const folder = await mkdtemp(join(tmpdir(), 'hosts-'));
let registry: Registry;
let issuer: AuthorizationServer;
let running: RunningProjects | undefined;

beforeAll(async () => {
  const scopes = ['notes:read', 'notes:write'];
  [registry, issuer] = await Promise.all([
    startRegistry(),
    startAuthorizationServer({ resources: [{ resource, scopes }] }),
  ]);
  await Promise.all(projects.map(paste));
  await installAll();
  const entries = projects.map(({ name, entry }) => [name, join(folder, name, entry)]);
  running = await startProjects(folder, Object.fromEntries(entries));
});
afterAll(async () => {
  running?.child.kill();
  await Promise.all([registry?.stop(), issuer?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

/** Writes what a reader of one section has: a project with its dependencies and the pasted files. */
async function paste({ name, install, files }: ReadmeProject): Promise<void> {
  const dependencies = install
    .filter((each) => !inNightlyOnly.includes(each))
    .map((each) => /^(.+?)(?:@(.+))?$/.exec(each) ?? [])
    .map(([, dependency, version = 'latest']) => [dependency, version]);
  const manifest = {
    private: true,
    type: 'module',
    dependencies: Object.fromEntries(dependencies),
  };
  await write(`${name}/package.json`, JSON.stringify({ name, ...manifest }));
  for (const [path, code] of Object.entries(files)) {
    await write(`${name}/${path}`, code.replace(readmeIssuer, issuer.issuer));
  }
}

/** One `npm install` for all projects: as workspaces, they share what has the same version. */
async function installAll(): Promise<void> {
  const [, types = ''] = /^npm install --save-dev (.+)$/m.exec(readme) ?? [];
  const devDependencies = types
    .split(' ')
    // The compiler of this repository.
    .filter((name) => name !== 'typescript')
    .map((name) => [name, 'latest']);
  const workspaces = projects.map(({ name }) => name);
  await write(
    'package.json',
    JSON.stringify({
      private: true,
      workspaces,
      devDependencies: Object.fromEntries(devDependencies),
    }),
  );
  await write('.npmrc', registry.npmrc);
  await runNpm(['install', '--no-package-lock'], folder);
}

describe('the tarball of each package', () => {
  const names = Object.keys(largestKilobytes);

  it('has a limit of its size', () => {
    expect([...registry.tarballs.keys()].sort()).toEqual(names.sort());
  });

  it.each(names)('of %s has the license and what was built, and is small', (name) => {
    const { bytes = 0, files = [] } = registry.tarballs.get(name) ?? {};
    // `changeset version` writes the changelog. The rehearsal of a release looks for it.
    const outside = files.filter((file) => !/^(?:dist\/|CHANGELOG\.md$)/.test(file));

    expect(outside.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
    expect(files).toEqual(expect.arrayContaining(['dist/index.js', 'dist/index.d.ts']));
    expect(files.filter((file) => /\.tsbuildinfo$|\.test\.|(?:^|\/)test\//.test(file))).toEqual([]);
    expect(bytes / 1_000).toBeLessThanOrEqual(largestKilobytes[name] ?? 0);
    expect(bytes / 1_000).toBeGreaterThan((largestKilobytes[name] ?? 0) / 2);
  });
});

it('finds a project for each host of the README', () => {
  expect(projects.map(({ name }) => name)).toEqual([
    'example-v2',
    'node-http-v2',
    'node-http-v1',
    'express-4-5-v1',
    'fastify-5-v2',
    'fastify-5-v1',
    'hono-4-v2',
    'hono-4-v1',
    'cloudflare-workers-v2',
    'cloudflare-workers-v1',
    'deno-v2',
    'bun-v2',
    'next-js-route-handlers-v2',
    'aws-lambda-v2',
    'example-v2-with-express-4',
    'express-4-5-v1-with-express-4',
  ]);
});

it.each([
  ['NodeNext', 'NodeNext'],
  ['ESNext', 'Bundler'],
])('the projects type-check with module %s and moduleResolution %s', async (module, resolution) => {
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    target: 'ES2023',
    types: ['node'],
    module,
    moduleResolution: resolution,
  };
  const name = `tsconfig.${resolution}.json`;
  const paths = projects.flatMap((project) =>
    Object.keys(project.files).map((path) => `${project.name}/${path}`),
  );
  const platforms = join(root, 'packages/protect/test/platforms.d.ts');
  await write(name, JSON.stringify({ compilerOptions, files: [platforms, ...paths] }));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const compiled = execute(process.execPath, [compiler, '-p', name], { cwd: folder });

  await expect(compiled.catch(({ stdout }) => ({ stdout }))).resolves.toMatchObject({ stdout: '' });
});

describe.each(projects)('$name', (project) => {
  it('imports nothing but what the line above its snippet installs', () => {
    const names = project.install.map((name) => name.replace(/(?<=.)@.*/, ''));

    expect(importedPackages(project)).toContain('@sallyport/protect');
    expect(importedPackages(project).filter((name) => !names.includes(name))).toEqual([]);
  });

  it('asks for a token, runs the tool for a good one, and names the missing scope', async () => {
    expect(await askServer(running?.ports[project.name] ?? 0, issuer)).toEqual(rightAnswers);
  });
});
