import { testConfig } from '../../vitest.base.ts';

// docs/test-quality.md says what is left.
export default testConfig(
  { coverage: { thresholds: { branches: 84 } } },
  { program: 'redis-server' },
);
