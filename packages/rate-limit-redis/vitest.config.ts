import { testConfig } from '../../vitest.base.ts';

export default testConfig({
  globalSetup: ['test/require-redis.ts'],
  // Each file has a server of its own, and they measure how soon that is back.
  fileParallelism: false,
});
