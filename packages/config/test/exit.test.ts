/** A server of one's own process: how long it takes to start, and to end (SEC-16, SEC-20). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type SecretManager, startSecretManager } from '@sallyport/testing/secret-manager';
import { expect, it, onTestFinished } from 'vitest';

it.each<[string, (server: SecretManager) => void | Promise<void>]>([
  ['that reads its secrets', () => {}],
  ['whose Secret Manager hangs', (server) => server.fault({ kind: 'hang' })],
  ['whose Secret Manager is away', (server) => server.pause()],
])('a server %s ends within a second after it was drained (SEC-16)', async (_case, disturb) => {
  const server = await startSecretManager({
    secrets: {
      'jwt-issuer': 'https://id.acme-corp.dev',
      'jwt-audience': 'notes',
      'jwt-jwks-uri': 'https://id.acme-corp.dev/jwks',
    },
  });
  onTestFinished(() => server.stop());
  server.fault({ kind: 'delay', milliseconds: 50 });
  const script = fileURLToPath(new URL('./exit-run.ts', import.meta.url));
  // Node 22 has a warning about TypeScript.
  const flags = [
    ...process.execArgv,
    '--disable-warning=ExperimentalWarning',
    script,
    String(server.port),
  ];
  const child = spawn(process.execPath, flags, { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  while (!output.includes('ready')) await once(child.stdout, 'data');
  server.clearFaults();
  await disturb(server);
  // Long enough for the next reading to be under way.
  await sleep(1_300);
  child.stdin.write('drained\n');
  const [code] = await once(child, 'close');
  const { exitMs } = JSON.parse(output.split('\n').at(-1) ?? '');

  expect(code).toBe(0);
  // A second, and what a busy machine needs. A reading that hangs takes three.
  expect(exitMs).toBeLessThan(2_000);
});
