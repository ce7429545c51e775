import { testConfig } from '../../vitest.base.ts';

// Much of it runs in the tests of other packages: the audit, what stands in for AWS, and the wrong answers.
export default testConfig({
  include: [
    'test/**/*.test.ts',
    '../sallyport/test/audit*.test.ts',
    '../secrets-aws/test/aws-secrets.test.ts',
    '../{secrets-vault,token-exchange,verifier-introspection}/test/wrong-answers.test.ts',
  ],
  coverage: { thresholds: { branches: 85 } },
});
