/**
 * Four instances behind a balancer, under faults: every request gets an answer of the right class, nobody gets what belongs to
 * somebody else, and each confirmed note is there. `CHAOS_SECONDS=120` makes it shorter.
 */
import { expect, it } from 'vitest';
import { allowedFor, runChaos, toTable } from './chaos.ts';

const seconds = Number(process.env['CHAOS_SECONDS'] ?? 600);
const perSecond = Number(process.env['CHAOS_REQUESTS'] ?? 100);

it(
  'RL-20, CASE-53: four instances answer rightly, whatever is stopped, killed or cut off',
  async () => {
    const run = await runChaos(seconds, perSecond);
    const { periods, outcomes, confirmed, lost, limits } = run;
    const wrong = outcomes.filter((outcome) => !allowedFor(outcome, periods).has(outcome.result));
    const accepted = outcomes.filter(
      ({ caller, result }) => caller === 'greedy caller' && result === '200',
    );
    const windowMs = limits.windowSeconds * 1_000;
    // An answer is later than its decision, so that a window that begins with an end has no more than it should.
    const fullest = Math.max(
      ...accepted.map(
        ({ startedAt }) =>
          accepted.filter(
            (each) => each.startedAt >= startedAt && each.endedAt < startedAt + windowMs,
          ).length,
      ),
    );
    process.stdout.write(`${toTable(run)}\n`);
    process.stdout.write(
      `${JSON.stringify({ requests: outcomes.length, wrong: wrong.length, confirmed, lost: lost.length, fullestWindow: fullest })}\n`,
    );

    expect(wrong.slice(0, 20)).toEqual([]);
    expect(lost).toEqual([]);
    expect(confirmed).toBeGreaterThan(0);
    // Each of four instances may count alone.
    expect(fullest).toBeLessThanOrEqual(4 * limits.greedyCalls);
  },
  (seconds + 1_800) * 1_000,
);
