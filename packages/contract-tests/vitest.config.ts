import { testConfig } from '../../vitest.base.ts';

// Its suites run in a Vitest of their own, which the tests start.
export default testConfig({ coverage: { thresholds: { branches: 30 } } });
