import type { Names } from '../names.ts';

const built = { types: './dist/index.d.ts', default: './dist/index.js' };

/** What every package has. */
export function writeCommonFiles(names: Names): Readonly<Record<string, string>> {
  const { directory, packageName, title, options, factory, file } = names;
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
        files: ['dist'],
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
        dependencies: { '@sallyport/core': 'workspace:^' },
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

/** The README shows the very example that a test runs. */
export function writeReadme({ kind, packageName, title }: Names, example: string): string {
  const contract = kind === 'secrets' ? 'describeSecretProvider' : 'describeTokenVerifier';
  return `# ${packageName}

${title}.

\`\`\`sh
pnpm add ${packageName} @sallyport/core
\`\`\`

\`\`\`ts
${example}\`\`\`

## Options

| option | effect              | default |
| ------ | ------------------- | ------- |
| \`url\`  | where it is, https: | none    |

## What it guarantees

The links lead to the file of the test, and say its title.

${writeTable([
  ['guarantee', 'tested in'],
  ['It validates its options at the start.', '[refuses the options %j](test/options.test.ts)'],
  ['It keeps the contract of its kind.', `[${contract}](test/contract.test.ts)`],
  [
    'The example of this page runs.',
    '[shows an example that does what it says](test/readme.test.ts)',
  ],
])}

## What it does not do

## Libraries

None but \`@sallyport/core\`.
`;
}

/** What JavaScript callers get wrong. */
export function writeOptionsTest({ factory, name }: Names): string {
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
])('${title}', (options, problem) => {
  expect(() => create(options)).toThrow(problem);
});
`;
}

/** As the formatter of Markdown writes it. */
function writeTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map(
    (row) => `| ${row.map((cell, at) => cell.padEnd(widths?.[at] ?? 0)).join(' | ')} |`,
  );
  const rule = `| ${widths?.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}
