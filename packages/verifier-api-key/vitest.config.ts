import { testConfig } from '../../vitest.base.ts';

// Its file store has branches for faults of the disk.
export default testConfig(
  { coverage: { thresholds: { branches: 93 } } },
  { program: 'redis-server' },
);
