import { defineConfig } from 'tsup';

/**
 * The one build of every package. Declarations come from `tsc` afterwards: tsup's own need a
 * compiler API that TypeScript 7 no longer has.
 */
export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm'],
  target: 'node22',
  dts: false,
  sourcemap: true,
  clean: true,
  // `node:sqlite` has no other name.
  removeNodeProtocol: false,
  // What is bundled is our own code. Comments for coverage would stay otherwise.
  esbuildOptions(options) {
    options.legalComments = 'none';
  },
});
