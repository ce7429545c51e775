import { testConfig } from '../../vitest.base.ts';

// Its commands run as processes, and many of these are killed before Node writes their coverage.
export default testConfig(
  { coverage: { thresholds: { branches: 75 } } },
  { program: 'redis-server' },
);
