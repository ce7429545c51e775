import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { hasRedis, startRedis } from '@sallyport/test-parts/redis-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freshPrefix } from './set-up.ts';

const program = fileURLToPath(new URL('./shared-run.ts', import.meta.url));

describe.skipIf(!hasRedis)('four processes with one Redis', () => {
  it('have one limit (RL-13)', async () => {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    const prefix = freshPrefix();
    const outputs = await Promise.all(
      Array.from({ length: 4 }, () =>
        promisify(execFile)(process.execPath, [
          ...process.execArgv,
          // Node 22 has a warning about TypeScript.
          '--disable-warning=ExperimentalWarning',
          ...[program, server.url, prefix, '100'],
        ]),
      ),
    );
    const reports = outputs.map(({ stdout }) => JSON.parse(stdout));
    const allowed = reports.map((report) => report.allowed).reduce((sum, count) => sum + count);

    expect(allowed).toBeGreaterThanOrEqual(10);
    expect(allowed, JSON.stringify(reports)).toBeLessThanOrEqual(14);
  });
});
