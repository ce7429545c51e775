/** Row SEC-16: a process ends when it has nothing more to do. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Vault } from '@sallyport/testing/vault';
import { expect, it } from 'vitest';
import { start } from './set-up.ts';

const execute = promisify(execFile);

it.each<[string, string, (server: Vault) => unknown]>([
  ['that never read anything', 'unused', () => {}],
  ['that has read a secret', 'idle', () => {}],
  ['that watches one', 'watch', () => {}],
  ['whose request hangs', 'under-way', (server) => server.fault({ kind: 'hang' })],
  ['that is between two attempts', 'under-way', (server) => server.pause()],
])(
  'a process %s ends within a second after close (SEC-16, OPS-10)',
  async (_case, scenario, disturb) => {
    const server = await start();
    await disturb(server);
    const { ms, outcome } = await run(scenario, server);

    expect(ms).toBeLessThan(3_000);
    expect(outcome).toEqual(scenario === 'under-way' ? ['secret app: the provider is closed'] : []);
  },
);

it('a process that forgets to close ends all the same (SEC-16)', async () => {
  const { ms } = await run('forgotten', await start());

  expect(ms).toBeLessThan(10_000);
});

async function run(
  scenario: string,
  server: Vault,
): Promise<{ readonly ms: number; readonly outcome: readonly string[] }> {
  const script = fileURLToPath(new URL('./exit-run.ts', import.meta.url));
  // Node 22 has a warning about TypeScript.
  const flags = ['--disable-warning=ExperimentalWarning', script, scenario];
  const { stdout, stderr } = await execute(
    process.execPath,
    [...flags, server.url, server.rootToken],
    { timeout: 20_000 },
  );
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}
