import { describe, expect, it } from 'vitest';
import {
  listFiles,
  listImports,
  listRepositoryFiles,
  listWorkspaces,
  type Manifest,
  type Parent,
  packageNameOf,
  parents,
  parseImports,
  readManifest,
  readText,
  resolveRelative,
  scope,
  withoutComments,
} from './repository.ts';

interface Row {
  /** Packages of this repository that it may depend on and import. */
  readonly imports: readonly string[];
  /** Files that may use Node's own modules. Default all. */
  readonly nodeFiles?: readonly string[];
  /** Files that load a module which the user names. Default none. */
  readonly loaders?: readonly string[];
  /** Runtimes that load `dist/platform.js` in place of the index. Default none. */
  readonly otherRuntimes?: readonly string[];
  /** Entry points besides `.`. Default none. */
  readonly subpaths?: readonly string[];
}

/**
 * The shape of the repository. A package without a row fails, and so does one that imports what
 * its row does not list: adding a package means saying where it belongs.
 */
const rows: Readonly<Record<string, Row>> = {
  core: { imports: [], nodeFiles: [] },
  config: {
    imports: [
      'core',
      'denial',
      'dpop',
      'mcp-adapter',
      'protect',
      'rate-limit',
      'rate-limit-redis',
      'registration',
      'secrets-aws',
      'secrets-env',
      'secrets-file',
      'secrets-gcp',
      'secrets-vault',
      'verifier-api-key',
      'verifier-introspection',
      'verifier-jwt',
      'verifier-static',
    ],
  },
  'cached-secrets': { imports: ['core'] },
  'client-authentication': { imports: ['core'] },
  'contract-tests': { imports: ['core'], subpaths: ['./secret-process'] },
  denial: { imports: ['core'], subpaths: ['./file', './redis'] },
  // Runs wherever the Fetch API does.
  dpop: { imports: ['core'], nodeFiles: [] },
  'guarded-fetch': {
    imports: ['core'],
    // They have no undici.
    otherRuntimes: ['workerd', 'edge-light', 'deno', 'bun', 'browser'],
  },
  'mcp-adapter': {
    imports: ['core'],
    nodeFiles: [
      'src/body/decode-buffer.ts',
      'src/body/expect-continue.ts',
      'src/body/refused-upload.ts',
      'src/body/request-bytes.ts',
      'src/hosts/distinct-fields.ts',
      'src/hosts/express-gate.ts',
      'src/hosts/fastify-gate.ts',
      // Types only: on Node.js, Hono hands out the request of node:http.
      'src/hosts/hono-gate.ts',
      'src/hosts/node-gate.ts',
      'src/hosts/node-http.ts',
      'src/hosts/plain-tool-gate.ts',
    ],
    subpaths: [
      ...['./node', './express', './fastify', './fetch', './hono', './server', './sdk'],
      './anonymous',
    ],
  },
  // Runs wherever the Fetch API does.
  'landing-page': {
    imports: ['core', 'mcp-adapter'],
    nodeFiles: [],
    subpaths: ['./development'],
  },
  mtls: { imports: ['core'] },
  // Runs wherever the Fetch API does.
  policy: { imports: ['core', 'mcp-adapter'], nodeFiles: [] },
  proxy: { imports: ['core', 'mcp-adapter'] },
  protect: {
    imports: ['core', 'mcp-adapter', 'rate-limit', 'verifier-jwt', 'verifier-static'],
    // Types only: the hosts of Node.js hand out its requests.
    nodeFiles: ['src/express.ts', 'src/node.ts', 'src/hosts/node-request.ts'],
    subpaths: ['./node', './express', './fastify', './fetch', './hono', './anonymous'],
  },
  // Runs wherever the Fetch API does.
  registration: {
    imports: ['client-authentication', 'core', 'guarded-fetch', 'mcp-adapter'],
    nodeFiles: [],
  },
  'rate-limit': { imports: ['core'] },
  'rate-limit-redis': { imports: ['core'] },
  'secrets-aws': { imports: ['cached-secrets', 'core'] },
  'secrets-env': { imports: ['core'] },
  'secrets-file': { imports: ['core'] },
  'secrets-gcp': { imports: ['cached-secrets', 'core'] },
  'secrets-vault': { imports: ['cached-secrets', 'core', 'guarded-fetch'] },
  telemetry: { imports: ['core'], subpaths: ['./opentelemetry'] },
  lifecycle: { imports: ['core'], subpaths: ['./stop-signals'] },
  sallyport: {
    loaders: ['src/serve/module-program.ts'],
    subpaths: ['./explain'],
    imports: [
      'config',
      'core',
      'denial',
      'dpop',
      'guarded-fetch',
      'landing-page',
      'lifecycle',
      'mcp-adapter',
      'proxy',
      'rate-limit-redis',
      'registration',
      'secrets-env',
      'secrets-file',
      'secrets-gcp',
      'secrets-vault',
      'telemetry',
      'testing',
      'verifier-api-key',
      'verifier-introspection',
      'verifier-jwt',
      'verifier-static',
    ],
  },
  testing: {
    imports: [],
    subpaths: ['./audit', './aws-secrets-manager', './secret-manager', './vault', './wrong-http'],
  },
  'token-exchange': { imports: ['client-authentication', 'core', 'guarded-fetch'] },
  'verifier-api-key': { imports: ['core'], subpaths: ['./redis'] },
  'verifier-introspection': { imports: ['client-authentication', 'core', 'guarded-fetch'] },
  'verifier-jwt': { imports: ['core', 'guarded-fetch'], subpaths: ['./providers'] },
  'verifier-static': { imports: ['core'] },
};

const contracts: readonly (readonly [directories: RegExp, suite: string])[] = [
  [/^verifier-/, 'describeTokenVerifier'],
  [/^secrets-/, 'describeSecretProvider'],
  [/^rate-limit/, 'describeRateLimiter'],
];

const packages = listWorkspaces('packages');
const privates = (['apps', 'tools'] as const).flatMap((parent) =>
  listWorkspaces(parent).map((directory) => [parent, directory] as const),
);

// The tests of every workspace may use it. It has no tests itself.
const testParts = 'test-parts';

it('has a row for every package, and no row without one', () => {
  expect(Object.keys(rows).sort()).toEqual(packages);
});

it('finds every way to import', () => {
  const source = [
    `import type { A } from 'a';\nimport {\n  b,\n} from "b";\nexport { c } from './c.ts';`,
    `import 'd';\nconst e = await import('e');\nconst f = await import(name);\nlet g: import('g').G;`,
    `/**\n * import { h } from 'h';\n */\n// import 'i';`,
  ].join('\n');

  expect(parseImports(source)).toEqual(['a', 'b', './c.ts', 'd', 'e', 'g', '<computed>']);
});

describe.each(Object.keys(rows).filter((directory) => packages.includes(directory)))(
  'packages/%s',
  (directory) => {
    const {
      imports,
      nodeFiles,
      loaders = [],
      subpaths = [],
      otherRuntimes = [],
    } = rows[directory] as Row;
    const manifest = readManifest('packages', directory);

    it('has the manifest of a package', () => {
      expect(manifest).toMatchObject({
        // The command is called by its name alone: `npx sallyport`.
        name: directory === 'sallyport' ? directory : `${scope}${directory}`,
        license: 'Apache-2.0',
        type: 'module',
        engines: { node: '>=22.12' },
        files: ['dist', 'CHANGELOG.md'],
        // Core alone refuses a Node that is too old, when it is imported.
        ...(directory !== 'core' && { sideEffects: false }),
      });
      expect(Object.keys(manifest.exports).sort()).toEqual(
        ['.', './package.json', ...subpaths].sort(),
      );
    });

    it('has its sources as development exports, and publishes without them', () => {
      const otherBuilds = otherRuntimes.map((runtime) => [runtime, './dist/platform.js']);
      const entries = ['.', ...subpaths].map((subpath) => {
        const name = subpath === '.' ? 'index' : subpath.slice(2);
        const others = subpath === '.' ? Object.fromEntries(otherBuilds) : {};
        const types = `./dist/${name}.d.ts`;
        const built = { types, ...others, default: `./dist/${name}.js` };
        return [subpath, { development: `./src/${name}.ts`, ...built }, built] as const;
      });
      const json = { './package.json': './package.json' };

      expect(manifest.exports).toEqual({
        ...Object.fromEntries(entries.map(([subpath, own]) => [subpath, own])),
        ...json,
      });
      expect(manifest.publishConfig?.exports).toEqual({
        ...Object.fromEntries(entries.map(([subpath, , built]) => [subpath, built])),
        ...json,
      });
    });

    it('depends only on the packages of its row', () => {
      const own = runtimeDependencies(manifest).filter((name) => name.startsWith(scope));

      expect(imports.map((name) => scope + name)).toEqual(expect.arrayContaining(own));
    });

    it('imports only what its row and its manifest allow', () => {
      expect(findForbiddenImports('packages', directory, imports, nodeFiles)).toEqual(
        loaders.map((file) => `${file}: <computed>`),
      );
    });

    it('only re-exports in its index', () => {
      const index = withoutComments(readText('packages', directory, 'src/index.ts'));
      const others = index.replace(
        /^import '\.\/node-version\.ts';$|^export (?:(?:type )?\{[^}*]+\}|\* as \w+) from '(?:\.\/[^']+\.ts|@sallyport\/[a-z-]+)';$/gm,
        '',
      );

      expect(others.trim()).toBe('');
    });

    it('has no source file of more than 250 lines', () => {
      const long = listFiles('packages', directory, 'src').filter(
        (file) => readText('packages', directory, file).trimEnd().split('\n').length > 250,
      );

      expect(long).toEqual([]);
    });

    it('has no folder of more than 14 source files, except the table of providers', () => {
      const folders = Object.groupBy(listFiles('packages', directory, 'src'), (file) =>
        file.slice(0, file.lastIndexOf('/')),
      );
      const crowded = Object.entries(folders)
        .filter(([folder, files = []]) => files.length > 14 && !folder.endsWith('/providers'))
        .map(([folder]) => folder);

      expect(crowded).toEqual([]);
    });

    it('has a README that starts with its name and shows nothing but code that a test runs', () => {
      const readme = readText('packages', directory, 'README.md');
      const examples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);

      expect(readme.split('\n', 1)).toEqual([`# ${manifest.name}`]);
      expect(examples[0]).toBe(readText('packages', directory, 'test/readme.ts'));
      expect(examples.slice(1).toSorted()).toEqual(snippetsOf(directory));
      expect(testsOf(directory)).toMatch(/(?:from|import) ?\(?'\.\/readme\.ts'/);
    });

    for (const [, suite] of contracts.filter(([directories]) => directories.test(directory))) {
      it('runs its contract', () => {
        expect(testsOf(directory)).toMatch(new RegExp(`^\\s*${suite}\\(`, 'm'));
      });
    }
  },
);

describe.each(privates)('%s/%s', (parent, directory) => {
  it('is private, and named after its directory', () => {
    expect(readManifest(parent, directory)).toMatchObject({
      name: `${scope}${directory}`,
      license: 'Apache-2.0',
      private: true,
    });
  });

  it('imports only what its manifest allows', () => {
    // It measures the reference server, and starts a real Redis.
    const measured = directory === 'bench' ? ['reference', testParts] : [];

    expect(findForbiddenImports(parent, directory, [...packages, ...measured])).toEqual([]);
  });
});

it.each([
  ...packages.map((directory) => ['packages', directory] as const),
  ...privates.filter(([, directory]) => directory !== testParts),
])('%s/%s has its tests watched for leaks (OPS-05)', (parent, directory) => {
  const config = withoutComments(readText(parent, directory, 'vitest.config.ts'));

  expect(config).toContain("import { testConfig } from '../../vitest.base.ts';");
  expect(config).toMatch(/^export default testConfig\(/m);
  expect(readText(parent, directory, 'package.json')).not.toMatch(/"vitest run [^"]*--config/);
});

it.each(parents)('%s depend on nothing above them, their tests included', (parent) => {
  const above = parents
    .slice(parents.indexOf(parent) + 1)
    .flatMap((other) => listWorkspaces(other))
    .filter((directory) => directory !== testParts)
    .map((directory) => scope + directory);
  const upward = listWorkspaces(parent).flatMap((directory) => {
    const { devDependencies, ...manifest } = readManifest(parent, directory);
    const names = [...runtimeDependencies(manifest), ...Object.keys(devDependencies ?? {})];
    return names.filter((name) => above.includes(name)).map((name) => `${directory}: ${name}`);
  });

  expect(upward).toEqual([]);
});

it.each(['packages', 'apps'] as const)(
  'no file of %s imports one outside its workspace',
  (parent) => {
    const outside = listWorkspaces(parent).flatMap((directory) =>
      ['src', 'test', 'nightly']
        .flatMap((folder) => listImports(parent, directory, folder))
        .filter(({ specifier }) => specifier.startsWith('.'))
        .filter((statement) => resolveRelative(statement).startsWith('..'))
        .map(({ file, specifier }) => `${directory}/${file}: ${specifier}`),
    );

    expect(outside).toEqual([]);
  },
);

it('has no cycle of dependencies, those of the tests included', () => {
  const graph = new Map(
    parents.flatMap((parent) =>
      listWorkspaces(parent).map((directory) => {
        const manifest = readManifest(parent, directory);
        const all = [
          ...runtimeDependencies(manifest),
          ...Object.keys(manifest.devDependencies ?? {}),
        ];
        return [manifest.name, all] as const;
      }),
    ),
  );
  const visit = (name: string, path: readonly string[]): string[] =>
    path.includes(name)
      ? [[...path.slice(path.indexOf(name)), name].join(' → ')]
      : (graph.get(name) ?? []).flatMap((next) => visit(next, [...path, name]));

  expect([...graph.keys()].flatMap((name) => visit(name, []))).toEqual([]);
});

it('mentions no path of the machine it was written on', () => {
  const machinePath = new RegExp(`(?<![\\w.])/(?:${['work', 'root', 'Users'].join('|')})/`);
  const mentions = listRepositoryFiles().filter((file) => machinePath.test(readText(file)));

  expect(mentions).toEqual([]);
});

function runtimeDependencies(manifest: Manifest): string[] {
  const { dependencies, optionalDependencies, peerDependencies } = manifest;
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
}

function snippetsOf(directory: string): string[] {
  return listFiles('packages', directory, 'test/snippets')
    .map((file) => readText('packages', directory, file))
    .toSorted();
}

function testsOf(directory: string): string {
  return listFiles('packages', directory, 'test')
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readText('packages', directory, file))
    .join('\n');
}

/** The imports that break a rule, as `file: specifier`. */
function findForbiddenImports(
  parent: Parent,
  directory: string,
  imports: readonly string[],
  nodeFiles?: readonly string[],
): string[] {
  const declared = runtimeDependencies(readManifest(parent, directory));
  const isAllowed = (file: string, specifier: string): boolean => {
    if (specifier.startsWith('.')) {
      return specifier.endsWith('.ts') && resolveRelative({ file, specifier }).startsWith('src/');
    }
    if (specifier.startsWith('node:')) return nodeFiles?.includes(file) ?? true;
    const name = packageNameOf(specifier);
    const ofOurs = !name.startsWith(scope) || imports.includes(name.slice(scope.length));
    return declared.includes(name) && ofOurs;
  };
  return listImports(parent, directory)
    .filter(({ file, specifier }) => !isAllowed(file, specifier))
    .map(({ file, specifier }) => `${file}: ${specifier}`);
}
