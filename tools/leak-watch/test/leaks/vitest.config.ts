import { defineConfig } from 'vitest/config';
import { leakWatch } from '../../src/plugin.ts';

/** Runs what is meant to fail, apart from the tests of this package. */
export default defineConfig({
  plugins: [leakWatch()],
  test: { include: ['test/leaks/*.leaks.ts'], isolate: false, maxWorkers: 1 },
});
