import { testConfig } from '../../vitest.base.ts';

// One branch is 1 % of so small a package.
export default testConfig({ coverage: { thresholds: { branches: 93 } } });
