/**
 * The release as `release.yml` runs it, from `changeset version` to a signed-in call, against a registry on loopback.
 * It releases the last commit. `pnpm release:rehearse` at the root prints each step.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuthorizationServer, startAuthorizationServer } from '@sallyport/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ReadmeExample, readExample } from '../test/readme-example.ts';
import {
  askExample,
  createProject,
  installNode,
  installPackages,
  listVersions,
  rightStatuses,
} from './release/consumer.ts';
import { type LoopbackRegistry, startLoopbackRegistry } from './release/loopback-registry.ts';
import { cloneRepository, type ReleaseClone, run } from './release/release-clone.ts';

const timeout = 1_800_000;
const root = new URL('../../../', import.meta.url).pathname;
const folder = await mkdtemp(join(tmpdir(), 'release-'));
const others = ['@modelcontextprotocol/server', '@modelcontextprotocol/node', 'express'];

let registry: LoopbackRegistry;
let issuer: AuthorizationServer;
let clone: ReleaseClone;
let example: ReadmeExample;
let resource: string;

beforeAll(async () => {
  example = await readExample(join(root, 'README.md'));
  resource = /resource: '([^']+)'/.exec(example.code)?.[1] as string;
  const scopes = example.tools.map(([, scope]) => scope);
  [registry, issuer, clone] = await Promise.all([
    startLoopbackRegistry(),
    startAuthorizationServer({
      resources: [resource, 'https://other.example.com/mcp'].map((each) => ({
        resource: each,
        scopes,
      })),
    }),
    cloneRepository(join(folder, 'clone')),
  ]);
  log(`released commit: ${await run('git', ['log', '-1', '--format=%h %s'], clone.folder)}`);
}, timeout);
afterAll(async () => {
  await Promise.all([registry?.stop(), issuer?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

/** Part of the record of a rehearsal. */
function log(line: string): void {
  process.stdout.write(`${line.trimEnd()}\n`);
}

async function readPublished(): Promise<Readonly<Record<string, string>>> {
  const manifests = [...(await clone.readManifests()).values()];
  const entries = manifests.map(async ({ name }) => {
    const versions = Object.keys(await registry.readVersions(name));
    return [name, versions.at(-1) ?? 'unpublished'] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** `changeset version`, the commit of the version pull request, and `changeset publish`. @returns What it published. */
async function release(script: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const before = await readPublished();
  await clone.runScript(['run', 'version']);
  await clone.commit('Version packages');
  const output = join(folder, `output-${crypto.randomUUID()}.ndjson`);
  await clone.runScript(script, { ...registry.publisher, CHANGESETS_OUTPUT: output });
  const after = Object.entries(await readPublished());
  const published = after.filter(([name, version]) => before[name] !== version);
  // From this file, the action of the workflow knows which tags and releases to make.
  const events = (await readFile(output, 'utf8')).trim().split('\n');
  expect(events.map((event) => JSON.parse(event).tag).sort()).toEqual(
    published.map(([name, version]) => `${name}@${version}`).sort(),
  );
  log(`published: ${published.map(([name, version]) => `${name}@${version}`).join(' ')}`);
  return Object.fromEntries(published);
}

/** The command of the workflow without the checks of every package, for what follows the first release. */
const publish = ['exec', 'changeset', 'publish'];

it('releases every package with a changelog, by the commands of the workflow', {
  timeout,
}, async () => {
  const workflow = await readFile(join(clone.folder, '.github/workflows/release.yml'), 'utf8');
  expect(workflow).toMatch(/version-script: .* run version$/m);
  expect(workflow).toMatch(/publish-script: .* run release$/m);

  const published = await release(['run', 'release']);

  const manifests = [...(await clone.readManifests()).values()];
  expect(Object.keys(published).sort()).toEqual(manifests.map(({ name }) => name).sort());
  expect(new Set(Object.values(published))).toEqual(new Set(['0.1.0']));
  const tags = (await run('git', ['tag', '--list'], clone.folder)).trim().split('\n');
  expect(tags).toHaveLength(manifests.length);
  expect(await readdir(join(clone.folder, '.changeset'))).toEqual(['config.json']);
});

it('publishes the license, the changelog and nothing but what was built', { timeout }, async () => {
  for (const [directory, { name, version }] of await clone.readManifests()) {
    const { dist } = (await registry.readVersions(name))[version] ?? {};
    const tarball = Buffer.from(await (await fetch(dist?.tarball ?? '')).arrayBuffer());
    const file = join(folder, `${directory}.tgz`);
    await writeFile(file, tarball);
    const files = (await run('tar', ['-tzf', file], folder)).trim().split('\n');
    const outside = files.filter((each) => !each.startsWith('package/dist/')).sort();
    const changelog = await run('tar', ['-xzOf', file, 'package/CHANGELOG.md'], folder);
    const manifest = await run('tar', ['-xzOf', file, 'package/package.json'], folder);

    expect(outside, name).toEqual(
      ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'].map((each) => `package/${each}`),
    );
    expect(changelog).toContain(`# ${name}\n\n## ${version}\n`);
    expect(manifest).not.toMatch(/workspace:|"development"/);
  }
});

it('knows the released signatures: a change needs a changeset of at least minor', {
  timeout,
}, async () => {
  const check = () =>
    run(
      'pnpm',
      ['exec', 'vitest', 'run', 'test/exports.test.ts'],
      join(clone.folder, 'tools/architecture'),
    );
  const file = join(clone.folder, 'packages/core/src/errors.ts');
  const source = await readFile(file, 'utf8');
  const changed = source.replace(
    /export interface AuthErrorOptions \{/,
    '$&\n  readonly hint: string;',
  );
  expect(changed).not.toBe(source);

  await check();
  await writeFile(file, changed);
  await clone.addChangeset('@sallyport/core', 'patch', 'Errors need a hint.');
  await run(process.execPath, ['docs/exports/record.ts'], clone.folder);
  // Vitest prints the sentence in a list, with escaped quotes.
  await expect(check()).rejects.toThrow(/"@sallyport\/core\\?": minor/);

  await run('git', ['checkout', '--quiet', '--', '.'], clone.folder);
  await run('git', ['clean', '--quiet', '--force', '.changeset'], clone.folder);
  log('a changed signature of core with a patch fails the test of signatures');
});

it('builds the same bytes again in another folder', { timeout }, async () => {
  const twin = await cloneRepository(join(folder, 'a-folder/with-a-longer-name'), clone.folder);
  await twin.runScript(['exec', 'turbo', 'run', 'build', '--filter=./packages/*', '--force']);
  const packed = join(folder, 'packed-again');
  const pack = ['--recursive', '--filter', './packages/*', 'pack', '--pack-destination', packed];
  await twin.runScript(pack);

  for (const { name, version } of (await twin.readManifests()).values()) {
    const file = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
    const digest = createHash('sha512').update(await readFile(join(packed, file)));
    const { dist } = (await registry.readVersions(name))[version] ?? {};
    const again = `sha512-${digest.digest('base64')}`;
    expect(again, name).toBe(dist?.integrity);
    log(`built twice: ${name} ${again.slice(0, 27)}…`);
  }
});

it.each([22, 24, 26])('installs in a clean room and runs on Node %i', { timeout }, async (line) => {
  const { program, version } = await installNode(join(folder, `node-${line}`), line);
  const project = join(folder, `room-${line}`);
  await createProject(project, registry.origin, example.install);

  const statuses = await askExample(project, example, issuer, program);

  log(`${version}: npm install ${example.install.join(' ')}; answers ${statuses.join(' ')}`);
  expect(statuses).toEqual(rightStatuses);
});

it.each([22, 24, 26])('loads every package on Node %i', { timeout }, async (line) => {
  const manifests = [...(await clone.readManifests()).values()];
  // The suites are only of use inside Vitest. These subpaths need the optional peer that they adapt.
  const inVitest = ['@sallyport/contract-tests'];
  const peers = ['@modelcontextprotocol/sdk', '@opentelemetry/api', '@google-cloud/secret-manager'];
  const specifiers = manifests
    .filter(({ name }) => !inVitest.includes(name))
    .flatMap(({ name, exports }) =>
      Object.keys(exports)
        .filter((subpath) => subpath !== './package.json')
        .map((subpath) => name + subpath.slice(1)),
    );
  const project = join(folder, 'all');
  if (line === 22) {
    const command = await registry.readVersions('sallyport');
    const tarballs = Object.values(command).map(({ dist }) => dist.tarball);
    const scoped = manifests.map(({ name }) => name).filter((name) => name !== 'sallyport');
    const install = [...scoped, ...tarballs, ...peers, ...others];
    await createProject(project, registry.origin, install);
  }
  const imports = specifiers.map((specifier) => `await import('${specifier}');`);
  await writeFile(join(project, 'load.mjs'), `${imports.join('\n')}\n`);

  const program = join(folder, `node-${line}/node_modules/node/bin/node`);
  await run(program, ['load.mjs'], project);
  log(`Node ${line} loads ${specifiers.length} entries`);
});

it('releases core alone, and the packages published before work with it', {
  timeout,
}, async () => {
  const settled = await createProject(join(folder, 'settled'), registry.origin, example.install);
  await clone.addChangeset('@sallyport/core', 'patch', 'A fix that only core needs.');

  expect(await release(publish)).toEqual({ '@sallyport/core': '0.1.1' });

  await installPackages(settled, ['@sallyport/core@0.1.1']);
  expect(await askExample(settled, example, issuer)).toEqual(rightStatuses);
  const fresh = await createProject(join(folder, 'fresh'), registry.origin, example.install);
  expect(await listVersions(fresh)).toContain('@sallyport/core@0.1.1');
  expect(await listVersions(fresh)).toContain('@sallyport/protect@0.1.0');
  expect(await askExample(fresh, example, issuer)).toEqual(rightStatuses);
});

/** The five lines with a verifier of the reader's own, which may have another copy of core than `protect`. */
function withVerifier(): ReadmeExample {
  const verifier = `verifier: createJwtVerifier({
    issuer: '${issuer.issuer}',
    audience: '${resource}',
    algorithms: ['RS256', 'ES256'],
    keys: remoteJwks({ url: '${issuer.jwksUri}', environment: detectEnvironment(process.env) }),
  }),
  authorizationServers: ['${issuer.issuer}'],`;
  const imports = `import { detectEnvironment } from '@sallyport/core';
import { createJwtVerifier, remoteJwks } from '@sallyport/verifier-jwt';
`;
  const code = imports + example.code.replace(/issuer: '[^']*',/, verifier);
  return { ...example, code };
}

it('releases a verifier alone, and the packages published before work with it', {
  timeout,
}, async () => {
  await clone.addChangeset(
    '@sallyport/verifier-jwt',
    'patch',
    'A fix that only this verifier needs.',
  );

  expect(await release(publish)).toEqual({ '@sallyport/verifier-jwt': '0.1.1' });

  const install = [...example.install, '@sallyport/core', '@sallyport/verifier-jwt'];
  const project = await createProject(join(folder, 'verifier'), registry.origin, install);
  expect(await listVersions(project)).toContain('@sallyport/verifier-jwt@0.1.1');
  expect(await listVersions(project)).toContain('@sallyport/protect@0.1.0');
  expect(await askExample(project, withVerifier(), issuer)).toEqual(rightStatuses);
});

it('releases a minor of core, and packages of before and after work together', {
  timeout,
}, async () => {
  await clone.addChangeset('@sallyport/core', 'minor', 'A change that its users must follow.');
  const published = await release(publish);
  expect(published).toMatchObject({
    '@sallyport/core': '0.2.0',
    '@sallyport/protect': '0.1.1',
    '@sallyport/verifier-jwt': '0.1.2',
  });

  const mixes = {
    'old-verifier': [
      '@sallyport/core@0.1.1',
      '@sallyport/verifier-jwt@0.1.1',
      '@sallyport/protect@0.1.1',
    ],
    'new-verifier': [
      '@sallyport/core@0.2.0',
      '@sallyport/verifier-jwt@0.1.2',
      '@sallyport/protect@0.1.0',
    ],
  };
  for (const [name, packages] of Object.entries(mixes)) {
    const project = await createProject(join(folder, name), registry.origin, [
      ...packages,
      ...others,
    ]);
    const versions = await listVersions(project);
    expect(versions.filter((each) => each.startsWith('@sallyport/core@'))).toHaveLength(2);
    const statuses = await askExample(project, withVerifier(), issuer);
    log(`${packages.join(' ')}: answers ${statuses.join(' ')}`);
    expect(statuses).toEqual(rightStatuses);
  }
});
