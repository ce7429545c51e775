import type { Names } from '../names.ts';

const built = { types: './dist/index.d.ts', default: './dist/index.js' };

/** What every package has. */
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

/** The README shows the very example that a test runs. */
export function writeReadme({ kind, packageName, title }: Names, example: string): string {
  const own = kind === 'secrets' ? secretsPage : verifierPage;
  return `# ${packageName}

${title}.

\`\`\`sh
npm install ${packageName} @sallyport/core
\`\`\`

\`\`\`ts
${example}\`\`\`

## Options

${writeTable([['option', 'effect', 'default'], ...own.options])}

## What it guarantees

The links lead to the file of the test, and say its title.

${writeTable([
  ['guarantee', 'tested in'],
  ['It validates its options at the start.', '[refuses the options %j](test/options.test.ts)'],
  ...own.guarantees,
  [
    'The example of this page runs.',
    '[shows an example that does what it says](test/readme.test.ts)',
  ],
])}

## Limits

## Dependencies

${own.dependencies}
`;
}

/** What a page says, besides what every page says. */
interface OwnPage {
  readonly options: readonly (readonly string[])[];
  readonly guarantees: readonly (readonly string[])[];
  readonly dependencies: string;
}

const verifierPage: OwnPage = {
  options: [['`url`', 'where it is, https:', 'none']],
  guarantees: [
    ['It keeps the contract of its kind.', '[describeTokenVerifier](test/contract.test.ts)'],
  ],
  dependencies: 'Only `@sallyport/core`.',
};

const secretsPage: OwnPage = {
  options: [
    ['`url`', 'the address of the backend: an https URL', 'none: required'],
    [
      '`cacheTtlSeconds`, `maximumStaleSeconds`, `timeoutMs`, `validate`, `onEvent`, `now`, `wait`',
      'the cache, as in [cached-secrets](../cached-secrets)',
      '',
    ],
  ],
  guarantees: [
    [
      'Secrets rotate without a restart, and the last good value stays in use during an outage.',
      '[describeRotatingSecretProvider](test/contract.test.ts)',
    ],
    [
      'An absent secret is told from an outage, and no error shows a value.',
      '[describeSecretProvider](test/contract.test.ts)',
    ],
    [
      'A text that cannot be a name never reaches the backend.',
      '[refuses the name %j before anything is sent (SEC-18)](test/secret-name.test.ts)',
    ],
  ],
  dependencies:
    '`@sallyport/cached-secrets` is the cache that all backends share: refresh, rotation, retries and outages.',
};

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
