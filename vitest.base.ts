/** The configuration that the tests of every package share. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import type { Reporter } from 'vitest/node';
import { leakWatch } from './tools/leak-watch/src/plugin.ts';

const compileCache = fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url));
const coverageProvider = fileURLToPath(new URL('vitest.coverage.ts', import.meta.url));

/** What the tests need besides the packages. */
interface Needs {
  /** Programs on the PATH. Tests skip themselves where one is missing. */
  readonly program?: string | readonly string[];
  /** Plugins of Vite. Default none. */
  readonly plugins?: NonNullable<ViteUserConfig['plugins']>;
  /** Tests of other packages that run this one: its coverage counts them as well. Relative to `test`. Default none. */
  readonly users?: readonly string[];
}

/**
 * Makes the configuration of a package's tests.
 *
 * Test files of one worker share their modules: loading those anew for each file took a third of the
 * whole run. A test that changes the process (`process.env`, a prototype) must therefore change it back.
 *
 * @param test What differs in this package. Its `coverage` is added to the common one.
 */
export function testConfig(
  { coverage, ...test }: NonNullable<ViteUserConfig['test']> = {},
  needs: Needs = {},
): ViteUserConfig {
  const { program = [], plugins = [], users = [] } = needs;
  const programs = [program].flat();
  return defineConfig({
    plugins: [leakWatch(), ...plugins],
    // A busy machine is slow, and that must fail no test.
    test: {
      isolate: false,
      testTimeout: 120_000,
      hookTimeout: 120_000,
      expect: { poll: { timeout: 20_000 } },
      // Processes that tests start load the same modules again and again.
      env: { NODE_COMPILE_CACHE: compileCache },
      // For `pnpm coverage`, which fails below this.
      coverage: {
        include: ['src/**'],
        // Some code runs only in processes that tests start.
        provider: 'custom',
        customProviderModule: coverageProvider,
        autoAttachSubprocess: true,
        reporter: ['text-summary'],
        thresholds: { branches: 95 },
        ...coverage,
      },
      ...(users.length > 0 &&
        process.argv.includes('--coverage') && { include: ['**/*.test.ts', ...users] }),
      ...(programs.length > 0 && { reporters: ['default', reportMissing(programs)] }),
      ...test,
    },
  });
}

/** Ends the run with one line that counts the tests that were not run. In CI, the run fails. */
function reportMissing(programs: readonly string[]): Reporter {
  return {
    onTestRunEnd(modules) {
      const missing = programs.filter(
        (program) => spawnSync(program, ['--version']).error !== undefined,
      );
      if (missing.length === 0) return;
      const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')]).length;
      process.stderr.write(
        `\n!!! ${skipped} TESTS NOT RUN: ${missing.join(', ')} not on the PATH. Install what is missing, and run them again.\n`,
      );
      if (process.env['CI'] !== undefined) process.exitCode = 1;
    },
  };
}
