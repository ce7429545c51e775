import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);

it('has written every line to standard output when the process ends at once', async () => {
  const program = `
    import { createCloudLoggingSink } from './src/index.ts';
    const sink = createCloudLoggingSink();
    for (let count = 0; count < 50; count += 1) {
      sink.emit({ event: 'authenticated', at: 0, verifier: 'jwt', subject: String(count) });
    }
    process.exit(0);`;
  const { stdout } = await run(
    process.execPath,
    [...process.execArgv, '--input-type=module-typescript', '--eval', program],
    { cwd: new URL('..', import.meta.url) },
  );

  const lines = stdout.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).subject)).toEqual(
    Array.from({ length: 50 }, (_, count) => String(count)),
  );
});

it('throws once nobody reads standard output: no record, no access', async () => {
  const program = `
    import { createCloudLoggingSink } from './src/index.ts';
    const sink = createCloudLoggingSink();
    process.stdin.once('data', () => {
      try {
        for (let count = 0; count < 50; count += 1) {
          sink.emit({ event: 'authenticated', at: 0, verifier: 'jwt' });
        }
        process.exit(1);
      } catch (error) {
        process.exit(error.code === 'EPIPE' ? 42 : 2);
      }
    });`;
  const child = spawn(
    process.execPath,
    [...process.execArgv, '--input-type=module-typescript', '--eval', program],
    {
      cwd: new URL('..', import.meta.url),
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  child.stdout.destroy();
  await once(child.stdout, 'close');
  child.stdin.write('go');
  const [code] = await once(child, 'exit');

  expect(code).toBe(42);
});
