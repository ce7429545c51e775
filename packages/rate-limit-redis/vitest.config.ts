import { testConfig } from '../../vitest.base.ts';

export default testConfig(
  {
    // Each file has a server of its own, and they measure how soon that is back.
    fileParallelism: false,
  },
  { program: 'redis-server' },
);
