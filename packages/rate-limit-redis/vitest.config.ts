import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/require-redis.ts'],
    // Each file has a server of its own, and they measure how soon that is back.
    fileParallelism: false,
  },
});
