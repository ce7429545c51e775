/** Row SEC-16: a process ends when it has nothing more to do. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { SecretManager } from '@sallyport/testing/secret-manager';
import { expect, it } from 'vitest';
import { start } from './set-up.ts';

const execute = promisify(execFile);

it.each<[string, string, (server: SecretManager) => void | Promise<void>]>([
  ['that never read anything', 'unused', () => {}],
  ['that has read a secret', 'idle', () => {}],
  ['that watches one', 'watch', () => {}],
  ['whose call hangs', 'under-way', (server) => server.fault({ kind: 'hang' })],
  ['that is between two attempts', 'under-way', (server) => server.pause()],
])('a process %s ends within a second after close (SEC-16)', async (_case, scenario, disturb) => {
  const server = await start({ secrets: { key: 'value' } });
  await disturb(server);
  const { ms, outcome } = await run(scenario, server);

  expect(ms).toBeLessThan(8_000);
  expect(outcome).toEqual(scenario === 'under-way' ? ['secret key: the provider is closed'] : []);
});

it('a process that forgets to close ends all the same (SEC-16)', async () => {
  const server = await start({ secrets: { key: 'value' } });
  const { ms } = await run('forgotten', server);

  expect(ms).toBeLessThan(8_000);
});

async function run(
  scenario: string,
  server: SecretManager,
): Promise<{ readonly ms: number; readonly outcome: readonly string[] }> {
  const script = fileURLToPath(new URL('./exit-run.ts', import.meta.url));
  // Node 22 has a warning about TypeScript.
  const flags = ['--disable-warning=ExperimentalWarning', script, scenario, String(server.port)];
  const { stdout, stderr } = await execute(process.execPath, flags, { timeout: 28_000 });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}
