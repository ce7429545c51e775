import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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
/** Fails with what the program said: compilers and package managers say it on standard output. */
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

// Subpaths that are nothing without the optional peer they adapt.
const peerOf: Readonly<Record<string, string>> = {
  '@sallyport/mcp-adapter/sdk': '@modelcontextprotocol/sdk@^1.32.2',
  '@sallyport/mcp-adapter/server': '@modelcontextprotocol/server@^2.4.0',
  '@sallyport/telemetry/opentelemetry': '@opentelemetry/api@^1.10.0',
  '@sallyport/testing/secret-manager': '@google-cloud/secret-manager@^7.1.0',
};

// Everything that these bring along besides packages of ours, at any depth.
const brings: Readonly<Record<string, readonly string[]>> = {
  'cached-secrets': [],
  'client-authentication': ['oauth4webapi'],
  config: ['@noble', 'fastest-levenshtein', 'lru-cache', 'undici', 'zod'],
  core: [],
  dpop: ['jose'],
  'guarded-fetch': ['undici'],
  'landing-page': ['@noble'],
  lifecycle: [],
  'mcp-adapter': ['@noble'],
  mtls: [],
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
  'secrets-aws': ['@aws', '@aws-sdk', '@smithy', 'bowser', 'tslib'],
  'secrets-env': [],
  'secrets-file': [],
  'secrets-vault': ['undici'],
  telemetry: [
    '@pinojs',
    'atomic-sleep',
    'on-exit-leak-free',
    'pino',
    'pino-abstract-transport',
    'pino-std-serializers',
    'process-warning',
    'quick-format-unescaped',
    'real-require',
    'safe-stable-stringify',
    'sonic-boom',
    'split2',
    'thread-stream',
  ],
  'token-exchange': ['lru-cache', 'oauth4webapi', 'undici'],
  'verifier-introspection': ['jose', 'lru-cache', 'oauth4webapi', 'undici'],
  'verifier-jwt': ['lru-cache', 'undici'],
  'verifier-static': [],
};
// What the check itself needs.
const ofTheCheck = ['@sallyport', '@types', 'undici-types'];

const tarballs = new Map<string, string>();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packed-'));
  await Promise.all(
    packages.map(async (name) => {
      const out = join(folder, `${name}.tgz`);
      await run('pnpm', ['pack', '--out', out], { cwd: join(root, 'packages', name) });
      tarballs.set(name, out);
    }),
  );
}, 120_000);

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
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...install], {
    cwd: project,
  });
  return project;
}

async function createProject(install: readonly string[], specifiers: readonly string[]) {
  const project = await installInto(['@types/node@22', ...install]);
  const imports = specifiers.map((from, index) => `import * as part${index} from '${from}';`);
  const parts = specifiers.map((_from, index) => `part${index}`);
  const check = `if (${parts.map((part) => `Object.keys(${part}).length`).join(' * ')} === 0) throw new Error('empty');`;
  await writeFile(join(project, 'use.ts'), `${imports.join('\n')}\n${check}\n`);
  await writeFile(
    join(project, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        module: 'nodenext',
        target: 'es2023',
        noEmit: true,
        types: ['node'],
      },
      files: ['use.ts'],
    }),
  );
  return project;
}

const alone = new Map<string, Promise<string>>();

/** A project with this package alone. It is installed once. */
function installAlone(name: string): Promise<string> {
  const project =
    alone.get(name) ??
    createProject(
      closure(name).map((part) => tarballs.get(part) as string),
      specifiersOf(name).filter((specifier) => peerOf[specifier] === undefined),
    );
  alone.set(name, project);
  return project;
}

/** What can be imported from a package. */
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

describe.each(packages)('%s', (name) => {
  const manifest = manifests.get(name) as Manifest;

  it('installs alone from its tarball, type-checks there, and loads', {
    timeout: 120_000,
  }, async () => {
    const project = await installAlone(name);

    await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc')], { cwd: project });
    // The suites are only of use inside Vitest, which is not running there.
    if (name !== 'contract-tests') await run(process.execPath, ['use.ts'], { cwd: project });
    const installed = await readdir(join(project, 'node_modules/@sallyport'));
    const scoped = closure(name).filter((part) => part !== 'sallyport');
    expect(installed.sort()).toEqual(scoped.sort());
    expect(await findMissingTargets(join(project, 'node_modules', manifest.name))).toEqual([]);
    const modules = await readdir(join(project, 'node_modules'));
    const others = modules.filter(
      (module) => !module.startsWith('.') && !ofTheCheck.includes(module),
    );
    expect(others.sort()).toEqual(brings[name] ?? others);
  });

  it.each(specifiersOf(name).filter((specifier) => peerOf[specifier] !== undefined))(
    'type-checks as %s beside the peer it adapts',
    { timeout: 120_000 },
    async (specifier) => {
      const project = await createProject(
        [...closure(name).map((part) => tarballs.get(part) as string), peerOf[specifier] as string],
        [specifier],
      );
      await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc')], {
        cwd: project,
      });
      await run(process.execPath, ['use.ts'], { cwd: project });
    },
  );
});

it.each([
  ['FASTMCP_SERVER_AUTH_TYPE', 'introspection', '@sallyport/verifier-introspection'],
  ['FASTMCP_SERVER_AUTH_SECRET_BACKEND', 'gcp_secret_manager', '@sallyport/secrets-gcp'],
  ['FASTMCP_SERVER_AUTH_SECRET_BACKEND', 'aws_secrets_manager', '@sallyport/secrets-aws'],
  ['FASTMCP_SERVER_AUTH_SECRET_BACKEND', 'file', '@sallyport/secrets-file'],
  ['FASTMCP_SERVER_AUTH_SECRET_BACKEND', 'vault', '@sallyport/secrets-vault'],
])(
  'config with %s=%s says in one sentence that %s is missing',
  { timeout: 120_000 },
  async (name, value, missing) => {
    const project = await installAlone('config');
    const variables = {
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
      [name]: value,
    };
    await writeFile(
      join(project, `load-${value}.mjs`),
      `import { loadConfig } from '@sallyport/config';
    loadConfig(${JSON.stringify(variables)}).catch(({ errors }) => {
      process.stdout.write(JSON.stringify(errors.map(({ message }) => message)));
    });`,
    );
    const { stdout } = await execute(process.execPath, [`load-${value}.mjs`], { cwd: project });

    expect(JSON.parse(stdout)).toContainEqual(
      expect.stringContaining(
        `${name}: needs a package that is not installed: npm install ${missing}`,
      ),
    );
  },
);

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
