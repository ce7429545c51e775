import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
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
  config: ['@noble', 'fastest-levenshtein', 'zod'],
  core: [],
  dpop: ['jose'],
  'guarded-fetch': ['undici'],
  'mcp-adapter': ['@noble'],
  mtls: [],
  proxy: ['@noble', 'lru-cache', 'undici'],
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
  'verifier-jwt': ['jose', 'lru-cache', 'undici'],
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
  const own = Object.keys(manifests.get(name)?.dependencies ?? {})
    .filter((dependency) => dependency.startsWith('@sallyport/'))
    .flatMap((dependency) => closure(dependency.slice('@sallyport/'.length)));
  return [...new Set([name, ...own])];
}

async function createProject(install: readonly string[], specifiers: readonly string[]) {
  const project = await mkdtemp(join(folder, 'project-'));
  await writeFile(join(project, 'package.json'), '{ "type": "module", "private": true }');
  await run(
    'npm',
    ['install', '--no-audit', '--no-fund', '--prefer-offline', '@types/node@22', ...install],
    { cwd: project },
  );
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

describe.each(packages)('%s', (name) => {
  const manifest = manifests.get(name) as Manifest;
  const specifiers = Object.keys(manifest.exports)
    .filter((subpath) => subpath !== './package.json')
    .map((subpath) => `${manifest.name}${subpath.slice(1)}`);
  const alone = specifiers.filter((specifier) => peerOf[specifier] === undefined);

  it('installs alone from its tarball, type-checks there, and loads', {
    timeout: 120_000,
  }, async () => {
    const project = await createProject(
      closure(name).map((part) => tarballs.get(part) as string),
      alone,
    );

    await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc')], { cwd: project });
    // The suites are only of use inside Vitest, which is not running there.
    if (name !== 'contract-tests') await run(process.execPath, ['use.ts'], { cwd: project });
    const installed = await readdir(join(project, 'node_modules/@sallyport'));
    expect(installed.sort()).toEqual(closure(name).sort());
    const modules = await readdir(join(project, 'node_modules'));
    const others = modules.filter(
      (module) => !module.startsWith('.') && !ofTheCheck.includes(module),
    );
    expect(others.sort()).toEqual(brings[name] ?? others);
  });

  it.each(specifiers.filter((specifier) => peerOf[specifier] !== undefined))(
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
  ['FASTMCP_SERVER_AUTH_TYPE', 'jwt', '@sallyport/verifier-jwt'],
  ['FASTMCP_SERVER_AUTH_SECRET_BACKEND', 'gcp_secret_manager', '@sallyport/secrets-gcp'],
])(
  'config with %s=%s says in one sentence that %s is missing',
  { timeout: 120_000 },
  async (name, value, missing) => {
    const project = await createProject(
      closure('config').map((part) => tarballs.get(part) as string),
      ['@sallyport/config'],
    );
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
      [name]: value,
    };
    await writeFile(
      join(project, 'load.mjs'),
      `import { loadConfig } from '@sallyport/config';
    loadConfig(${JSON.stringify(variables)}).catch(({ errors }) => {
      process.stdout.write(JSON.stringify(errors.map(({ message }) => message)));
    });`,
    );
    const { stdout } = await execute(process.execPath, ['load.mjs'], { cwd: project });

    expect(JSON.parse(stdout)).toContain(
      `${name}: needs a package that is not installed: npm install ${missing}`,
    );
  },
);
