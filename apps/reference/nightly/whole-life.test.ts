import { expect, it } from 'vitest';
import { countResults, liveUnderLoad, lostOf } from '../test/whole-life.ts';

const lives = 50;

it('CASE-25: loses no request in 50 lives at 200 requests per second, and exits within a second', async () => {
  const exits: number[] = [];
  const total: Record<string, number> = {};
  let lost = 0;
  for (let life = 0; life < lives; life += 1) {
    const lived = await liveUnderLoad({ variables: { FASTMCP_SERVER_AUTH_TYPE: 'static' } });
    const { before, after } = countResults(lived);
    for (const [result, count] of [...Object.entries(before), ...Object.entries(after)]) {
      total[result] = (total[result] ?? 0) + count;
    }
    lost += lostOf(lived).length;
    exits.push(Math.round(lived.exitMs));
    expect(lived.exitCode).toBe(0);
  }
  exits.sort((one, other) => one - other);
  const middle = exits[lives / 2];
  process.stdout.write(
    `${JSON.stringify({ lives, total, lost, exitMs: { middle, longest: exits.at(-1) } })}\n`,
  );

  expect(lost).toBe(0);
  expect(exits.at(-1)).toBeLessThanOrEqual(1_000);
});
