/**
 * Four instances behind a balancer, under faults: every request gets an answer of the right class, nobody gets what belongs to
 * somebody else, limits hold, and each confirmed note is there. `CHAOS_SECONDS=120` makes it shorter, `CHAOS_REQUESTS` changes
 * the requests per second, and `CHAOS_SEED` runs the same faults in the same order again.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { ChaosReport } from '../test/chaos/run.ts';

const seconds = Number(process.env['CHAOS_SECONDS'] ?? 600);
const perSecond = Number(process.env['CHAOS_REQUESTS'] ?? 50);
const seed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 1_000_000));
const program = fileURLToPath(new URL('chaos-program.ts', import.meta.url));

it(
  'RL-20, CASE-53: four instances answer rightly, whatever is stopped, killed or cut off',
  async ({ signal }) => {
    process.stdout.write(`CHAOS_SEED=${seed} CHAOS_SECONDS=${seconds}\n`);
    // In a process of its own: the tests look at every answer of this one, and the load must not wait for that.
    const words = [program, ...[seconds, perSecond, seed].map(String)];
    const { stdout } = await promisify(execFile)(process.execPath, words, {
      signal,
      maxBuffer: 16 * 1_048_576,
    });
    const { table, wrong, lost, ...figures } = JSON.parse(stdout) as ChaosReport;
    process.stdout.write(`${table}\n${JSON.stringify({ seed, ...figures })}\n`);
    const { confirmed, limits, calls, failures, counters } = figures;

    expect({ wrong, lost }).toEqual({ wrong: [], lost: [] });
    expect(confirmed).toBeGreaterThan(0);
    expect(calls.fullestShared).toBeLessThanOrEqual(limits.greedyCalls);
    expect(failures.fullestShared).toBeLessThanOrEqual(limits.failures);
    expect(calls.fullest).toBeLessThanOrEqual(limits.greedyCalls * counters);
    expect(failures.fullest).toBeLessThanOrEqual(limits.failures * counters);
  },
  (seconds + 3_600) * 1_000,
);
