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
  let running: Promise<Readonly<Record<string, string>>> | undefined;

  /** One process for all cases: to load the client of a cloud costs a second of CPU time. */
  function run(): Promise<Readonly<Record<string, string>>> {
    running ??= setUp(fixture).then(runScenarios);
    return running;
  }

  async function runScenarios(store: RotatingStore): Promise<Readonly<Record<string, string>>> {
    // For the call that hangs, which comes first. The others are answered.
    await store.hang(1);
    const { stdout, stderr } = await execute(
      process.execPath,
      [
        // The script resolves packages as the test does.
        ...process.execArgv,
        // Node 22 has a warning about TypeScript.
        '--disable-warning=ExperimentalWarning',
        fileURLToPath(fixture.processScript),
        fixture.present.name,
        ...store.processArguments(),
      ],
      { timeout: longestRunMs },
    );
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  }

  it.each([
    ['that never read anything', 'unused', 'closed'],
    ['that has read a secret', 'idle', 'found'],
    ['that watches one', 'watch', 'found'],
    ['whose call hangs', 'under-way', 'upstream_unavailable'],
  ])(
    'a process %s ends within a second after close (SEC-16, OPS-10)',
    async (_case, scenario, outcome) => {
      expect(await run()).toMatchObject({ [scenario]: outcome });
    },
  );

  it('a process that forgets to close ends all the same (SEC-16)', async () => {
    expect(await run()).toMatchObject({ forgotten: 'found' });
  });
}
