import type { Names } from '../names.ts';
import { writeOptionsTest } from './common.ts';
import { writeReadme } from './readme.ts';

// The architecture test reads an import at the start of a line as one of this file.
const from = (module: string) => `from '${module}'`;

/** A verifier that accepts no token yet. */
export function writeVerifierFiles(names: Names): Readonly<Record<string, string>> {
  const { packageName, title, factory, options, file, name } = names;
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
  /** The address of the issuer: an https URL. */
  readonly url: string;
}

const optionChecks: Checks<${options}> = { url: check.text };

/**
 * Verifies ${title[0]?.toLowerCase()}${title.slice(1)}: signature, issuer, audience and times.
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
    'test/contract.test.ts': `import { contractNowSeconds, describeTokenVerifier } ${from('@sallyport/contract-tests')};
import { ${factory} } from '../src/index.ts';
import { createIssuer } from './issuer.ts';

const issuer = createIssuer();

describeTokenVerifier({
  create: () => ${factory}({ url: issuer.url }),
  upstream: 'none',
  tokens: issuer.tokens,
  validUntilSeconds: contractNowSeconds + 300,
});
`,
    'test/issuer.ts': `/** The issuer in tests. It signs a token for each fault that the contract names. */
import { createHmac, randomBytes } from 'node:crypto';
import {
  contractNowSeconds,
  contractThumbprint,
  type TokenVerifierFixture,
} ${from('@sallyport/contract-tests')};
import { Secret } ${from('@sallyport/core')};

/** Tokens of an issuer, and where it is. */
export interface Issuer {
  readonly url: string;
  readonly tokens: TokenVerifierFixture['tokens'];
}

/** Creates an issuer with a new key. */
export function createIssuer(): Issuer {
  const url = 'https://auth.acme.com';
  const key = randomBytes(32);
  const claims = {
    iss: url,
    sub: 'user-1',
    client_id: 'client-1',
    aud: 'https://mcp.acme.com/mcp',
    scope: 'notes:read',
    iat: contractNowSeconds - 60,
    exp: contractNowSeconds + 300,
  };
  const mint = (changes: object) => async () => declare(sign({ ...claims, ...changes }, key));
  return {
    url,
    tokens: {
      valid: mint({}),
      garbage: async () => declare(randomBytes(32).toString('hex')),
      tampered: async () => declare(sign(claims, randomBytes(32))),
      expired: mint({ exp: contractNowSeconds - 120 }),
      notYetValid: mint({ nbf: contractNowSeconds + 120 }),
      otherIssuer: mint({ iss: 'https://auth.example.com' }),
      otherAudience: mint({ aud: 'https://mcp.example.com/mcp' }),
      withoutAudience: mint({ aud: undefined }),
      senderConstrained: mint({ cnf: { jkt: contractThumbprint } }),
    },
  };
}

/** Replace this with the format of the issuer's tokens. */
function sign(claims: object, key: Uint8Array): string {
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return \`\${payload}.\${createHmac('sha256', key).update(payload).digest('base64url')}\`;
}

/** Leak watch searches the output of all tests for pieces of a \`Secret\`. */
function declare(token: string): string {
  return new Secret(token).reveal();
}
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
