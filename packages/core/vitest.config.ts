import { testConfig } from '../../vitest.base.ts';

export default testConfig({
  coverage: { thresholds: { branches: 100, functions: 100, lines: 100, statements: 100 } },
});
