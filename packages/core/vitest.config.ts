import { defineConfig } from 'vitest/config';
import { leakWatch } from '../../apps/leak-watch/src/plugin.ts';

export default defineConfig({
  plugins: [leakWatch()],
  test: {
    coverage: {
      include: ['src/**'],
      reporter: ['text-summary'],
      thresholds: { branches: 100, functions: 100, lines: 100, statements: 100 },
    },
  },
});
