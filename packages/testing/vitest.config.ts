import { testConfig } from '../../vitest.base.ts';

// Much of it runs in the tests of other packages: the audit, what stands in for AWS, and the wrong answers.
const users = [
  '../../sallyport/test/audit*.test.ts',
  '../../secrets-aws/test/aws-secrets.test.ts',
  '../../{secrets-vault,token-exchange,verifier-introspection}/test/wrong-answers.test.ts',
];

export default testConfig({ coverage: { thresholds: { branches: 85 } } }, { users });
