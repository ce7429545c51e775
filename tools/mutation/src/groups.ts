/** The sources that the command mutates, by name. */

/** Files of one package that are mutated together. */
export interface Group {
  readonly name: string;
  /** The folder of the package, from the root of the repository. */
  readonly folder: string;
  /** Globs from {@link folder}. */
  readonly files: readonly string[];
  /** Globs of the tests that run, from {@link folder}. */
  readonly tests: readonly string[];
  /** How many percent of the mutants the tests must kill. Absent where a sample is enough. */
  readonly minimumScore?: number;
}

const allTests = ['test/**/*.test.ts'];

export const groups: readonly Group[] = [
  {
    name: 'guard',
    folder: 'packages/core',
    files: ['src/guard/*.ts'],
    tests: allTests,
    minimumScore: 85,
  },
  {
    name: 'claims',
    folder: 'packages/core',
    files: ['src/token/claim*.ts'],
    tests: allTests,
    minimumScore: 85,
  },
  {
    name: 'claim-rules',
    folder: 'packages/verifier-jwt',
    files: ['src/token/validate-claims.ts', 'src/token/explain-*.ts'],
    tests: ['test/token/*.test.ts', 'test/issuer/*.test.ts'],
    minimumScore: 85,
  },
  {
    name: 'gate',
    folder: 'packages/mcp-adapter',
    files: ['src/gate/*.ts'],
    tests: allTests,
    minimumScore: 85,
  },
  { name: 'keys', folder: 'packages/verifier-jwt', files: ['src/keys/**/*.ts'], tests: allTests },
  { name: 'proxy', folder: 'packages/proxy', files: ['src/**/*.ts'], tests: allTests },
  { name: 'limits', folder: 'packages/rate-limit', files: ['src/**/*.ts'], tests: allTests },
  {
    name: 'limits-redis',
    folder: 'packages/rate-limit-redis',
    files: ['src/**/*.ts'],
    tests: allTests,
  },
  { name: 'config', folder: 'packages/config', files: ['src/**/*.ts'], tests: allTests },
];
