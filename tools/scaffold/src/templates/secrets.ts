import type { Names } from '../names.ts';
import { writeOptionsTest, writeReadme } from './common.ts';

/** A secret backend that finds nothing yet. */
export function writeSecretsFiles(names: Names): Readonly<Record<string, string>> {
  const { packageName, typeName, factory, options, file, name } = names;
  const example = `import { ${factory} } from '${packageName}';

const secrets = ${factory}({ url: 'https://secrets.acme.com' });

export const { name } = secrets;
`;
  return {
    [`src/${file}.ts`]: `import {
  AuthError,
  type Checks,
  ConfigError,
  check,
  checkOptions,
  type SecretProvider,
} from '@sallyport/core';

/** Options for {@link ${factory}}. */
export interface ${options} {
  /** Where the secrets are: an https URL. */
  readonly url: string;
}

const optionChecks: Checks<${options}> = { url: check.text };

/**
 * Looks secrets up in ${typeName}.
 *
 * @throws {ConfigError} When an option cannot be used.
 */
export function ${factory}(given: ${options}): SecretProvider {
  const { url } = checkOptions('${name}', given, optionChecks);
  if (URL.parse(url)?.protocol !== 'https:') {
    throw new ConfigError('${name}.url', 'must be an https URL');
  }
  return {
    name: '${name.replaceAll('-', '_')}',

    async get() {
      throw new AuthError('upstream_unavailable', { detail: 'not implemented yet' });
    },
  };
}
`,
    'test/contract.test.ts': `import { describeSecretProvider } from '@sallyport/contract-tests';
import { ${factory} } from '../src/index.ts';

// Start the backend itself here, or a faithful server in its place: the contract is about what it says.
describeSecretProvider({
  create: () => ${factory}({ url: 'https://secrets.acme.com' }),
  createWithOutage: () => ${factory}({ url: 'https://127.0.0.1:1' }),
  present: { name: 'jwt-issuer', value: 'https://auth.acme.com' },
  absentName: 'not-there',
});
`,
    'test/options.test.ts': writeOptionsTest(names),
    'test/readme.ts': example,
    'test/readme.test.ts': `import { expect, it } from 'vitest';
import { name } from './readme.ts';

it('shows an example that does what it says', () => {
  expect(name).toBe('${name.replaceAll('-', '_')}');
});
`,
    'README.md': writeReadme(names, example),
  };
}
