/** Row SEC-16: a process ends when it has nothing more to do. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import {
  type RotatingSecretProviderFixture,
  type RotatingStore,
  setUp,
} from './rotating-fixture.ts';

const execute = promisify(execFile);
// Less than the deadline of a reading: a process that waits for it is stopped, and the test fails.
const longestRunMs = 40_000;

export function registerProcessCases(fixture: RotatingSecretProviderFixture): void {
  async function run(scenario: string, store: RotatingStore): Promise<readonly string[]> {
    const { stdout, stderr } = await execute(
      process.execPath,
      [
        // The script resolves packages as the test does.
        ...process.execArgv,
        // Node 22 has a warning about TypeScript.
        '--disable-warning=ExperimentalWarning',
        fileURLToPath(fixture.processScript),
        scenario,
        fixture.present.name,
        ...store.processArguments(),
      ],
      { timeout: longestRunMs },
    );
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  }

  it.each<[string, string, (store: RotatingStore) => unknown, readonly string[]]>([
    ['that never read anything', 'unused', () => {}, []],
    ['that has read a secret', 'idle', () => {}, []],
    ['that watches one', 'watch', () => {}, []],
    ['whose call hangs', 'under-way', (store) => store.hang(), ['upstream_unavailable']],
  ])(
    'a process %s ends within a second after close (SEC-16, OPS-10)',
    async (_case, scenario, disturb, outcomes) => {
      const store = await setUp(fixture);
      await disturb(store);

      expect(await run(scenario, store)).toEqual(outcomes);
    },
  );

  it('a process that forgets to close ends all the same (SEC-16)', async () => {
    expect(await run('forgotten', await setUp(fixture))).toEqual([]);
  });
}
