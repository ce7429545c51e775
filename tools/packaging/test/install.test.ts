import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startAuthorizationServer } from '@sallyport/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { callTool, pasteExample, readExample, startExample } from './readme-example.ts';

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { optional?: boolean }>>;
}

const execute = promisify(execFile);
/** Fails with the output of the program. Compilers and package managers write problems on standard output. */
async function run(program: string, words: readonly string[], options: { cwd: string }) {
  await execute(program, words, options).catch(({ stdout, stderr }) => {
    throw new Error(`${program} ${words.join(' ')}\n${stdout}${stderr}`);
  });
}

const root = new URL('../../../', import.meta.url).pathname;
const packages = await readdir(join(root, 'packages'));
const manifests = new Map<string, Manifest>();
for (const name of packages) {
  manifests.set(
    name,
    JSON.parse(await readFile(join(root, 'packages', name, 'package.json'), 'utf8')),
  );
}

const nameOf = (folderName: string) => manifests.get(folderName)?.name as string;
const packageNames = new Set(packages.map(nameOf));
const firstPart = (name: string) => name.split('/')[0];

// Subpaths that need the optional peers which they adapt.
const peersOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '@sallyport/mcp-adapter/sdk': { '@modelcontextprotocol/sdk': '^1.32.2' },
  '@sallyport/mcp-adapter/server': { '@modelcontextprotocol/server': '^2.4.0' },
  '@sallyport/telemetry/opentelemetry': { '@opentelemetry/api': '^1.10.0' },
  '@sallyport/testing/secret-manager': {
    '@google-cloud/secret-manager': '^7.1.0',
    'google-gax': '^6.17.0',
  },
};

// Dependencies outside this repository, at any depth: names, or their scopes.
const brings: Readonly<Record<string, readonly string[]>> = {
  'cached-secrets': [],
  'client-authentication': ['oauth4webapi'],
  config: ['@noble', 'fastest-levenshtein', 'lru-cache', 'undici', 'zod'],
  core: [],
  denial: [],
  dpop: ['jose'],
  'guarded-fetch': ['undici'],
  'landing-page': ['@noble'],
  lifecycle: [],
  'mcp-adapter': ['@noble'],
  mtls: [],
  policy: ['@noble'],
  proxy: ['@noble', 'lru-cache', 'undici'],
  protect: ['@noble', 'lru-cache', 'undici'],
  'rate-limit': [],
  'rate-limit-redis': [
    '@ioredis',
    'cluster-key-slot',
    'debug',
    'denque',
    'ioredis',
    'ms',
    'redis-errors',
    'standard-as-callback',
  ],
  registration: ['@noble', 'jose', 'oauth4webapi', 'undici'],
  'secrets-aws': ['@aws', '@aws-sdk', '@smithy', 'bowser', 'tslib'],
  'secrets-env': [],
  'secrets-file': [],
  'secrets-vault': ['undici'],
  telemetry: ['atomic-sleep', 'sonic-boom'],
  'token-exchange': ['lru-cache', 'oauth4webapi', 'undici'],
  'verifier-api-key': ['lru-cache'],
  'verifier-introspection': ['jose', 'lru-cache', 'oauth4webapi', 'undici'],
  'verifier-jwt': ['lru-cache', 'undici'],
  'verifier-static': [],
};
// They run without Node.js. All are compiled with the types of browsers, which is the default of TypeScript.
const runsAnywhere = ['core', 'mcp-adapter', 'protect', 'rate-limit', 'verifier-jwt'];
const tarballs = new Map<string, string>();
let folder: string;
let workspace: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packed-'));
  const words = [
    '--recursive',
    '--filter',
    './packages/*',
    'pack',
    '--out',
    join(folder, '%s.tgz'),
  ];
  await run('pnpm', words, { cwd: root });
  for (const [name, manifest] of manifests) {
    const file = `${manifest.name.replace('@', '').replace('/', '-')}.tgz`;
    tarballs.set(name, join(folder, file));
  }
  workspace = await installProjects();
}, 600_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The package and those of ours that it depends on, all of them from their tarballs. */
function closure(name: string): string[] {
  const manifest = manifests.get(name);
  const own = Object.keys({ ...manifest?.dependencies, ...manifest?.optionalDependencies })
    .filter((dependency) => dependency.startsWith('@sallyport/'))
    .flatMap((dependency) => closure(dependency.slice('@sallyport/'.length)));
  return [...new Set([name, ...own])];
}

/** An empty project in which `npm install` has run. */
async function installInto(install: readonly string[]): Promise<string> {
  const project = await mkdtemp(join(folder, 'project-'));
  await writeFile(join(project, 'package.json'), '{ "type": "module", "private": true }');
  await npmInstall(project, install);
  return project;
}

const npmInstall = (project: string, words: readonly string[]) =>
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...words], {
    cwd: project,
  });

/**
 * One installation for all projects, since each costs seconds of CPU time. Without hoisting, a package
 * sees only what it declares. So one that imports something else fails here.
 */
async function installProjects(): Promise<string> {
  const made = await mkdtemp(join(folder, 'workspace-'));
  const write = (file: string, content: object) =>
    writeFile(join(made, file), JSON.stringify(content));
  // Some declarations of the Google packages import `undici-types`, which is a part of @types/node.
  const dependencies = { '@types/node': '22', 'undici-types': '^6.21.0' };
  await write('package.json', { private: true, dependencies });
  await write('pnpm-workspace.yaml', {
    packages: ['projects/*'],
    hoist: false,
    autoInstallPeers: false,
    dedupePeerDependents: false,
    // Its declarations import a package that it does not declare.
    packageExtensions: { 'google-gax': { dependencies: { long: '*' } } },
    overrides: Object.fromEntries(
      packages.map((name) => [nameOf(name), `file:${tarballs.get(name)}`]),
    ),
  });
  for (const name of packages) await writeProject(made, name, importableAlone(name));
  for (const name of packages) {
    for (const specifier of importableWithPeer(name)) {
      await writeProject(made, name, [specifier], peersOf[specifier]);
    }
  }
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    module: 'nodenext',
    target: 'es2023',
    noEmit: true,
    types: ['node'],
  };
  await write('tsconfig.json', { include: ['projects/*/use.ts'], compilerOptions });
  await write('tsconfig.server.json', {
    include: runsAnywhere.map((name) => `projects/${name}/use.ts`),
    compilerOptions: { ...compilerOptions, lib: ['es2023'] },
  });
  await run('pnpm', ['install', '--ignore-scripts', '--prefer-offline'], { cwd: made });
  return made;
}

/** A project with one package, and its peers if there are any. */
async function writeProject(
  parent: string,
  name: string,
  specifiers: readonly string[],
  peers?: Readonly<Record<string, string>>,
): Promise<void> {
  const folderName = peers === undefined ? name : peerFolder(specifiers[0] as string);
  const project = join(parent, 'projects', folderName);
  await mkdir(project, { recursive: true });
  const dependencies = { [nameOf(name)]: `file:${tarballs.get(name)}`, ...peers };
  await writeFile(
    join(project, 'package.json'),
    JSON.stringify({
      name: `with-${folderName}`,
      version: '0.0.0',
      type: 'module',
      private: true,
      dependencies,
    }),
  );
  const imports = specifiers.map((from, index) => `import * as part${index} from '${from}';`);
  const parts = specifiers.map((_from, index) => `part${index}`);
  const check = `if (${parts.map((part) => `Object.keys(${part}).length`).join(' * ')} === 0) throw new Error('empty');`;
  await writeFile(join(project, 'use.ts'), `${imports.join('\n')}\n${check}\n`);
}

const peerFolder = (specifier: string) => specifier.slice('@sallyport/'.length).replace('/', '-');

/** The faults that TypeScript finds in all projects, each in a line that begins with its file. */
async function checkTypes(configuration: string): Promise<readonly string[]> {
  const words = [join(root, 'node_modules/typescript/bin/tsc'), '--pretty', 'false', '-p'];
  const check = execute(process.execPath, [...words, configuration], { cwd: workspace });
  const { stdout } = await check.catch((error: { readonly stdout: string }) => error);
  return stdout.split('\n').filter((line) => /^\S/.test(line));
}

let checked: Promise<readonly string[]> | undefined;

/** The faults of one project. All projects are checked at once, without the types of browsers. */
async function findTypeFaults(folderName: string): Promise<readonly string[]> {
  checked ??= checkTypes('tsconfig.json');
  const faults = await checked;
  return faults.filter(
    (line) => !line.startsWith('projects/') || line.startsWith(`projects/${folderName}/`),
  );
}

/** Everything that is installed for a project at any depth, by the first part of its name. */
async function findInstalled(project: string): Promise<readonly string[]> {
  const found = new Map<string, string>();
  const waiting = [join(project, 'node_modules')];
  for (const modules of waiting) {
    for (const name of await listModules(modules)) {
      const place = await realpath(join(modules, name));
      if (found.has(place)) continue;
      found.set(place, name);
      // Beside a package lies what it declares.
      waiting.push(place.slice(0, -name.length));
    }
  }
  return [...new Set(found.values())].sort();
}

/** The packages in a `node_modules`, scoped ones with their scope. */
async function listModules(modules: string): Promise<readonly string[]> {
  const names = (await readdir(modules)).filter((name) => !name.startsWith('.'));
  const listed = names.map(async (name) =>
    name.startsWith('@')
      ? (await readdir(join(modules, name))).map((part) => `${name}/${part}`)
      : [name],
  );
  return (await Promise.all(listed)).flat();
}

const importableAlone = (name: string) =>
  specifiersOf(name).filter((specifier) => peersOf[specifier] === undefined);
const importableWithPeer = (name: string) =>
  specifiersOf(name).filter((specifier) => peersOf[specifier] !== undefined);

function specifiersOf(name: string): readonly string[] {
  const manifest = manifests.get(name) as Manifest;
  return Object.keys(manifest.exports)
    .filter((subpath) => subpath !== './package.json')
    .map((subpath) => `${manifest.name}${subpath.slice(1)}`);
}

/** The files that the exports of an installed package name, and that are not in it. */
async function findMissingTargets(directory: string): Promise<readonly string[]> {
  const { exports } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'));
  const targets: string[] = Object.values(exports).flatMap((target) =>
    Object.values(Object(target)),
  );
  expect(targets.length).toBeGreaterThan(1);
  const files = await readdir(directory, { recursive: true });
  return targets.filter((target) => target.startsWith('./') && !files.includes(target.slice(2)));
}

it('installs each package where no other project can lend it a dependency', async () => {
  expect(await listModules(join(workspace, 'node_modules'))).toEqual([
    '@types/node',
    'undici-types',
  ]);
  await expect(readdir(join(workspace, 'node_modules/.pnpm/node_modules'))).rejects.toThrow(
    'ENOENT',
  );
});

it('type-checks without the types of browsers', { timeout: 120_000 }, async () => {
  expect(await checkTypes('tsconfig.server.json')).toEqual([]);
});

describe.each(packages)('%s', (name) => {
  const manifest = manifests.get(name) as Manifest;

  it('installs alone from its tarball, type-checks there, and loads', {
    timeout: 120_000,
  }, async () => {
    const project = join(workspace, 'projects', name);

    expect(await findTypeFaults(name)).toEqual([]);
    // The suites are only of use inside Vitest, which is not running there.
    if (name !== 'contract-tests') await run(process.execPath, ['use.ts'], { cwd: project });
    expect(await findMissingTargets(join(project, 'node_modules', manifest.name))).toEqual([]);
    const installed = await findInstalled(project);
    const ours = installed.filter((part) => packageNames.has(part));
    expect(ours).toEqual(closure(name).map(nameOf).sort());
    const others = installed.filter((part) => !packageNames.has(part)).map(firstPart);
    const brought = [...new Set(others)].sort();
    expect(brought).toEqual(brings[name] ?? brought);
  });

  it.each(importableWithPeer(name))(
    'type-checks as %s beside the peer it adapts',
    { timeout: 120_000 },
    async (specifier) => {
      const folderName = peerFolder(specifier);
      const project = join(workspace, 'projects', folderName);

      expect(await findTypeFaults(folderName)).toEqual([]);
      await run(process.execPath, ['use.ts'], { cwd: project });
    },
  );
});

describe('config without the package that a variable needs', () => {
  const base = {
    FASTMCP_SERVER_AUTH_TYPE: 'jwt',
    FASTMCP_SERVER_AUTH_RESOURCE_URL: 'https://notes.acme-corp.dev/mcp',
    FASTMCP_SERVER_AUTH_JWT_ISSUER: 'https://id.acme-corp.dev',
    FASTMCP_SERVER_AUTH_JWT_AUDIENCE: 'notes',
    FASTMCP_SERVER_AUTH_JWT_JWKS_URI: 'https://id.acme-corp.dev/jwks',
    FASTMCP_SERVER_AUTH_INTROSPECTION_URL: 'https://id.acme-corp.dev/introspect',
    FASTMCP_SERVER_AUTH_INTROSPECTION_CLIENT_ID: 'notes',
    FASTMCP_SERVER_AUTH_INTROSPECTION_CLIENT_SECRET: 'secret',
    GCP_PROJECT_ID: 'acme-notes',
    AWS_REGION: 'eu-central-1',
    FASTMCP_SERVER_AUTH_SECRET_DIRECTORY: '/run/secrets',
    FASTMCP_SERVER_AUTH_VAULT_URL: 'https://vault.acme-corp.dev:8200',
    FASTMCP_SERVER_AUTH_VAULT_ROLE: 'notes',
  };
  const apiKeys = {
    FASTMCP_SERVER_AUTH_API_KEY_SECRET: 'kJ8vN2xQ5rT7yB3mZ6cD9fH1gL4pSaWe0uXiRoV',
  };
  const signIn = {
    FASTMCP_SERVER_AUTH_SIGN_IN_KEY: 'Jx4mQ0vT9sLr2WbN7cYhKd6fGpZa1EuX8oRiVt3M',
    FASTMCP_SERVER_AUTH_SIGN_IN_URL: 'https://id.acme-corp.dev/authorize',
    FASTMCP_SERVER_AUTH_SIGN_IN_TOKEN_URL: 'https://id.acme-corp.dev/token',
  };
  const rows = [
    ['FASTMCP_SERVER_AUTH_TYPE', 'introspection', '@sallyport/verifier-introspection'],
    ['FASTMCP_SERVER_AUTH_SECRET_BACKEND', 'gcp_secret_manager', '@sallyport/secrets-gcp'],
    ['FASTMCP_SERVER_AUTH_SECRET_BACKEND', 'aws_secrets_manager', '@sallyport/secrets-aws'],
    ['FASTMCP_SERVER_AUTH_SECRET_BACKEND', 'file', '@sallyport/secrets-file'],
    ['FASTMCP_SERVER_AUTH_SECRET_BACKEND', 'vault', '@sallyport/secrets-vault'],
    ['FASTMCP_SERVER_AUTH_API_KEY_FILE', '/srv/keys.json', '@sallyport/verifier-api-key', apiKeys],
    ['FASTMCP_SERVER_AUTH_SIGN_IN_CLIENT_ID', 'notes', '@sallyport/registration', signIn],
  ] as const;
  const problems: (readonly string[])[] = [];

  beforeAll(async () => {
    const project = join(workspace, 'projects/config');
    const sets = rows.map(([name, value, , more]) => ({ ...base, ...more, [name]: value }));
    await writeFile(
      join(project, 'load.mjs'),
      `import { loadConfig } from '@sallyport/config';
const problems = [];
for (const variables of ${JSON.stringify(sets)}) {
  await loadConfig(variables).then(
    () => problems.push([]),
    ({ errors }) => problems.push(errors.map(({ message }) => message)),
  );
}
process.stdout.write(JSON.stringify(problems));`,
    );
    const { stdout } = await execute(process.execPath, ['load.mjs'], { cwd: project });
    problems.push(...JSON.parse(stdout));
  });

  it.each(rows.map(([name, value, missing], index) => ({ name, value, missing, index })))(
    'says in one sentence with $name=$value that $missing is missing',
    ({ name, missing, index }) => {
      expect(problems[index]).toContainEqual(
        expect.stringContaining(
          `${name}: needs a package that is not installed: npm install ${missing}`,
        ),
      );
    },
  );
});

describe('the first example of the top README', () => {
  it('runs as pasted, after its own install line: 401, 200, and 403 for too small a scope', {
    timeout: 120_000,
  }, async () => {
    const example = await readExample(join(root, 'README.md'));
    const [[tool, scope], [otherTool, otherScope]] = example.tools as [
      [string, string],
      [string, string],
    ];
    const resource = /resource: '([^']+)'/.exec(example.code)?.[1] ?? 'https://mcp.example.com/mcp';
    const server = await startAuthorizationServer({
      resources: [{ resource, scopes: [scope, otherScope] }],
    });
    onTestFinished(() => server.stop());
    const parts = example.install.flatMap((name) =>
      name.startsWith('@sallyport/') ? closure(name.slice('@sallyport/'.length)) : [],
    );
    const others = example.install.filter((name) => !name.startsWith('@sallyport/'));
    const project = await installInto([
      ...[...new Set(parts)].map((part) => tarballs.get(part) as string),
      ...others,
    ]);
    await pasteExample(project, example, server.issuer);
    const running = await startExample(project, example.file, {
      ENVIRONMENT: 'development',
      FASTMCP_SERVER_AUTH_TYPE: 'jwt',
      FASTMCP_SERVER_AUTH_RESOURCE_URL: resource,
      FASTMCP_SERVER_AUTH_JWT_ISSUER: server.issuer,
      FASTMCP_SERVER_AUTH_JWT_AUDIENCE: resource,
      FASTMCP_SERVER_AUTH_JWT_JWKS_URI: server.jwksUri,
    });
    onTestFinished(running.stop);
    const accessToken = await server.issueToken({ scopes: [scope], subject: 'ada' });

    const stranger = await callTool(running.port, resource, tool);
    const accepted = await callTool(running.port, resource, tool, accessToken);
    const refused = await callTool(running.port, resource, otherTool, accessToken);

    expect(stranger.status).toBe(401);
    expect(stranger.headers['www-authenticate']).toContain('resource_metadata=');
    expect([accepted.status, accepted.body]).toEqual([200, expect.stringContaining(tool)]);
    expect(refused.status).toBe(403);
    expect(refused.headers['www-authenticate']).toContain(otherScope);
  });
});
