/** The configuration that the tests of every package share. */
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { leakWatch } from './tools/leak-watch/src/plugin.ts';

/**
 * Makes the configuration of a package's tests.
 *
 * Test files of one worker share their modules: loading those anew for each file took a third of the
 * whole run. A test that changes the process (`process.env`, a prototype) must therefore change it back.
 *
 * @param test What differs in this package.
 * @param plugins Plugins of Vite that only this package needs.
 */
export function testConfig(
  test: ViteUserConfig['test'] = {},
  plugins: NonNullable<ViteUserConfig['plugins']> = [],
): ViteUserConfig {
  return defineConfig({
    plugins: [leakWatch(), ...plugins],
    // A busy machine is slow, and that must fail no test.
    test: {
      isolate: false,
      testTimeout: 120_000,
      hookTimeout: 120_000,
      expect: { poll: { timeout: 20_000 } },
      ...test,
    },
  });
}
