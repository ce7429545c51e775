import type { Names } from '../names.ts';

const built = { types: './dist/index.d.ts', default: './dist/index.js' };

/** The files that every package has. */
export function writeCommonFiles(names: Names): Readonly<Record<string, string>> {
  const { kind, directory, packageName, title, options, factory, file } = names;
  return {
    'package.json': `${JSON.stringify(
      {
        name: packageName,
        version: '0.0.0',
        description: title,
        license: 'Apache-2.0',
        repository: {
          type: 'git',
          url: 'git+https://github.com/sallyport/sallyport.git',
          directory: `packages/${directory}`,
        },
        type: 'module',
        sideEffects: false,
        exports: {
          '.': { development: './src/index.ts', ...built },
          './package.json': './package.json',
        },
        files: ['dist', 'CHANGELOG.md'],
        engines: { node: '>=22.12' },
        publishConfig: {
          access: 'public',
          provenance: true,
          // Without the sources, which are not published.
          exports: { '.': built, './package.json': './package.json' },
        },
        scripts: {
          build: 'tsup --silent --config ../../tsup.config.ts && tsc -p tsconfig.build.json',
          typecheck: 'tsc',
          test: 'vitest run',
          'lint:package': 'publint --strict && attw --pack --profile esm-only',
        },
        dependencies: {
          ...(kind === 'secrets' && { '@sallyport/cached-secrets': 'workspace:^' }),
          '@sallyport/core': 'workspace:^',
        },
        devDependencies: { '@sallyport/contract-tests': 'workspace:^' },
      },
      null,
      2,
    )}\n`,
    'tsconfig.json': '{ "extends": "../../tsconfig.base.json" }\n',
    'tsconfig.build.json': '{ "extends": "../../tsconfig.build.json" }\n',
    'vitest.config.ts': [
      "import { testConfig } from '../../vitest.base.ts';",
      '',
      'export default testConfig();',
      '',
    ].join('\n'),
    'src/index.ts': `export type { ${options} } from './${file}.ts';\nexport { ${factory} } from './${file}.ts';\n`,
  };
}

/**
 * Calls that a JavaScript caller gets wrong.
 *
 * @param others Pairs of a wrong option and the problem that the error names.
 */
export function writeOptionsTest(
  { factory, name }: Names,
  others: readonly (readonly [option: string, problem: string])[] = [],
): string {
  const rows = others.map(
    ([option, problem]) => `  [{ url: 'https://acme.com', ${option} }, '${name}.${problem}'],\n`,
  );
  const title = 'refuses the options %j';
  return `import { expect, it } from 'vitest';
import { ${factory} } from '../src/index.ts';

const create = ${factory} as (options?: unknown) => unknown;

it.each([
  [undefined, '${name}: is missing'],
  [{}, '${name}.url: is missing'],
  [{ url: 1 }, '${name}.url: must be a string'],
  [{ url: 'http://acme.com' }, '${name}.url: must be an https URL'],
  [{ url: 'https://acme.com', urls: 1 }, 'unknown option urls. Did you mean url?'],
${rows.join('')}])('${title}', (options, problem) => {
  expect(() => create(options)).toThrow(problem);
});
`;
}
