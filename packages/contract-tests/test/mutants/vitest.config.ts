import { defineConfig } from 'vitest/config';

/** Runs what is meant to fail, apart from the tests of this package. */
export default defineConfig({ test: { include: ['test/mutants/*.mutants.ts'] } });
