import { testConfig } from '../../vitest.base.ts';

// The suites run in the tests of other packages. Those of one backend per kind are enough.
const users = [
  '../../{rate-limit-redis,secrets-aws,secrets-file,verifier-*}/test/**/contract.test.ts',
  '../../cached-secrets/test/*.test.ts',
  '../../rate-limit/test/memory-rate-limiter.test.ts',
  '../../secrets-env/test/env-secrets.test.ts',
  '../../verifier-static/test/static-verifier.test.ts',
];

export default testConfig({}, { users });
