import type { Kind } from '../arguments.ts';
import type { Names } from '../names.ts';

/** The README shows the example that a test runs. */
export function writeReadme({ kind, packageName, title }: Names, example: string): string {
  const own = pages[kind];
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

/** The parts of a README that differ from kind to kind. */
interface OwnPage {
  readonly options: readonly (readonly string[])[];
  readonly guarantees: readonly (readonly string[])[];
  readonly dependencies: string;
}

const verifierPage: OwnPage = {
  options: [['`url`', 'the address of the issuer: an https URL', 'none: required']],
  guarantees: [
    [
      'Every fault of a token is refused, and an outage is not a verdict on a token.',
      '[describeTokenVerifier](test/contract.test.ts)',
    ],
  ],
  dependencies: 'Only `@sallyport/core`.',
};

const secretsPage: OwnPage = {
  options: [
    ['`url`', 'the address of the backend: an https URL', 'none: required'],
    [
      '`cacheTtlSeconds`, `maximumStaleSeconds`, `timeoutSeconds`, `validate`, `onEvent`, `monotonicNow`, `wait`',
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

const rateLimitPage: OwnPage = {
  options: [
    ['`url`', 'the address of the store: an https URL', 'none: required'],
    [
      '`maximumAttempts`',
      'failures of one key in any interval of `windowSeconds`: 1 to 10,000',
      '10',
    ],
    ['`windowSeconds`', 'for how long a failure counts: 1 to 86,400', '60'],
  ],
  guarantees: [
    [
      'All instances together allow `maximumAttempts` failures of a key in any window.',
      '[describeRateLimiter](test/contract.test.ts)',
    ],
  ],
  dependencies: 'Only `@sallyport/core`.',
};

const pages: Readonly<Record<Kind, OwnPage>> = {
  'rate-limit': rateLimitPage,
  secrets: secretsPage,
  verifier: verifierPage,
};

/** Aligned as the formatter of Markdown does it. */
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
