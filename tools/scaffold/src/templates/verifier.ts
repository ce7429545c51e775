import type { Names } from '../names.ts';
import { writeOptionsTest, writeReadme } from './common.ts';

/** A verifier that takes no token yet. */
export function writeVerifierFiles(names: Names): Readonly<Record<string, string>> {
  const { packageName, typeName, factory, options, file, name } = names;
  const example = `import { ${factory} } from '${packageName}';

const verifier = ${factory}({ url: 'https://auth.acme.com' });

export const { name } = verifier;
`;
  return {
    [`src/${file}.ts`]: `import {
  AuthError,
  type Checks,
  ConfigError,
  check,
  checkOptions,
  type TokenVerifier,
} from '@sallyport/core';

/** Options for {@link ${factory}}. */
export interface ${options} {
  /** Who issues the tokens: an https URL. */
  readonly url: string;
}

const optionChecks: Checks<${options}> = { url: check.text };

/**
 * Verifies tokens of ${typeName}: issuer, audience and times, and that they are authentic.
 *
 * It does not check scopes.
 *
 * @throws {ConfigError} When an option cannot be used.
 */
export function ${factory}(given: ${options}): TokenVerifier {
  const { url } = checkOptions('${name}', given, optionChecks);
  if (URL.parse(url)?.protocol !== 'https:') {
    throw new ConfigError('${name}.url', 'must be an https URL');
  }
  return {
    name: '${name}',

    async verify() {
      throw new AuthError('upstream_unavailable', { detail: 'not implemented yet' });
    },
  };
}
`,
    'test/contract.test.ts': `import { contractNowSeconds, describeTokenVerifier } from '@sallyport/contract-tests';
import { ${factory} } from '../src/index.ts';

const create = () => ${factory}({ url: 'https://auth.acme.com' });

// Mint each of them as its issuer would, wrong in the one way that its name says.
const mint = (fault: string) => async () => \`token-that-is-\${fault}\`;

describeTokenVerifier({
  create,
  upstream: 'none',
  tokens: {
    valid: mint('valid'),
    garbage: mint('garbage'),
    tampered: mint('tampered'),
    expired: mint('expired'),
    notYetValid: mint('not-yet-valid'),
    otherIssuer: mint('of-another-issuer'),
    otherAudience: mint('for-another-audience'),
    withoutAudience: mint('without-an-audience'),
    senderConstrained: mint('bound-to-its-sender'),
  },
  validUntilSeconds: contractNowSeconds + 300,
});
`,
    'test/options.test.ts': writeOptionsTest(names),
    'test/readme.ts': example,
    'test/readme.test.ts': `import { expect, it } from 'vitest';
import { name } from './readme.ts';

it('shows an example that does what it says', () => {
  expect(name).toBe('${name}');
});
`,
    'README.md': writeReadme(names, example),
  };
}
