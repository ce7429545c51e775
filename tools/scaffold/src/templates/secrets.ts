import type { Names } from '../names.ts';
import { writeOptionsTest } from './common.ts';
import { writeReadme } from './readme.ts';

// The architecture test reads an import at the start of a line as one of this file.
const from = (module: string) => `from '${module}'`;

/** A secret backend with its cache, which reads nothing yet. */
export function writeSecretsFiles(names: Names): Readonly<Record<string, string>> {
  const { packageName, title, typeName, factory, options, file, name } = names;
  const label = name.replaceAll('-', '_');
  const example = `import { ${factory} } from '${packageName}';

const secrets = ${factory}({ url: 'https://secrets.acme.com' });

export const { name } = secrets;
await secrets.close();
`;
  return {
    [`src/${file}.ts`]: `import {
  type CachedSecrets,
  type CacheOptions,
  cacheOptionChecks,
  createCachedSecrets,
  readCacheSettings,
} from '@sallyport/cached-secrets';
import { type Checks, ConfigError, check, checkOptions } ${from('@sallyport/core')};
import { readSecret } from './read-secret.ts';
import { canonicalName, parseSecretName } from './secret-name.ts';

/** Options for {@link ${factory}}: the backend, and how its secrets are cached. */
export interface ${options} extends CacheOptions {
  /** The address of the backend: an https URL. */
  readonly url: string;
}

/** A name is that of a secret, or \`name@version\`. */
export type ${typeName}Secrets = CachedSecrets;

const optionChecks: Checks<${options}> = { ...cacheOptionChecks, url: check.text };

/**
 * Reads ${title[0]?.toLowerCase()}${title.slice(1)} and caches them. They rotate without a restart, and the last good value stays in use
 * during an outage.
 *
 * It connects when the first secret is read.
 *
 * @throws {ConfigError} When an option cannot be used.
 */
export function ${factory}(given: ${options}): ${typeName}Secrets {
  const { url, ...cache } = checkOptions('${name}', given, optionChecks);
  if (URL.parse(url)?.protocol !== 'https:') {
    throw new ConfigError('${name}.url', 'must be an https URL');
  }
  const { requestTimeoutMs: timeoutMs } = readCacheSettings('${name}', cache);
  return createCachedSecrets({
    ...cache,
    name: '${label}',
    subject: '${name}',
    canonicalName,
    read: (name, signal) => readSecret({ url, name: parseSecretName(name), timeoutMs, signal }),
    // For a fault: the command or policy that ends it.
    remedies: {},
  });
}
`,
    'src/read-secret.ts': `import type { Reading } from '@sallyport/cached-secrets';
import type { SecretName } from './secret-name.ts';

/** Options for {@link readSecret}. */
export interface ReadSecretOptions {
  readonly url: string;
  readonly name: SecretName;
  /** For one request. */
  readonly timeoutMs: number;
  /** Aborts at the deadline of the reading, and when the provider is closed. */
  readonly signal: AbortSignal;
}

/** Reads a secret once. No detail contains a byte of a secret. */
export async function readSecret({ name }: ReadSecretOptions): Promise<Reading> {
  return { fault: 'rejected', detail: \`\${name.secret}: not implemented yet\` };
}
`,
    'src/secret-name.ts': `import { ConfigError } from '@sallyport/core';

/** Which version of which secret. */
export interface SecretName {
  readonly secret: string;
  /** \`latest\`, or a number. */
  readonly version: string;
}

const namePattern = /^([A-Za-z0-9_-]{1,255})(?:@(latest|[1-9][0-9]{0,9}))?$/;

/**
 * Reads \`name\` or \`name@version\`.
 *
 * @throws {ConfigError} For a text that could lead to anything else.
 */
export function parseSecretName(name: string): SecretName {
  const [, secret, version = 'latest'] = namePattern.exec(name) ?? [];
  if (secret === undefined) {
    throw new ConfigError(
      '${name}.name',
      'must be letters, digits, - and _, such as jwt-issuer; a version may follow, as in jwt-issuer@3',
    );
  }
  return { secret, version };
}

/** The one spelling of a name: \`jwt-issuer@latest\` is \`jwt-issuer\`. */
export function canonicalName(name: string): string {
  const { secret, version } = parseSecretName(name);
  return version === 'latest' ? secret : \`\${secret}@\${version}\`;
}
`,
    'src/index.ts': `export type { SecretEvent, SecretFault } from '@sallyport/cached-secrets';
export type { ${options}, ${typeName}Secrets } from './${file}.ts';
export { ${factory} } from './${file}.ts';
`,
    'test/set-up.ts': `import type { RotatingStore } ${from('@sallyport/contract-tests')};
import type { ${options}, ${typeName}Secrets } from '../src/index.ts';

/** The value of the secret \`key\` in every store of the tests. No output may show it. */
export const canary = 'kX3vQ9mZrT7bW2pLdF5hJ8nC';

/** A provider, and the store that it reads. */
export interface SetUp {
  readonly provider: ${typeName}Secrets;
  readonly server: Omit<RotatingStore, 'provider'>;
}

/** Starts the backend itself, or a faithful server in its place, with the secret \`key\`. */
export async function setUp(_changes: Partial<${options}> = {}): Promise<SetUp> {
  throw new Error('not implemented yet');
}
`,
    'test/contract.test.ts': `import { describeRotatingSecretProvider, describeSecretProvider } from '@sallyport/contract-tests';
import { canary, setUp } from './set-up.ts';

describeSecretProvider({
  create: async () => (await setUp()).provider,
  createWithOutage: async () => {
    const { provider, server } = await setUp();
    server.fail();
    return provider;
  },
  present: { name: 'key', value: canary },
  absentName: 'another-key',
});

describeRotatingSecretProvider({
  create: async (options) => {
    const { provider, server } = await setUp(options);
    return { provider, ...server };
  },
  present: { name: 'key', value: canary },
  processScript: new URL('./secret-process.ts', import.meta.url),
});
`,
    'test/secret-process.ts': `/** A separate process, to see whether it ends. */
import { runSecretProcess } ${from('@sallyport/contract-tests/secret-process')};
import { ${factory} } ${from(packageName)};

await runSecretProcess((url = '') =>
  ${factory}({ url, cacheTtlSeconds: 1, timeoutSeconds: 60 }),
);
`,
    'test/secret-name.test.ts': `import { expect, it } from 'vitest';
import { canonicalName } from '../src/secret-name.ts';

it.each([
  ['jwt-issuer', 'jwt-issuer'],
  ['jwt-issuer@latest', 'jwt-issuer'],
  ['jwt-issuer@3', 'jwt-issuer@3'],
])('reads the name %s', (name, canonical) => {
  expect(canonicalName(name)).toBe(canonical);
});

it.each(['', '../key', 'a/b', 'key?x', 'key@', 'key@0', 'key@x', 'a b', \`\${'k'.repeat(256)}\`])(
  'refuses the name %j before anything is sent (SEC-18)',
  (name) => {
    expect(() => canonicalName(name)).toThrow('${name}.name: must be');
  },
);
`,
    'test/options.test.ts': writeOptionsTest(names),
    'test/readme.ts': example,
    'test/readme.test.ts': `import { expect, it } from 'vitest';
import { name } from './readme.ts';

it('shows an example that does what it says', () => {
  expect(name).toBe('${label}');
});
`,
    'README.md': writeReadme(names, example),
  };
}
