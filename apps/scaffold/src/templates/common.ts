import type { Names } from '../names.ts';

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
          '.': { types: './dist/index.d.ts', default: './dist/index.js' },
          './package.json': './package.json',
        },
        files: ['dist'],
        engines: { node: '>=22.12' },
        publishConfig: { access: 'public', provenance: true },
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
      "import { testConfig } from '../../apps/leak-watch/src/test-config.ts';",
      '',
      'export default testConfig();',
      '',
    ].join('\n'),
    'src/index.ts': `export type { ${options} } from './${file}.ts';\nexport { ${factory} } from './${file}.ts';\n`,
  };
}

/** The README shows the very example that a test runs. */
export function writeReadme({ packageName, title }: Names, example: string): string {
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

## Promises

## What it does not do

## Libraries

None but \`@sallyport/core\`.
`;
}
