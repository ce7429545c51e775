import { defineConfig } from 'vitest/config';
import { leakWatch } from '../../apps/leak-watch/src/plugin.ts';

export default defineConfig({
  plugins: [leakWatch()],
  test: {
    globalSetup: ['test/require-redis.ts'],
    // Each file has a server of its own, and they measure how soon that is back.
    fileParallelism: false,
  },
});
